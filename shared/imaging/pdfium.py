"""PDFium, opened safely: it is not thread-safe, so every call into it, from any module, holds `PDFIUM`.

https://pdfium.googlesource.com/pdfium/+/main/public/fpdfview.h ("only one thread")
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2

from shared.errors import BadScan

PDFIUM = threading.RLock()


@contextmanager
def open_pdf(source: bytes | Path) -> Iterator[pypdfium2.PdfDocument]:
    """Raises BadScan when PDFium cannot open it. Hold PDFIUM around every use of what this yields."""
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            reason = "Súbor sa nedá otvoriť ako PDF."
            raise BadScan(f"PDFium cannot open the document: {error}", reason=reason) from error
    try:
        yield document
    finally:
        with PDFIUM:
            document.close()

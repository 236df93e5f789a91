"""What is done to a document's file; the PDF and picture libraries are imported where they are used."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from shared.pages.fingerprint import Signature, sign
from shared.reading import Reading

LOOKED_AT = 2  # pages whose looks tell whether the same paper was scanned before


def write_part(pdf: Path, target: Path, pages: list[int], wanted: list[int]) -> None:
    """The wanted ones of a file's pages (numbers of the source) as a file of their own."""
    if wanted == pages:
        copyfile(pdf, target)
        return
    from shared.pages.documents import cut

    cut(pdf, [pages.index(page) + 1 for page in wanted], target)


def lay_text(pdf: Path, target: Path, reading: Reading) -> None:
    """The file that will be delivered."""
    from shared.searchable import make_searchable

    title = f"Dokument {reading.text.document_id}"
    make_searchable(pdf, target, reading.text, title=title, typed=reading.typed)


def sign_looks(pdf: Path, reading: Reading) -> Signature:
    """The signature of a document, from its words and the looks of its first pages."""
    import numpy as np

    from shared.errors import BadScan
    from shared.imaging.pdfium import open_pdf
    from shared.imaging.rasters import read_page

    pictures = []
    with open_pdf(pdf) as document:
        for place, page in enumerate(reading.text.pages[:LOOKED_AT]):
            try:
                grey = read_page(document, place).grey
            except BadScan:
                break
            pictures.append(np.rot90(grey, -page.rotation // 90))
    return sign(reading.text.text, len(reading.text.pages), pictures)

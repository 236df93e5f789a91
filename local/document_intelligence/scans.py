"""Posted bytes as pages: PDF, TIFF, JPEG, PNG, BMP, with the size each page has in the answer."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageSequence, UnidentifiedImageError

from local.document_intelligence.troubles import Refusal
from shared.errors import BadScan
from shared.imaging.pdfium import PDFIUM, open_pdf
from shared.imaging.rasters import POINTS_PER_INCH, Raster, read_page

# learn.microsoft.com/azure/ai-services/document-intelligence/prebuilt/read: input requirements
SMALLEST, LARGEST = 50, 10_000
DEFAULT_DPI = 200.0
SIGNATURES = (b"%PDF", b"II*\0", b"MM\0*", b"\xff\xd8\xff", b"\x89PNG", b"BM")


@dataclass(frozen=True)
class Scan:
    """One page; `unit` is inch for a PDF, pixel for a picture."""

    raster: Raster
    width: float
    height: float
    unit: str


def is_supported(data: bytes) -> bool:
    return data.startswith(SIGNATURES) or b"%PDF-" in data[:1024]


def open_scans(data: bytes, wanted: set[int] | None, limit: int | None) -> list[tuple[int, Scan]]:
    """The wanted pages (all when None) with their numbers, at most `limit`; raises Refusal."""
    try:
        pages = _pdf_pages(data, wanted, limit) if b"%PDF-" in data[:1024] else _picture_pages(data, wanted, limit)
    except (BadScan, UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise Refusal("InvalidContent") from error
    for _, page in pages:
        if not all(SMALLEST <= side <= LARGEST for side in page.raster.grey.shape):
            raise Refusal("InvalidContentDimensions")
    return pages


def _pdf_pages(data: bytes, wanted: set[int] | None, limit: int | None) -> list[tuple[int, Scan]]:
    found = []
    with open_pdf(data) as document:
        with PDFIUM:
            sizes = [document.get_page_size(index) for index in range(len(document))]
        for number in _numbers(len(sizes), wanted, limit):
            width, height = (side / POINTS_PER_INCH for side in sizes[number - 1])
            found.append((number, Scan(read_page(document, number - 1), round(width, 4), round(height, 4), "inch")))
    return found


def _picture_pages(data: bytes, wanted: set[int] | None, limit: int | None) -> list[tuple[int, Scan]]:
    found = []
    with Image.open(io.BytesIO(data)) as picture:
        numbers = set(_numbers(getattr(picture, "n_frames", 1), wanted, limit))
        for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
            if number in numbers:
                dpi = float(frame.info.get("dpi", (DEFAULT_DPI,))[0]) or DEFAULT_DPI
                grey = np.asarray(frame.convert("L"), dtype=np.uint8)
                height, width = grey.shape
                found.append((number, Scan(Raster(grey, dpi), width, height, "pixel")))
    return found


def _numbers(count: int, wanted: set[int] | None, limit: int | None) -> list[int]:
    numbers = [number for number in range(1, count + 1) if wanted is None or number in wanted]
    return numbers[:limit]

"""Pages of a PDF as grey rasters, as a viewer shows them: the scanner's own image where the page is nothing else.

Taking the image out costs a fraction of rendering the page and loses nothing. JPEG decoding, the dearest part, happens
outside PDFium's lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from shared.errors import BadScan
from shared.imaging.pdfium import PDFIUM

Grey = NDArray[np.uint8]

cv2.setNumThreads(1)  # one page, one thread: the workers are the parallelism

POINTS_PER_INCH = 72
A4_LONG_INCHES = 11.69
RENDER_DPI = 220
LONGEST_RENDER = 5000  # pixels; a page drawn for a poster is still one page to read
FULL_PAGE = 0.95  # share of width and height an image covers to be the page itself
SENSIBLE_DPI = (90, 1300)
PLAIN_JPEG = ["DCTDecode"]
DAMAGED_IMAGE = "Obrázok strany je poškodený."


@dataclass(frozen=True)
class Raster:
    """A page upright as its PDF says (/Rotate applied), with the pixels an inch on paper."""

    grey: Grey
    dpi: float


@dataclass(frozen=True)
class _Encoded:
    """A JPEG stream to be decoded outside the lock, and the turn that makes it the page."""

    jpeg: bytes
    quarter_turns: int


def as_grey(picture: Any) -> Grey:
    """OpenCV's answer as what it is."""
    return np.asarray(picture, dtype=np.uint8)


def read_page(document: pdfium.PdfDocument, index: int) -> Raster:
    """The page with this index (from 0), grey; raises BadScan when it cannot be drawn."""
    with PDFIUM:
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise BadScan(f"page {index + 1} cannot be loaded: {error}", reason="Strana sa nedá načítať.") from error
        try:
            long_inches = max(page.get_size()) / POINTS_PER_INCH
            found = _own_image(page)
            grey = _render(page) if found is None else found
        finally:
            page.close()
    if isinstance(grey, _Encoded):
        grey = _decode(grey)
    return Raster(grey, _resolution(max(grey.shape), long_inches))


def _own_image(page: pdfium.PdfPage) -> Grey | _Encoded | None:
    image = _only_image(page)
    turns = None if image is None else _quarter_turns(image.get_matrix(), page.get_rotation())
    if image is None or turns is None:
        return None
    if _is_plain_jpeg(image):
        return _Encoded(bytes(image.get_data()), turns)
    try:
        bitmap = image.get_bitmap()
    except pdfium.PdfiumError as error:  # drawn, it would be a white page and pass for an empty one
        raise BadScan(f"the page's image cannot be decoded: {error}", reason=DAMAGED_IMAGE) from error
    return np.ascontiguousarray(np.rot90(_grey(bitmap), -turns))


def _only_image(page: pdfium.PdfPage) -> Any:
    """The one image that is all that can be seen of the page; None for layered, drawn or typed pages."""
    found = None
    for item in page.get_objects(max_depth=3):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE and found is None and _covers(page, item):
            found = item
        elif item.type == raw.FPDF_PAGEOBJ_TEXT and _is_invisible(item):
            continue
        else:
            return None
    return None if found is None or _has_mask(found) else found


def _is_invisible(item: Any) -> bool:
    return bool(raw.FPDFTextObj_GetTextRenderMode(item.raw) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _has_mask(image: Any) -> bool:
    return bool(raw.FPDFPageObj_HasTransparency(image.raw))


def _covers(page: pdfium.PdfPage, image: Any) -> bool:
    left, bottom, right, top = image.get_bounds()
    crop_left, crop_bottom, crop_right, crop_top = page.get_cropbox()
    width = min(right, crop_right) - max(left, crop_left)
    height = min(top, crop_top) - max(bottom, crop_bottom)
    spills = right - left > 1.05 * (crop_right - crop_left) or top - bottom > 1.05 * (crop_top - crop_bottom)
    return (
        not spills and width >= FULL_PAGE * (crop_right - crop_left) and height >= FULL_PAGE * (crop_top - crop_bottom)
    )


def _quarter_turns(matrix: pdfium.PdfMatrix, rotation: int) -> int | None:
    """Quarter turns clockwise from the image's rows to the page as shown; None when mirrored or slanted."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    small = 0.01 * max(abs(a), abs(b), abs(c), abs(d))
    signs = [0 if abs(value) <= small else (1 if value > 0 else -1) for value in (a, b, c, d)]
    upright = [[1, 0, 0, 1], [0, -1, 1, 0], [-1, 0, 0, -1], [0, 1, -1, 0]]
    return (upright.index(signs) + rotation // 90) % 4 if signs in upright else None


def _is_plain_jpeg(image: Any) -> bool:
    """A JPEG of one or three components; CMYK (and its inverted Adobe kind) is left to PDFium."""
    if image.get_filters() != PLAIN_JPEG:
        return False
    meta = image.get_metadata()
    return meta.colorspace in (raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_DEVICERGB) or (
        meta.colorspace == raw.FPDF_COLORSPACE_ICCBASED and meta.bits_per_pixel in (8, 24)
    )


def _decode(encoded: _Encoded) -> Grey:
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    grey = cv2.imdecode(np.frombuffer(encoded.jpeg, np.uint8), flags)
    if grey is None:
        raise BadScan("the page's JPEG image is damaged", reason=DAMAGED_IMAGE)
    return as_grey(np.ascontiguousarray(np.rot90(grey, -encoded.quarter_turns)))


def _render(page: pdfium.PdfPage) -> Grey:
    scale = min(RENDER_DPI / POINTS_PER_INCH, LONGEST_RENDER / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    grey = _grey(bitmap)
    bitmap.close()
    return grey


def _grey(bitmap: pdfium.PdfBitmap) -> Grey:
    """An own copy of a PDFium bitmap in grey; PDFium orders colours blue, green, red."""
    pixels = bitmap.to_numpy()
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim == 3:
        code = cv2.COLOR_BGR2GRAY if pixels.shape[2] == 3 else cv2.COLOR_BGRA2GRAY
        return as_grey(cv2.cvtColor(pixels, code))
    return np.array(pixels, dtype=np.uint8, copy=True)


def _resolution(pixels: int, inches: float) -> float:
    """Pixels an inch; a page without a sensible size (one point a pixel, say) is taken for A4."""
    dpi = pixels / inches
    low, high = SENSIBLE_DPI
    return dpi if low <= dpi <= high else pixels / A4_LONG_INCHES

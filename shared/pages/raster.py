"""A page as a grey picture for looking at, not for reading: about 150 dots an inch.

pypdfium2 draws any page. A page that is nothing but a scan is not drawn: its own image is decoded at reduced size,
which takes a fifth of the time.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray
from pikepdf import Name
from PIL import Image

from shared.pages import png

Grey = NDArray[np.uint8]

DPI = 150
LONGEST_SIDE = 3000  # a plan on an A0 sheet is looked at more coarsely
SIMPLE_CONTENT = 2048  # the drawing commands of a page that only shows a scan are some 50 bytes
REDUCTIONS = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


class Picture(NamedTuple):
    """Grey levels of the page as it stands in the file (turned by its /Rotate), and its dots an inch."""

    grey: Grey
    dpi: float


class Gallery:
    """The pages of one prepared PDF as pictures. Not thread-safe: PDFium is not."""

    def __init__(self, path: Path) -> None:
        self._structure = pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)
        self._drawing = pypdfium2.PdfDocument(path)

    def __enter__(self) -> Gallery:
        return self

    def __exit__(self, *_: object) -> None:
        self._drawing.close()
        self._structure.close()

    def picture(self, number: int) -> Picture:
        """The 1-based page; raises ValueError when it cannot be drawn."""
        page = self._structure.pages[number - 1]
        width, height = self._drawing.get_page_size(number - 1)
        longest = max(width, height) / 72
        dpi = min(DPI, LONGEST_SIDE / longest)
        own = _own_image(page)
        if own is not None:
            grey = _decode(own, dpi, longest)
            if grey is not None:
                return _fit(_turn(grey, int(page.obj.get("/Rotate", 0))), dpi, longest)
        return Picture(self._draw(number, dpi), dpi)

    def _draw(self, number: int, dpi: float) -> Grey:
        page = self._drawing[number - 1]
        try:
            bitmap = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=False)
            return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]
        except pypdfium2.PdfiumError as error:
            raise ValueError(f"page {number} cannot be drawn") from error
        finally:
            page.close()


def _fit(grey: Grey, dpi: float, longest: float) -> Picture:
    have = max(grey.shape) / longest
    if have <= dpi * 1.35:
        return Picture(grey, have)
    size = round(grey.shape[1] * dpi / have), round(grey.shape[0] * dpi / have)
    return Picture(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8), dpi)


def _turn(grey: Grey, clockwise: int) -> Grey:
    return np.ascontiguousarray(np.rot90(grey, -(clockwise // 90) % 4))


def _own_image(page: pikepdf.Page) -> pikepdf.Stream | None:
    """The scan, if one image covering the page is all there is on it."""
    contents = page.obj.get("/Contents")
    if not isinstance(contents, pikepdf.Stream) or len(contents.read_raw_bytes()) > SIMPLE_CONTENT:
        return None
    matrix, names = None, []
    instructions: Any = pikepdf.parse_content_stream(page)
    for operands, operator in instructions:
        match str(operator):
            case "cm" if matrix is None:
                matrix = [float(value) for value in operands]
            case "Do":
                names.append(str(operands[0]))
            case "q" | "Q" | "gs":
                pass
            case _:
                return None
    left, bottom, right, top = (float(value) for value in page.obj.MediaBox)
    if len(names) != 1 or matrix is None or "/CropBox" in page.obj:
        return None
    upright = matrix[0] > 0 and matrix[3] > 0 and matrix[1] == matrix[2] == 0
    covered = abs(matrix[0] * matrix[3]) / abs((right - left) * (top - bottom))
    image: Any = page.obj.Resources.XObject[names[0]]
    plain = image.get("/Subtype") == Name.Image and not ({"/SMask", "/Mask", "/ImageMask"} & set(image.keys()))
    return image if upright and 0.9 < covered < 1.1 and plain else None


def _decode(image: pikepdf.Stream, dpi: float, longest: float) -> Grey | None:
    """Grey levels of the scan, a JPEG's at the coarsest resolution that is still `dpi`; None when PDFium must draw."""
    if "/Decode" in image:
        return None
    packed, space = image.get("/Filter"), image.get("/ColorSpace")
    kind = 0 if space == Name.DeviceGray else 2 if space == Name.DeviceRGB else None
    if packed == Name.DCTDecode and kind is not None:
        have = max(int(image.Width), int(image.Height)) / longest
        reduction = max(step for step in REDUCTIONS if step == 1 or have / step >= dpi * 0.95)
        return _unpack(image.read_raw_bytes(), REDUCTIONS[reduction])
    if packed == Name.FlateDecode and kind is not None and _is_png(image):
        header = png.Header(int(image.Width), int(image.Height), int(image.BitsPerComponent), kind, interlaced=False)
        return _unpack(png.wrap(image.read_raw_bytes(), header), cv2.IMREAD_GRAYSCALE)
    if packed == Name.CCITTFaxDecode:
        try:
            fax = pikepdf.PdfImage(image).as_pil_image().convert("L")
        except (pikepdf.PdfError, pikepdf.UnsupportedImageTypeError, OSError, ValueError, NotImplementedError):
            return None
        return np.asarray(fax)
    return None


def _is_png(image: pikepdf.Stream) -> bool:
    packing = image.get("/DecodeParms")
    return isinstance(packing, pikepdf.Dictionary) and packing.get("/Predictor") == 15


def _unpack(data: bytes, how: int) -> Grey | None:
    found: Any = cv2.imdecode(np.frombuffer(data, np.uint8), how | cv2.IMREAD_IGNORE_ORIENTATION)
    return None if found is None else np.asarray(found, np.uint8)


def thumbnail(grey: Grey, *, width: int = 360) -> bytes:
    """A small JPEG of the page for the page account."""
    size = width, max(1, min(round(grey.shape[0] * width / grey.shape[1]), 4 * width))
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()

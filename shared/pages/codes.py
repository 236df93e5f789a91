"""Bar codes on a page: our separator sheets, and a document's own number."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import cv2
from numpy.typing import NDArray

from shared.pages.stripes import Stripes
from shared.pages.views import View

SHEET = "podatelna:oddelovac:1"
SHEET_FOR = re.compile(rf"{re.escape(SHEET)}(?::([a-z][a-z0-9-]{{0,39}}))?")

# A registry number or an evidence label: some digits, no sentence, no address. Payment codes (PAY by square, over
# 100 characters) and links are content, not the identity of a document.
DOCUMENT_NUMBER = re.compile(r"(?=(?:.*\d){3})[A-Z0-9][A-Za-z0-9/._ -]{4,39}")


def sheet_text(department: str | None) -> str:
    """What the QR code on our separator sheet says."""
    return f"{SHEET}:{department}" if department else SHEET


Box = tuple[float, float, float, float]  # left, top, right, bottom in shares of the page


class Code(NamedTuple):
    """`identifies`: of a kind that numbers documents; retail, tax-form and parcel codes do not."""

    text: str
    identifies: bool
    box: Box = (0.0, 0.0, 1.0, 1.0)


def read_codes(view: View, stripes: Stripes) -> list[Code]:
    """All codes on the page, in any direction.

    Large QR codes on noisy scans are found only on the small pictures, fine ones only on the full one; Data Matrix
    sooner and in half the time where the picture comes in two colours. Bar codes are looked for where stripes are.
    """
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    bars = [kinds.Code128, kinds.Code39, kinds.ITF, kinds.PDF417, kinds.EAN13, kinds.EAN8, kinds.Codabar]
    numbering = (kinds.QRCode, kinds.DataMatrix, *bars[:3])
    local, given = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold
    found = []
    for picture, formats, binarizer in (
        (view.grey, [kinds.QRCode, *(bars if stripes.are_there() else ())], local),
        (cv2.GaussianBlur(view.small, (0, 0), 0.7), [kinds.QRCode], local),
        (view.half, [kinds.QRCode], local),
        (view.two_colours, [kinds.DataMatrix], given),
    ):
        for code in zxingcpp.read_barcodes(
            picture,
            formats=zxingcpp.BarcodeFormats(formats),
            binarizer=binarizer,
            try_downscale=False,
            try_invert=False,
        ):
            identifies = any(code.format == kind for kind in numbering)
            found.append(Code(code.text, identifies, _box(code.position, picture)))
    return found


def _box(place: Any, picture: NDArray[Any]) -> Box:
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    across = [corner.x / picture.shape[1] for corner in corners]
    down = [corner.y / picture.shape[0] for corner in corners]
    return min(across), min(down), max(across), max(down)


def sheets_in(codes: list[Code]) -> list[Code]:
    """Those of the codes that stand on our separator sheets."""
    return [code for code in codes if SHEET_FOR.fullmatch(code.text)]


def department_of(sheets: list[Code]) -> str | None:
    """The department that the sheet's codes name."""
    matches = [SHEET_FOR.fullmatch(code.text) for code in sheets]
    return next((match[1] for match in matches if match and match[1]), None)


def numbers_in(codes: list[Code]) -> list[str]:
    return sorted({code.text for code in codes if code.identifies and DOCUMENT_NUMBER.fullmatch(code.text)})

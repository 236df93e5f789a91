"""Bar codes on a page: our separator sheets, and a document's own number."""

from __future__ import annotations

import re
from typing import NamedTuple

import cv2

from shared.pages.raster import Grey

SHEET = "podatelna:oddelovac:1"
SHEET_FOR = re.compile(rf"{re.escape(SHEET)}(?::([a-z][a-z0-9-]{{0,39}}))?")

# A registry number or an evidence label: some digits, no sentence, no address. Payment codes (PAY by square, over
# 100 characters) and links are content, not the identity of a document.
DOCUMENT_NUMBER = re.compile(r"(?=(?:.*\d){3})[A-Z0-9][A-Za-z0-9/._ -]{4,39}")


def sheet_text(department: str | None) -> str:
    """What the QR code on our separator sheet says."""
    return f"{SHEET}:{department}" if department else SHEET


class Code(NamedTuple):
    """`identifies`: of a kind that numbers documents; retail, tax-form and parcel codes do not."""

    text: str
    identifies: bool


def read_codes(grey: Grey) -> list[Code]:
    """All codes on the page, in any direction.

    Large codes on noisy scans are found only at half or a quarter of the size, fine bar codes only at the full one.
    """
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    squares = zxingcpp.BarcodeFormats([kinds.QRCode, kinds.DataMatrix])
    numbering = [kinds.QRCode, kinds.DataMatrix, kinds.Code128, kinds.Code39, kinds.ITF]
    every = zxingcpp.BarcodeFormats([*numbering, kinds.PDF417, kinds.EAN13, kinds.EAN8, kinds.Codabar])
    half = cv2.GaussianBlur(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (0, 0), 0.7)
    quarter = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    found = zxingcpp.read_barcodes(grey, formats=every, try_downscale=False, try_invert=False)
    for small in (half, quarter):
        found += zxingcpp.read_barcodes(small, formats=squares, try_downscale=False, try_invert=False)
    return [Code(code.text, any(code.format == kind for kind in numbering)) for code in found]


def sheet_in(codes: list[Code]) -> tuple[bool, str | None]:
    """Whether one of the codes is our sheet's, and the department it names."""
    sheets = [match for code in codes if (match := SHEET_FOR.fullmatch(code.text))]
    return bool(sheets), next((match[1] for match in sheets if match[1]), None)


def numbers_in(codes: list[Code]) -> list[str]:
    return sorted({code.text for code in codes if code.identifies and DOCUMENT_NUMBER.fullmatch(code.text)})

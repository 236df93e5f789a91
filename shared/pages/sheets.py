"""The separator sheets the mailroom prints: our QR code, a Patch-T mark on both short edges, and words for people.

Few words, so that a sheet whose code cannot be read is still told from a document by its Patch-T mark alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from shared.departments import Department
from shared.pages.codes import sheet_text
from shared.pages.images import page_of

DPI = 300
A4 = (2480, 3508)
BARS_INCHES = (0.08, 0.2, 0.08, 0.2)
SPACE_INCHES = 0.08
BAR_LENGTH_INCHES = 5.0
EDGE_INCHES = 0.4
QR_INCHES = 2.8

TITLE = "ODDEĽOVACÍ HÁROK"
OFFICE = "Podateľňa · {office}"
FOR = "Nasleduje dokument pre:"
ADVICE = "Vložte pred prvú stranu dokumentu."


def print_sheets(departments: Iterable[Department | None], office: str, fonts: Path) -> pikepdf.Pdf:
    """One sheet each; None stands for a sheet that leaves the department open. `fonts` holds arimo-400 and -700."""
    sheets = pikepdf.new()
    for department in departments:
        sheets.pages.extend(page_of(_draw(department, office, fonts)).pages)
    return sheets


def _draw(department: Department | None, office: str, fonts: Path) -> Image.Image:
    sheet = Image.new("L", A4, 255)
    draw = ImageDraw.Draw(sheet)
    _draw_patch(draw, from_top=True)
    _draw_patch(draw, from_top=False)
    middle = A4[0] // 2
    bold, plain = fonts / "arimo-700.ttf", fonts / "arimo-400.ttf"
    _write(draw, (middle, 640), TITLE, bold, 150)
    _write(draw, (middle, 790), OFFICE.format(office=office), plain, 52)
    text = sheet_text(department.id if department else None)
    _paste_code(sheet, text, (middle, 1560), QR_INCHES)
    if department:
        _write(draw, (middle, 2320), FOR, plain, 60)
        _write(draw, (middle, 2480), department.name, bold, 120)
    _write(draw, (middle, 2840), ADVICE, plain, 52)
    return sheet.convert("1", dither=Image.Dither.NONE)


def _draw_patch(draw: ImageDraw.ImageDraw, *, from_top: bool) -> None:
    """The mark as seen from the edge next to it, which the scanner draws in first."""
    place, half = EDGE_INCHES * DPI, BAR_LENGTH_INCHES * DPI / 2
    for bar in BARS_INCHES:
        near, far = place, place + bar * DPI
        top, bottom = (near, far) if from_top else (A4[1] - far, A4[1] - near)
        draw.rectangle((A4[0] / 2 - half, round(top), A4[0] / 2 + half, round(bottom) - 1), fill=0)
        place = far + SPACE_INCHES * DPI


def _paste_code(sheet: Image.Image, text: str, centre: tuple[int, int], inches: float) -> None:
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    drawn = Image.fromarray(code.to_image(scale=1, add_quiet_zones=True))
    scale = max(1, round(inches * DPI / drawn.width))
    drawn = drawn.resize((drawn.width * scale, drawn.height * scale), Image.Resampling.NEAREST)
    sheet.paste(drawn, (centre[0] - drawn.width // 2, centre[1] - drawn.height // 2))


def _write(draw: ImageDraw.ImageDraw, centre: tuple[int, int], text: str, font: Path, size: int) -> None:
    """On one line, smaller if it would not fit the sheet."""
    room = A4[0] * 0.86
    face = ImageFont.truetype(font, size)
    if (width := face.getlength(text)) > room:
        face = ImageFont.truetype(font, int(size * room / width))
    draw.text(centre, text, font=face, fill=0, anchor="mm")

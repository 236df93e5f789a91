"""Separator sheets: one with a QR code, as `podatelna separators` prints it, and the industry's Patch-T."""

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from samples.rendering.canvas import PRINT_BLACK, new_page
from samples.rendering.fonts import load_font
from shared.pages.codes import sheet_text

# Kodak A-61599, Patch Code Information: narrow bars and spaces 0.08 inch, wide bars 0.20 inch, at least 2 inches
# long, at least a quarter of an inch from the edge. Patch T is narrow, wide, narrow, wide seen from the edge.
NARROW_INCHES = 0.08
WIDE_INCHES = 0.20
PATCH_T = (NARROW_INCHES, WIDE_INCHES, NARROW_INCHES, WIDE_INCHES)
FROM_EDGE_INCHES = 0.45
LENGTH_INCHES = 4.0


def draw_qr_sheet(department: str | None, dpi: int) -> Image.Image:
    page = new_page(dpi)
    draw = ImageDraw.Draw(page)
    centre = page.width / 2
    code = draw_code(zxingcpp.BarcodeFormat.QRCode, sheet_text(department), round(3.2 * dpi))
    page.paste(code, (round(centre - code.width / 2), round(3.2 * dpi)))
    write_line(draw, centre, 1.7 * dpi, "ODDEĽOVACÍ HÁROK", 30, dpi)
    write_line(draw, centre, 2.2 * dpi, "Vložte pred prvú stranu každého podania.", 13, dpi)
    write_line(draw, centre, 7.2 * dpi, department or "bez určenia oddelenia", 18, dpi)
    return page


def draw_patch_sheet(dpi: int, *, with_text_code: bool = False) -> Image.Image:
    """A Patch-T along all four edges, so that it reads however the sheet lies in the feeder."""
    page = new_page(dpi)
    for _ in range(4):
        draw_patch(page, dpi)
        page = page.transpose(Image.Transpose.ROTATE_90)
    draw = ImageDraw.Draw(page)
    write_line(draw, page.width / 2, page.height * 0.45, "PATCH T", 40, dpi)
    write_line(draw, page.width / 2, page.height * 0.49, "oddeľovač dokumentov", 16, dpi)
    if with_text_code:
        code = draw_code(zxingcpp.BarcodeFormat.Code39, "PATCHT", round(2.6 * dpi))
        page.paste(code, (round(page.width / 2 - code.width / 2), round(page.height * 0.56)))
    return page


def draw_patch(page: Image.Image, dpi: int) -> None:
    """The four bars along the page's upper edge."""
    draw = ImageDraw.Draw(page)
    left = (page.width - LENGTH_INCHES * dpi) / 2
    y = FROM_EDGE_INCHES * dpi
    for height in PATCH_T:
        draw.rectangle((left, round(y), left + LENGTH_INCHES * dpi, round(y + height * dpi) - 1), fill=PRINT_BLACK)
        y += (height + NARROW_INCHES) * dpi


def draw_label(page: Image.Image, number: str, dpi: int) -> None:
    """The registry's sticker with a bar code (Code 128), in the lower left corner of a first page."""
    code = draw_code(zxingcpp.BarcodeFormat.Code128, number, round(2.2 * dpi), round(0.38 * dpi))
    x, y = round(0.75 * dpi), round(page.height - 1.0 * dpi)
    page.paste(code, (x, y))
    font = load_font("arimo", round(9 * dpi / 72))
    ImageDraw.Draw(page).text(
        (x + code.width / 2, y + code.height + 0.04 * dpi), number, font=font, fill=PRINT_BLACK, anchor="ma"
    )


def draw_code(form: zxingcpp.BarcodeFormat, text: str, width: int, height: int = 0) -> Image.Image:
    """The code enlarged by whole modules to about the width asked for; a bar code without a height gets a third."""
    module = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, form)))
    square = form == zxingcpp.BarcodeFormat.QRCode
    scale = max(1, width // module.shape[1])
    picture = Image.fromarray(module).convert("RGB")
    tall = module.shape[0] * scale if square else height or width // 3
    return picture.resize((module.shape[1] * scale, tall), Image.Resampling.NEAREST)


def write_line(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: float, dpi: int) -> None:
    font = load_font("arimo", round(size * dpi / 72), bold=True)
    draw.text((x, y), text, font=font, fill=PRINT_BLACK, anchor="ms")

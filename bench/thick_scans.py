"""Very thick files: pages that do not compress well, each with a scan of its own."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

SIZE = (1654, 2339)  # A4 at 200 dpi
DPI = 200
QUALITY = 85


def write_thick(path: Path, form: str, pages: int) -> None:
    """A PDF or a TIFF of about 0.6 MB a page."""
    page = _draw()
    if form == "tiff":
        frames = [page] * (pages - 1)
        page.save(
            path, "TIFF", save_all=True, append_images=frames, compression="jpeg", quality=QUALITY, dpi=(DPI, DPI)
        )
        return
    packed = io.BytesIO()
    page.save(packed, "JPEG", quality=QUALITY)
    with pikepdf.new() as pdf:
        for number in range(pages):
            scan = pikepdf.Stream(pdf, packed.getvalue() + b"%d" % number)
            scan.Type, scan.Subtype, scan.Filter = Name.XObject, Name.Image, Name.DCTDecode
            scan.Width, scan.Height, scan.BitsPerComponent, scan.ColorSpace = *SIZE, 8, Name.DeviceGray
            sheet = pdf.add_blank_page(page_size=(595, 842))
            sheet.obj.Resources = Dictionary(XObject=Dictionary(Im0=scan))
            sheet.obj.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        pdf.save(path)


def _draw() -> Image.Image:
    noise = np.random.default_rng(1).integers(200, 250, SIZE[::-1], np.uint8)
    page = Image.fromarray(noise)
    draw = ImageDraw.Draw(page)
    for line in range(50):
        draw.text((150, 150 + 40 * line), f"Spis o mnohých stranách, riadok {line}. " * 2, fill=30, font_size=26)
    return page

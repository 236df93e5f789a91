"""The mailroom's round rubber stamp with the day of receipt, unevenly inked and a little askew."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.rendering.fonts import load_font
from samples.rendering.form import Receipt

DIAMETER_MM = 38
AROUND_TOP = "MESTO BANSKÁ BYSTRICA"
AROUND_BOTTOM = "MESTSKÝ ÚRAD"


@lru_cache(maxsize=32)
def cut_stamp(date: str, number: str, dpi: int) -> Image.Image:
    """The stamp as a mask of full ink."""
    side = round(DIAMETER_MM / 25.4 * dpi)
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    weight = max(2, side // 110)
    for share in (0.0, 0.17):
        inset = side * share + weight
        draw.ellipse((inset, inset, side - inset, side - inset), outline=255, width=weight)
    font = load_font("arimo", round(side * 0.082), bold=True)
    text_around(mask, AROUND_TOP, font, side * 0.405, -90)
    text_around(mask, AROUND_BOTTOM, font, side * 0.405, 90)
    small = load_font("arimo", round(side * 0.075))
    centre = side / 2
    draw.text(
        (centre, centre - side * 0.19),
        "PODATEĽŇA",
        font=load_font("arimo", round(side * 0.07), True),
        fill=255,
        anchor="mm",
    )
    draw.text((centre, centre - side * 0.1), "Došlo:", font=small, fill=255, anchor="mm")
    draw.text(
        (centre, centre + side * 0.02),
        date,
        font=load_font("arimo", round(side * 0.1), True),
        fill=255,
        anchor="mm",
    )
    draw.line((side * 0.22, centre + side * 0.1, side * 0.78, centre + side * 0.1), fill=255, width=weight)
    draw.text(
        (centre, centre + side * 0.17),
        f"č. {number}" if number else "č. ..........",
        font=small,
        fill=255,
        anchor="mm",
    )
    return mask


def text_around(mask: Image.Image, text: str, font: ImageFont.FreeTypeFont, radius: float, middle: float) -> None:
    """Set the letters on a circle, the middle one at an angle in degrees: −90 is the top, 90 the bottom."""
    inward = middle > 0
    lengths = [font.getlength(letter) * 1.08 for letter in text]
    turn = -1 if inward else 1
    angle = np.radians(middle) - turn * sum(lengths) / radius / 2
    side = mask.width
    cell = int(font.size * 2.4)
    for letter, length in zip(text, lengths, strict=True):
        angle += turn * length / radius / 2
        glyph = Image.new("L", (cell, cell))
        ImageDraw.Draw(glyph).text((cell / 2, cell / 2), letter, font=font, fill=255, anchor="mm")
        glyph = glyph.rotate(-np.degrees(angle) - 90 + (180 if inward else 0), Image.Resampling.BICUBIC)
        x = side / 2 + radius * np.cos(angle) - cell / 2
        y = side / 2 + radius * np.sin(angle) - cell / 2
        mask.paste(255, (round(x), round(y)), glyph)
        angle += turn * length / radius / 2


def press_stamp(page: Image.Image, receipt: Receipt, x: int, y: int, rng: np.random.Generator, dpi: int) -> None:
    """Press the stamp with its middle at (x, y)."""
    mask = cut_stamp(receipt.date, receipt.number, dpi)
    turned = mask.rotate(rng.uniform(-14, 14), Image.Resampling.BICUBIC, expand=True)
    inked = np.asarray(turned, dtype=np.float32) * uneven_ink(turned.height, turned.width, rng)
    where = (x - turned.width // 2, y - turned.height // 2)
    page.paste(receipt.colour, where, Image.fromarray(inked.astype(np.uint8)))


def uneven_ink(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    coarse = rng.uniform(0.45, 1.0, (5, 5)).astype(np.float32)
    fine = rng.uniform(0.7, 1.0, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    pressed = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    pressed = pressed * cv2.resize(fine, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(pressed, 0.4, 0.95), dtype=np.float32)

"""The fonts of this folder's `fonts/`, so that a page looks the same on every machine."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent.parent / "fonts"
PRINTED = ("arimo", "tinos", "courier-prime")
HANDWRITTEN = ("caveat", "kalam", "patrick-hand")
FAMILIES = PRINTED + HANDWRITTEN
WITH_BOLD = ("arimo", "tinos")


@lru_cache(maxsize=512)
def load_font(family: str, pixels: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A family of `FAMILIES` at a height in pixels; families without a bold face stay regular."""
    if family not in FAMILIES:
        raise ValueError(f"unknown font family {family!r}: use one of {', '.join(FAMILIES)}")
    weight = 700 if bold and family in WITH_BOLD else 400
    path = FOLDER / f"{family}-{weight}.ttf"
    return ImageFont.truetype(path, max(pixels, 4), layout_engine=ImageFont.Layout.BASIC)

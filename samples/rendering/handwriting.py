"""Writes text as a hand with a pen does: words sway, drift off the line, and press unevenly."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.rendering.fonts import load_font
from samples.rendering.form import Colour

SMALLEST = 0.62
WIDE_SPACES = 0.35


def fit_size(text: str, family: str, pixels: int, width: float) -> int:
    """The largest height up to `pixels` at which the text fits the width, but never below a readable share of it."""
    length = load_font(family, pixels).getlength(text) * (1 + WIDE_SPACES * text.count(" ") / max(len(text), 1))
    if length <= width or length == 0:
        return pixels
    return max(int(pixels * width / length), int(pixels * SMALLEST))


def write_words(
    page: Image.Image,
    x: float,
    baseline: float,
    text: str,
    rng: np.random.Generator,
    *,
    family: str,
    pixels: int,
    ink: Colour,
    haste: float = 1.0,
    width: float | None = None,
) -> float:
    """Write one line with its letters standing on `baseline`; returns the x where it ends."""
    if width is not None:
        pixels = fit_size(text, family, pixels, width)
    space = load_font(family, pixels).getlength(" ")
    slope = rng.normal(0, 0.006)
    start = x
    for word in text.split():
        drift = slope * (x - start) + rng.normal(0, pixels * 0.025)
        size = max(4, round(pixels * rng.uniform(0.96, 1.05)))
        mask, left, ascent = sway_word(word, family, size, rng, haste)
        paste_ink(page, mask, round(x) - left, round(baseline + drift) - ascent, ink)
        x += load_font(family, size).getlength(word) * narrowing(haste) + space * rng.uniform(1.1, 1.6)
    return x


def sway_word(
    word: str, family: str, pixels: int, rng: np.random.Generator, haste: float
) -> tuple[NDArray[np.uint8], int, int]:
    """The word's ink as a mask, with the offset of its pen start and of its baseline inside the mask."""
    font = load_font(family, pixels)
    pad = pixels // 2
    ascent = round(pixels * 1.1)
    size = (int(font.getlength(word)) + 2 * pad, ascent + pixels)
    image = Image.new("L", size)
    ImageDraw.Draw(image).text((pad, ascent), word, font=font, fill=255, anchor="ls")
    mask = np.asarray(image)
    height, width = mask.shape
    columns = np.arange(width, dtype=np.float32)
    wave = np.sin(columns * rng.uniform(0.6, 1.4) / pixels * np.pi + rng.uniform(0, 6.3)) * pixels * 0.022 * haste
    tilt = (columns - width / 2) * np.tan(np.radians(rng.normal(0, 0.7 * haste)))
    rows = np.arange(height, dtype=np.float32)
    slant = (ascent - rows) * rng.normal(0.16 * (haste - 1), 0.025 * haste)
    narrowed = pad + (columns - pad) / narrowing(haste)
    map_x = narrowed[None, :] - slant[:, None]
    map_y = rows[:, None] + (wave + tilt)[None, :]
    swayed = cv2.remap(mask, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR)
    pressure = np.interp(columns, np.linspace(0, width, 6), rng.uniform(0.72, 1.0, 6))
    return np.asarray(swayed * pressure[None, :], dtype=np.uint8), pad, ascent


def narrowing(haste: float) -> float:
    """A hurried hand crowds its letters until they touch."""
    return 1 - 0.09 * (haste - 1)


def paste_ink(page: Image.Image, mask: NDArray[np.uint8], left: int, top: int, ink: Colour) -> None:
    page.paste(ink, (left, top), Image.fromarray(mask))

"""What else a scanner sees: punched holes, a staple, a coffee ring, a fold, the other side showing through."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

HOLE_MM = 6.0
HOLE_SPACING_MM = 80.0


def punch_holes(page: Image.Image, dpi: int, rng: np.random.Generator, *, right: bool = False) -> Image.Image:
    """Two filing holes 80 mm apart in the margin, dark as the scanner's lid behind them, with a soft rim."""
    marked = page.copy()
    draw = ImageDraw.Draw(marked)
    mm = dpi / 25.4
    x = page.width - 12 * mm if right else 12 * mm
    x += rng.normal(0, 1.2 * mm)
    middle = page.height / 2 + rng.normal(0, 4 * mm)
    radius = HOLE_MM / 2 * mm
    dark = int(rng.integers(25, 110))
    for y in (middle - HOLE_SPACING_MM / 2 * mm, middle + HOLE_SPACING_MM / 2 * mm):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=grey_of(page, 190))
        inner = radius * 0.88
        draw.ellipse((x - inner, y - inner * 0.96, x + inner * 0.97, y + inner), fill=grey_of(page, dark))
    return marked


def grey_of(page: Image.Image, level: int) -> int | tuple[int, int, int]:
    return level if page.mode == "L" else (level, level, level)


def staple(page: Image.Image, dpi: int, rng: np.random.Generator, *, right: bool = False) -> Image.Image:
    """A staple in an upper corner with the shadow beside it."""
    marked = page.copy()
    draw = ImageDraw.Draw(marked)
    mm = dpi / 25.4
    x = (page.width - 17 * mm if right else 9 * mm) + rng.normal(0, mm)
    y = 9 * mm + rng.normal(0, mm)
    angle = np.radians(rng.uniform(-35, 35))
    dx, dy = 9 * mm * np.cos(angle), 9 * mm * np.sin(angle)
    shadow = 0.7 * mm
    draw.line(
        (x + shadow, y + shadow, x + dx + shadow, y + dy + shadow),
        fill=grey_of(page, 185),
        width=round(0.9 * mm),
    )
    draw.line((x, y, x + dx, y + dy), fill=grey_of(page, 95), width=max(2, round(0.5 * mm)))
    return marked


def stain(page: Image.Image, dpi: int, rng: np.random.Generator, *, centre: tuple[float, float]) -> Image.Image:
    """A coffee ring; `centre` is in shares of the page. The text under it stays visible but dimmer."""
    mm = dpi / 25.4
    pixels = np.asarray(page.convert("RGB"))
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0 : height // 2, 0 : width // 2].astype(np.float32) * 2
    across = columns - centre[0] * width
    down = rows - centre[1] * height
    wobble = 1 + 0.03 * np.sin(3 * np.arctan2(down, across) + rng.uniform(0, 6))
    distance = np.hypot(across, down) * wobble / mm
    radius = rng.uniform(34, 42)
    ring = np.exp(-(((distance - radius) / 1.6) ** 2)) * 0.55
    wash = 0.28 / (1 + np.exp(np.clip((distance - radius) / 0.8, -60, 60)))
    blotch = cv2.GaussianBlur(rng.uniform(0.4, 1.0, distance.shape).astype(np.float32), (0, 0), 25)
    strength = np.clip((ring + wash) * blotch / blotch.mean(), 0, 0.75).astype(np.float32)
    strength = cv2.resize(strength, (width, height))
    brown = np.array([0.45, 0.62, 0.86], dtype=np.float32)
    stained = pixels * (1 - strength[..., None] * brown)
    return Image.fromarray(stained.astype(np.uint8)).convert(page.mode)


def fold(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The creases of a letter folded in three: a lighter line with a dark one beside it."""
    pixels = np.asarray(page).astype(np.int16)
    height = pixels.shape[0]
    for share in (1 / 3, 2 / 3):
        y = round(height * share + rng.normal(0, height * 0.006))
        pixels[y : y + 2] -= 38
        pixels[y + 2 : y + 12] -= 9
        pixels[y - 8 : y] += 6
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def edge_shadow(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The dark strip of a lid that did not close over the edge of the sheet."""
    pixels = np.asarray(page).astype(np.float32)
    width = pixels.shape[1]
    depth = rng.uniform(0.008, 0.025) * width
    dark = 1 - rng.uniform(0.35, 0.8) * np.exp(-np.arange(width, dtype=np.float32) / depth)
    if rng.random() < 0.5:
        dark = dark[::-1]
    pixels *= dark[None, :] if pixels.ndim == 2 else dark[None, :, None]
    return Image.fromarray(pixels.astype(np.uint8))


def show_through(page: Image.Image, other_side: Image.Image, strength: float) -> Image.Image:
    """The mirrored print of the sheet's other side, blurred by the paper; `strength` 0.1 is thin office paper."""
    back = other_side.convert("L").resize(page.size).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    ghost: NDArray[np.float32] = np.asarray(back.filter(ImageFilter.GaussianBlur(2.2)), dtype=np.float32)
    factor = 1 - (255 - ghost) / 255 * strength
    pixels = np.asarray(page)
    return Image.fromarray((pixels * (factor if pixels.ndim == 2 else factor[..., None])).astype(np.uint8))

"""Makes a clean page look scanned: crooked, unevenly lit, noisy, faint, blurred. `SEVERITIES` names how much."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Severity:
    """The strongest effect a page may get; each page draws its own strength up to it."""

    skew_degrees: float = 0.0
    """Crookedness either way; at least a third of it, or `least_skew`, is always used."""
    least_skew: float = 0.0
    resolution: float = 1.0
    """Share of the detail that survives: 0.5 looks like 100 dpi at the same size in pixels."""
    blur: float = 0.0
    """Standard deviation in pixels."""
    ink: float = 1.0
    """How much of the contrast between ink and paper is left."""
    shading: float = 0.0
    """How much darker, as a share, the worst lit part of the page is."""
    noise: float = 0.0
    """Standard deviation in grey levels."""
    specks: int = 0
    paper: int = 255
    """Grey level of the paper."""
    break_up: float = 0.0
    """How far strokes break up, as a copy of a copy does (0 to 1)."""


SEVERITIES: dict[str, Severity] = {
    "clean": Severity(),
    "light": Severity(skew_degrees=0.5, blur=0.5, shading=0.04, noise=3, specks=6, paper=250),
    "medium": Severity(skew_degrees=1.2, blur=0.7, ink=0.85, shading=0.12, noise=6, specks=25, paper=243),
    "heavy": Severity(
        skew_degrees=3.0, resolution=0.62, blur=0.8, ink=0.55, shading=0.3, noise=10, specks=120, paper=230
    ),
    "faint-copy": Severity(
        skew_degrees=1.0,
        resolution=0.8,
        blur=0.8,
        ink=0.24,
        shading=0.16,
        noise=11,
        specks=260,
        paper=236,
        break_up=0.45,
    ),
    "low-resolution": Severity(
        skew_degrees=4.2,
        least_skew=3.6,
        resolution=0.48,
        blur=0.4,
        ink=0.7,
        shading=0.25,
        noise=7,
        specks=40,
        paper=228,
    ),
}


def degrade(page: Image.Image, severity: Severity | str, rng: np.random.Generator) -> Image.Image:
    """A scanned look of the page in the same mode ("L" or "RGB") and size."""
    if isinstance(severity, str):
        if severity not in SEVERITIES:
            raise ValueError(f"unknown severity {severity!r}: use one of {', '.join(SEVERITIES)}")
        severity = SEVERITIES[severity]
    if page.mode not in ("L", "RGB"):
        raise ValueError(f"a page of mode {page.mode!r} cannot be degraded: convert it to 'L' or 'RGB' first")
    pixels: Pixels = np.asarray(page)
    pixels = fade_ink(pixels, severity, rng)
    pixels = turn_askew(pixels, severity, rng)
    pixels = lose_detail(pixels, severity)
    pixels = shade(pixels, severity, rng)
    pixels = add_specks(pixels, severity, rng)
    return Image.fromarray(add_noise(pixels, severity, rng))


def as_pixels(result: NDArray[np.generic] | cv2.typing.MatLike) -> Pixels:
    """OpenCV's typing loses the element type that its operations on 8-bit images keep."""
    return np.asarray(result, dtype=np.uint8)


def fade_ink(pixels: Pixels, severity: Severity, rng: np.random.Generator) -> Pixels:
    """Lift the ink towards the paper, and break its strokes up where the toner did not hold."""
    if severity.break_up:
        holes = low_noise(pixels.shape[:2], rng, cells=(pixels.shape[0] // 4, pixels.shape[1] // 4), spread=1.0)
        lost = (holes > 1.6 - severity.break_up) & (low_noise(pixels.shape[:2], rng, cells=(9, 7), spread=1.0) > -0.6)
        pixels = np.where(lost if pixels.ndim == 2 else lost[..., None], np.uint8(215), pixels)
    levels = severity.paper - (255 - np.arange(256)) * severity.ink * severity.paper / 255
    return as_pixels(cv2.LUT(pixels, levels.astype(np.uint8)))


def turn_askew(pixels: Pixels, severity: Severity, rng: np.random.Generator) -> Pixels:
    if not severity.skew_degrees:
        return pixels
    least = max(severity.skew_degrees / 3, severity.least_skew)
    degrees = rng.uniform(least, severity.skew_degrees) * rng.choice((-1, 1))
    return rotate_by(pixels, float(degrees), severity.paper)


def rotate_by(pixels: Pixels, degrees: float, paper: int) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    border = (paper, paper, paper)
    return as_pixels(cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border))


def lose_detail(pixels: Pixels, severity: Severity) -> Pixels:
    height, width = pixels.shape[:2]
    if severity.resolution < 1:
        small = (round(width * severity.resolution), round(height * severity.resolution))
        shrunk = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
        pixels = as_pixels(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_LINEAR))
    if severity.blur:
        pixels = as_pixels(cv2.GaussianBlur(pixels, (0, 0), severity.blur))
    return pixels


def shade(pixels: Pixels, severity: Severity, rng: np.random.Generator) -> Pixels:
    """Uneven light: a smooth field over the page and a darker strip along one long edge."""
    if not severity.shading:
        return pixels
    height, width = pixels.shape[:2]
    corners = rng.uniform(0, severity.shading, (3, 3)).astype(np.float32)
    edge = severity.shading * rng.uniform(0.5, 1.0) * np.exp(-np.arange(width) / (width * 0.04))
    if rng.random() < 0.5:
        edge = edge[::-1]
    coarse = cv2.resize(corners, (width // 8, height // 8), interpolation=cv2.INTER_CUBIC)
    coarse = coarse + cv2.resize(edge[None, :].astype(np.float32), (width // 8, height // 8))
    light = np.clip(255 * (1 - coarse), 0, 255).astype(np.uint8)
    field = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    if pixels.ndim == 3:
        field = cv2.merge((field, field, field))
    return as_pixels(cv2.multiply(pixels, field, scale=1 / 255))


def add_specks(pixels: Pixels, severity: Severity, rng: np.random.Generator) -> Pixels:
    if not severity.specks:
        return pixels
    pixels = pixels.copy()
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(severity.specks // 2, severity.specks + 1))):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        grey = int(rng.integers(40, 170))
        cv2.circle(pixels, centre, int(rng.integers(1, 3)), (grey, grey, grey), -1, cv2.LINE_AA)
    return pixels


def add_noise(pixels: Pixels, severity: Severity, rng: np.random.Generator) -> Pixels:
    """Sensor noise, drawn once for a tile and repeated: a tile is 40 times cheaper than a page."""
    if not severity.noise:
        return pixels
    height, width = pixels.shape[:2]
    tile = rng.normal(0, severity.noise, (311, 293)).astype(np.int16)
    noise = np.tile(tile, (height // 311 + 1, width // 293 + 1))[:height, :width]
    if pixels.ndim == 3:
        noise = np.repeat(noise[..., None], 3, axis=2)
    return as_pixels(cv2.add(pixels, noise, dtype=cv2.CV_8U))


def low_noise(
    shape: tuple[int, int], rng: np.random.Generator, *, cells: tuple[int, int], spread: float
) -> NDArray[np.float32]:
    """Smooth random field of a page's shape with about `cells` bumps down and across."""
    coarse = rng.normal(0, spread, cells).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)

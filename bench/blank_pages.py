"""Backs of sheets as a scanner sees them: blank ones with all that dirties them, and ones with little on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from samples.catalogue import SAMPLES
from samples.rendering.canvas import new_page
from samples.rendering.degradation import SEVERITIES, degrade
from samples.rendering.files import to_bilevel
from samples.rendering.fonts import load_font
from samples.rendering.form import BLACK_INK, BLUE_INK, Form, Receipt
from samples.rendering.handwriting import write_words
from samples.rendering.marks import edge_shadow, fold, punch_holes, staple
from samples.rendering.stamp import press_stamp

DPI = 200
Drawing = Callable[[Image.Image, np.random.Generator], None]

HANDS = ("caveat", "kalam", "patrick-hand")
NOTES = ("Vybavené dňa 12. 3.", "volať p. Krátku", "Súhlasím", "viď príloha", "Ďakujem za skoré vybavenie.", "č. 45")
PRINTED = ("strana 2/2", "- 2 -", "Príloha č. 1", "Rub tlačiva ponechajte prázdny.", "TLAČ MsÚ 03/2024", "2")


@dataclass(frozen=True)
class Back:
    """One scanned page, and whether a person would call it blank."""

    image: Image.Image
    blank: bool
    what: str


def make_back(seed: int, *, blank: bool) -> Back:
    rng = np.random.default_rng([seed, blank])
    page = new_page(DPI)
    what = "blank"
    if not blank:
        what = str(rng.choice(list(DRAWINGS)))
        DRAWINGS[what](page, rng)
    severity = str(rng.choice(list(SEVERITIES)))
    extras = _dirty(page, rng, much=blank)
    page, described = extras
    scanned = degrade(page if rng.random() < 0.4 else page.convert("L"), severity, rng)
    two_colours = severity in ("clean", "light", "medium") and rng.random() < 0.25
    return Back(_as_scanned(scanned, rng, two_colours), blank, f"{what} {severity} {described}")


def _dirty(page: Image.Image, rng: np.random.Generator, *, much: bool) -> tuple[Image.Image, str]:
    """What lies on the sheet besides writing; a page with little on it gets the same, more rarely."""
    done = []
    share = 0.5 if much else 0.3
    if rng.random() < share:
        page = print_through(page, rng)
        done.append("through")
    if rng.random() < share:
        page = punch_holes(page, DPI, rng, right=rng.random() < 0.5)
        done.append("holes")
    if rng.random() < share:
        page = staple(page, DPI, rng, right=rng.random() < 0.5)
        done.append("staple")
    if rng.random() < share / 2:
        page = fold(page, rng)
        done.append("fold")
    if rng.random() < share / 2:
        page = edge_shadow(page, rng)
        done.append("edge")
    if rng.random() < share / 3:
        _draw_streak(page, rng)
        done.append("streak")
    return page, "+".join(done)


def print_through(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The mirrored front, blurred by the fibres of the paper, 4 to 22 percent of its darkness."""
    ghost = _fronts()[int(rng.integers(len(_fronts())))].resize(page.size).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.5:
        ghost = ghost.transpose(Image.Transpose.ROTATE_180)
    blurred = ghost.filter(ImageFilter.GaussianBlur(float(rng.uniform(1.6, 3.0))))
    factor = 1 - (255 - np.asarray(blurred, np.float32)) / 255 * rng.uniform(0.04, 0.22)
    return Image.fromarray((np.asarray(page) * factor[..., None]).astype(np.uint8))


@lru_cache(maxsize=1)
def _fronts() -> list[Image.Image]:
    rng = np.random.default_rng(1)
    forms = [sample for sample in SAMPLES if isinstance(sample.source, Form)][:8]
    return [page.convert("L") for sample in forms for page in sample.draw_pages(rng)]


def _draw_streak(page: Image.Image, rng: np.random.Generator) -> None:
    """Dust on the scanner's glass: a thin line the whole way down."""
    x, grey = int(rng.integers(page.width)), int(rng.integers(120, 215))
    ImageDraw.Draw(page).line((x, 0, x, page.height), fill=(grey, grey, grey), width=int(rng.integers(1, 3)))


def _place(page: Image.Image, rng: np.random.Generator) -> tuple[float, float]:
    return page.width * rng.uniform(0.1, 0.55), page.height * rng.uniform(0.06, 0.93)


def _draw_note(page: Image.Image, rng: np.random.Generator) -> None:
    x, y = _place(page, rng)
    ink = (BLUE_INK, BLACK_INK, (95, 95, 100))[int(rng.integers(3))]
    hand, size = HANDS[int(rng.integers(len(HANDS)))], int(rng.integers(38, 60))
    write_words(page, x, y, NOTES[int(rng.integers(len(NOTES)))], rng, family=hand, pixels=size, ink=ink)


def _draw_print(page: Image.Image, rng: np.random.Generator) -> None:
    font = load_font("arimo", int(rng.integers(24, 34)))
    ImageDraw.Draw(page).text(_place(page, rng), PRINTED[int(rng.integers(len(PRINTED)))], font=font, fill=(20, 20, 22))


def _draw_signature(page: Image.Image, rng: np.random.Generator) -> None:
    """Loops of a pen, one stroke."""
    x, y = _place(page, rng)
    time = np.linspace(0, 1, 160)
    loops, tall = rng.uniform(3, 7), rng.uniform(18, 45)
    across = x + time * rng.uniform(170, 380) + 14 * np.sin(time * loops * 12.6 + rng.uniform(0, 6))
    down = y + tall * np.sin(time * loops * 6.3 + rng.uniform(0, 6)) * (1 - 0.6 * time) + rng.normal(0, 20) * time
    points = list(zip(across.tolist(), down.tolist(), strict=True))
    ink = (BLUE_INK, BLACK_INK)[int(rng.integers(2))]
    ImageDraw.Draw(page).line(points, fill=ink, width=int(rng.integers(2, 4)), joint="curve")


def _draw_stamp(page: Image.Image, rng: np.random.Generator) -> None:
    colour = ((52, 48, 150), (170, 40, 60), (60, 60, 66), (110, 110, 190))[int(rng.integers(4))]
    receipt = Receipt("12. 3. 2026", str(rng.integers(100, 999)), colour)
    x, y = _place(page, rng)
    press_stamp(page, receipt, round(x + 150), round(min(max(y, 160), page.height - 160)), rng, DPI)


def _draw_pencil(page: Image.Image, rng: np.random.Generator) -> None:
    x, y = _place(page, rng)
    write_words(page, x, y, "overiť výmeru", rng, family="caveat", pixels=52, ink=(120, 120, 124))


DRAWINGS: dict[str, Drawing] = {
    "note": _draw_note,
    "print": _draw_print,
    "signature": _draw_signature,
    "stamp": _draw_stamp,
    "pencil": _draw_pencil,
}


def _as_scanned(page: Image.Image, rng: np.random.Generator, two_colours: bool) -> Image.Image:
    """Turned as it lay in the feeder, at the scanner's resolution, in the scanner's packing."""
    page = page.rotate(90 * int(rng.integers(4)), expand=True)
    dpi = int(rng.choice([150, 200, 200, 300]))
    if dpi != DPI:
        size = (round(page.width * dpi / DPI), round(page.height * dpi / DPI))
        page = page.resize(size, Image.Resampling.BICUBIC)
    if two_colours:
        page = to_bilevel(page)
    else:
        packed = io.BytesIO()
        page.save(packed, "JPEG", quality=int(rng.integers(30, 85)))
        page = Image.open(packed)
        page.load()
    page.info["dpi"] = (dpi, dpi)
    return page

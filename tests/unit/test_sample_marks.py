"""The marks of paper and scanner on a page."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.rendering import marks

DPI = 100


def white_page() -> Image.Image:
    return Image.new("L", (827, 1169), 255)


def generator() -> np.random.Generator:
    return np.random.default_rng(5)


def test_filing_holes_are_eighty_millimetres_apart_in_the_margin() -> None:
    dark = np.asarray(marks.punch_holes(white_page(), DPI, generator())) < 200
    rows = np.flatnonzero(dark.any(axis=1))
    upper, lower = np.split(rows, [np.argmax(np.diff(rows)) + 1])
    assert (lower.mean() - upper.mean()) / DPI * 25.4 == pytest.approx(80, abs=1)
    assert np.flatnonzero(dark.any(axis=0)).max() < 0.12 * 827


def test_the_other_side_shows_through_mirrored_and_faint() -> None:
    other = white_page()
    ImageDraw.Draw(other).rectangle((50, 400, 250, 600), fill=0)
    seen = np.asarray(marks.show_through(white_page(), other, 0.1))
    assert seen[500, 827 - 150] == pytest.approx(255 * 0.9, abs=2)
    assert seen[500, 150] == 255


def test_a_stain_darkens_only_its_own_place() -> None:
    stained = np.asarray(marks.stain(white_page(), DPI, generator(), centre=(0.5, 0.3)))
    assert stained[int(0.3 * 1169), 413] < 235
    assert stained[1100, 413] >= 254


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_marks_keep_mode_and_size(mode: str) -> None:
    page = white_page().convert(mode)
    drawn = [
        marks.punch_holes(page, DPI, generator()),
        marks.staple(page, DPI, generator()),
        marks.fold(page, generator()),
        marks.edge_shadow(page, generator()),
        marks.stain(page, DPI, generator(), centre=(0.5, 0.5)),
        marks.show_through(page, page, 0.1),
    ]
    assert {(image.mode, image.size) for image in drawn} == {(mode, page.size)}

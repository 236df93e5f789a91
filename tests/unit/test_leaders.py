"""Dotted lines are taken off the picture for the engine, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.rendering.fonts import load_font
from shared.imaging.leaders import erase_leaders
from shared.imaging.rasters import Grey

SIZE = (1240, 400)
LINE = 220  # where the dots are, from the top, at 200 dpi


def form(*, dots: int = 0, text: str = "Meno, priezvisko: áéíóúž …", dpi: int = 200) -> tuple[Grey, int]:
    """A label and a row of dots after it; also the height of the dots."""
    scale = dpi / 200
    picture = Image.new("L", (round(SIZE[0] * scale), round(SIZE[1] * scale)), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((60 * scale, 190 * scale), text, font=load_font("arimo", round(28 * scale)), fill=0)
    for number in range(dots):
        left, top = round((460 + 8 * number) * scale), round(LINE * scale)
        draw.rectangle((left, top, left + round(scale), top + round(scale)), fill=30)
    return np.asarray(picture, np.uint8), round(LINE * scale)


def ink(grey: Grey) -> int:
    return int((grey < 128).sum())


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_row_of_dots_goes_and_the_words_stay(dpi: int) -> None:
    dotted, row = form(dots=90, dpi=dpi)
    words, _ = form(dpi=dpi)
    erased = erase_leaders(dotted, dpi)
    right = round(500 * dpi / 200)
    assert ink(dotted[row - 3 : row + 6, right:]) > 80
    assert ink(erased[row - 3 : row + 6, right:]) == 0
    assert np.array_equal(erased[:, : right // 2], words[:, : right // 2])


def test_a_page_without_dotted_lines_is_left_as_it_is() -> None:
    page, _ = form(text="Súhlasím; i, j, ť, ž. Viď prílohu č. 1 … 12. 3. 2026")
    assert erase_leaders(page, 200) is page


def test_a_few_dots_in_a_row_are_an_ellipsis() -> None:
    page, _ = form(dots=5, text="Meno:")
    assert erase_leaders(page, 200) is page


def test_dots_far_apart_are_no_line() -> None:
    page = np.full((400, 1240), 255, np.uint8)
    page[200:203, 100:1100:40] = 0
    assert erase_leaders(page, 200) is page


def test_dots_at_the_very_edge_of_the_picture_are_erased_too() -> None:
    page = np.full((400, 1240), 255, np.uint8)
    page[398:400, 0:1240:8] = 0
    page[0:2, 0:1240:8] = 0
    assert ink(erase_leaders(page, 200)) == 0

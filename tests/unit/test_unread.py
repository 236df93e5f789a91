"""Writing that an engine passed over is found; what it read, rules, frames and stamps are not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.rendering.fonts import load_font
from shared.imaging.placement import PixelBox
from shared.imaging.rasters import Grey
from shared.imaging.unread import find_unread

LINES = ("Ponúkame možnosť pripojenia na pult", "centrálnej ochrany mestskej polície.")
TOP, PITCH, LEFT = 300, 80, 200


def page(*, dpi: int = 200) -> Image.Image:
    scale = dpi / 200
    picture = Image.new("L", (round(1654 * scale), round(2339 * scale)), 255)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(LINES):
        place = (LEFT * scale, (TOP + PITCH * number) * scale)
        draw.text(place, line, font=load_font("arimo", round(30 * scale)), fill=0)
    return picture


def boxes(line: int, *, dpi: int = 200) -> list[PixelBox]:
    """Where the words of a line are, as an engine would tell."""
    scale = dpi / 200
    font = load_font("arimo", round(30 * scale))
    found, text = [], ""
    for word in LINES[line].split():
        left, top, right, bottom = font.getbbox(word)
        start = LEFT * scale + font.getlength(text)
        found.append(
            (round(start + left), round((TOP + PITCH * line) * scale + top), round(right - left), round(bottom - top))
        )
        text += word + " "
    return found


def unread(picture: Image.Image, words: list[PixelBox], dpi: int = 200) -> list[PixelBox]:
    return find_unread(np.asarray(picture, np.uint8), dpi, words)


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_line_without_words_is_found_whole(dpi: int) -> None:
    ((left, top, width, height),) = unread(page(dpi=dpi), boxes(0, dpi=dpi), dpi)
    words, scale = boxes(1, dpi=dpi), dpi / 200
    assert left <= words[0][0]
    assert left + width >= words[-1][0] + words[-1][2]
    assert top <= min(word[1] for word in words)
    assert top + height >= max(word[1] + word[3] for word in words)
    assert height < 1.5 * PITCH * scale


def test_nothing_is_found_where_everything_was_read() -> None:
    assert unread(page(), boxes(0) + boxes(1)) == []


def test_rules_frames_and_boxes_to_tick_are_no_text() -> None:
    picture = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(picture)
    draw.line((150, 400, 1500, 400), fill=0, width=3)
    for row in range(4):
        draw.rectangle((150, 600 + 90 * row, 1500, 690 + 90 * row), outline=0, width=2)
    draw.rectangle((200, 1200, 226, 1226), outline=0, width=2)
    assert unread(picture, []) == []


def test_a_round_stamp_is_no_text() -> None:
    picture = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1200, 80, 1500, 380), outline=0, width=6)
    draw.text((1280, 210), "19. 11. 2026", font=load_font("arimo", 30), fill=0)
    draw.ellipse((1225, 105, 1475, 355), outline=0, width=3)
    draw.line((1350, 100, 1350, 360), fill=0, width=4)
    assert unread(picture, []) == []


def test_a_picture_of_a_few_dots_holds_nothing() -> None:
    assert find_unread(np.zeros((1, 3), np.uint8), 200, []) == []


def test_a_page_full_of_what_looks_like_text_is_a_picture_or_noise() -> None:
    grey: Grey = np.full((2339, 1654), 255, np.uint8)
    for row in range(20):
        for column in range(200, 500, 16):
            grey[100 + 100 * row : 130 + 100 * row, column : column + 4] = 0
    assert find_unread(grey, 200, []) == []
    assert len(find_unread(grey[:600], 200, [])) == 5

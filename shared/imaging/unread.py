"""Finds writing that an OCR engine passed over, so that it can be shown the place alone.

An engine that lays out a page by itself now and then drops a line, or a paragraph, for no reason a reader would see:
on clean pages one in eight loses words that way. What lies on the paper like text and bears no word was left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from shared.imaging.placement import PixelBox
from shared.imaging.preparation import PRINTED
from shared.imaging.rasters import Grey, as_grey
from shared.imaging.shrinking import shrink

SMALL_DPI = 50  # more or less: the page is shrunk by whole dots
INKED = 24  # levels of a small pixel darker than paper: about a tenth of it is ink
RULE = 24  # small pixels; a longer stroke across or down is drawn, not written
GAP = (9, 3)  # small pixels across and down that join letters to words and words to lines
# In small pixels: what could be a word of a few letters, and the share of its box that is ink.
SHORTEST, LOWEST = 14, 3
SQUAREST = 1.5  # width to height; a round stamp has 1
THINNEST, THICKEST = 0.08, 0.75
LEAST_DARK = 0.04  # share of a place: print has 0.05 and more, noise and most stamps less
MARGIN = 3  # small pixels around: diacritics, tails
MOST = 12


def find_unread(grey: Grey, dpi: float, words: Iterable[PixelBox]) -> list[PixelBox]:
    """Places on an evened, straight page that look like text and bear none of `words`, from the top.

    None where there would be more than MOST: that is noise or a picture.
    """
    times = max(1, round(dpi / SMALL_DPI))
    ink = _small_ink(shrink(grey, times))
    for left, top, width, height in words:
        right, bottom = (left + width) // times + 2, (top + height) // times + 2
        ink[max(0, top // times - 1) : bottom + 1, max(0, left // times - 1) : right + 1] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(GAP[::-1], np.uint8))
    _, _, shapes, _ = cv2.connectedComponentsWithStats(joined)
    found = [
        (left, top, width, height)
        for left, top, width, height, _ in shapes[1:].tolist()
        if width >= SHORTEST
        and height >= LOWEST
        and width >= SQUAREST * height
        and THINNEST <= np.count_nonzero(ink[top : top + height, left : left + width]) / (width * height) <= THICKEST
    ]
    whole = [box for box in found if not any(_holds(other, box) for other in found if other is not box)]
    parts = [_grown(box, times, grey.shape) for box in sorted(whole, key=lambda box: box[1])]
    printed = [part for part in parts if _is_dark(grey, part)]
    return printed if len(printed) <= MOST else []


def _is_dark(grey: Grey, part: PixelBox) -> bool:
    left, top, width, height = part
    return bool((grey[top : top + height, left : left + width] < PRINTED).mean() >= LEAST_DARK)


def _holds(outer: PixelBox, inner: PixelBox) -> bool:
    (left, top, width, height), (x, y, across, down) = outer, inner
    return left <= x and top <= y and x + across <= left + width and y + down <= top + height


def _small_ink(small: Grey) -> Grey:
    """What is dark on the small copy, without the rules of tables and lines to write on."""
    ink = cv2.threshold(cv2.bitwise_not(small), INKED, 255, cv2.THRESH_BINARY)[1]
    rules = cv2.max(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, RULE), np.uint8)),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((RULE, 1), np.uint8)),
    )
    return as_grey(cv2.subtract(ink, rules))


def _grown(box: PixelBox, times: int, shape: tuple[int, ...]) -> PixelBox:
    """In the page's own pixels, with a margin."""
    left, top = (max(0, (edge - MARGIN) * times) for edge in box[:2])
    right = min(shape[1], (box[0] + box[2] + MARGIN) * times)
    bottom = min(shape[0], (box[1] + box[3] + MARGIN) * times)
    return left, top, right - left, bottom - top

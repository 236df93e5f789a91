"""Takes the dotted lines of a form off the picture that the OCR engine gets.

The engine takes a row of dots for a border and leaves out what stands on it: on forms with dotted lines it reads 0.84
of the printed words, without the dots 0.98, and that is where the labels of the fields are. Drawn lines do it no harm.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from shared.imaging.placement import PixelBox
from shared.imaging.preparation import PRINTED
from shared.imaging.rasters import Grey, as_grey

# Lengths in pixels at 200 dpi.
DPI = 200
DOT_WIDTH, DOT_HEIGHT = 12, 6
WIDEST_GAP = 15
SHORTEST_RUN = 70
FEWEST_DOTS = 6
MARGIN = 2  # the grey rim of a dot
SHRINK = 2  # runs are looked for on a smaller picture


def erase_leaders(grey: Grey, dpi: float) -> Grey:
    """The page without its dotted lines; the same page where there are none. Rows must lie within half a degree."""
    scale = dpi / DPI
    dots = list(_find_dots(grey, scale))
    if len(dots) < FEWEST_DOTS:
        return grey
    runs = _find_runs(dots, grey.shape, scale)
    clean = None
    margin = max(1, round(MARGIN * scale))
    for left, top, width, height in dots:
        if runs[(top + height // 2) // SHRINK, (left + width // 2) // SHRINK]:
            clean = grey.copy() if clean is None else clean
            clean[max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin] = 255
    return grey if clean is None else clean


def _find_dots(grey: Grey, scale: float) -> Iterator[PixelBox]:
    ink = cv2.threshold(grey, PRINTED, 255, cv2.THRESH_BINARY_INV)[1]
    shapes, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for shape, (_, _, _, outside) in zip(shapes, () if tree is None else tree[0], strict=True):
        if outside < 0:  # otherwise a hole in a letter
            left, top, width, height = cv2.boundingRect(shape)
            if width <= DOT_WIDTH * scale and height <= DOT_HEIGHT * scale:
                yield left, top, width, height


def _find_runs(dots: list[PixelBox], shape: tuple[int, ...], scale: float) -> Grey:
    """Where dots follow each other closely along a row, as a mask on the smaller picture."""
    small = scale / SHRINK
    mask = np.zeros((shape[0] // SHRINK + 1, shape[1] // SHRINK + 1), np.uint8)
    for left, top, width, height in dots:
        right, bottom = (left + width) // SHRINK, (top + height) // SHRINK
        mask[top // SHRINK : bottom + 1, left // SHRINK : right + 1] = 255
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, max(3, round(WIDEST_GAP * small))), np.uint8))
    return as_grey(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, round(SHORTEST_RUN * small)), np.uint8)))

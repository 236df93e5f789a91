"""The second look at a noisy scan that seems blank: what shows only when neighbouring dots are averaged.

A pencil note or a stamp on a copy of a copy is hardly darker than the noise, but it lies in one place, while noise and
the other side showing through are all over the sheet. So only what stands out from the usual strength counts.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.pages.views import MM, Levels
from shared.pages.wear import (
    FRAME_MM,
    Mask,
    find_blobs,
    find_holes,
    find_lines,
    is_in_corner,
    sides_of,
    without_marks_of_the_sheet,
)

STROKE, AROUND = 1.2, 4.0  # dots: what is averaged is as wide as the stroke of a pen, and compared with what is around
DEEPEST = 30.0  # grey levels; darker ink is seen at the first look
CLEAR_MM = FRAME_MM + 2.0
STAPLE_MM = 2.0
DUST, DUST_MM, DUST_RIM_MM, DUST_LEFT_MM = 28, 1.5, 0.5, 0.5  # grey levels
HOLE, HOLE_RIM_MM = 8.0, 1.2  # grey levels

CELL_MM, STRONGEST, USUAL = 25.0, 0.005, 14  # a note or a stamp is in fewer squares than that
SHOWS_THROUGH = 3.8  # standard deviations: the other side is what is to be seen everywhere
ABOVE_NOISE, ABOVE_USUAL = 3.6, 1.35
REACH_MM, THICK_MM, LONG_MM, MARK_MM2, SOLID_MM, LARGE_MM2 = 1.4, 1.2, 2.2, 2.1, 0.36, 5.0


def holds_faint_writing(depth: Levels) -> bool:
    strength = _strength(depth)
    inner = strength[::3, ::3]
    noise = 1.4826 * float(np.median(np.abs(inner)))
    usual = _usual_strength(strength)
    if usual > SHOWS_THROUGH * noise:
        return False
    ink = (strength > max(ABOVE_NOISE * noise, ABOVE_USUAL * usual)).astype(np.uint8)
    ink = without_marks_of_the_sheet(ink, dust=DUST_LEFT_MM)
    reach = round(2 * REACH_MM * MM) | 1
    groups = find_blobs(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))
    shape = ink.shape[0], ink.shape[1]
    return any(_is_mark(group.of(ink), in_corner=is_in_corner(group, shape)) for group in groups)


def _strength(depth: Levels) -> NDArray[Any]:
    """How much darker than around each dot is, as wide as a pen draws; nothing where the sheet is dirty."""
    soft = np.minimum(depth.astype(np.float32), DEEPEST)
    soft[_dirt(depth, soft) > 0] = 0
    strength = cv2.GaussianBlur(soft, (0, 0), STROKE) - cv2.GaussianBlur(soft, (0, 0), AROUND)
    clear = round(CLEAR_MM * MM)
    strength[:clear], strength[-clear:], strength[:, :clear], strength[:, -clear:] = 0, 0, 0, 0
    return strength


def _dirt(depth: Levels, soft: NDArray[Any]) -> Mask:
    dirt = np.zeros(depth.shape, np.uint8)
    for blob in find_blobs((depth > DUST).astype(np.uint8)):
        if max(blob.width, blob.height) < DUST_MM * MM:
            dirt[blob.place] |= blob.of(dirt | 1)
    dirt = _widened(dirt, DUST_RIM_MM)
    dirt |= _widened(find_holes((cv2.GaussianBlur(soft, (0, 0), STROKE) > HOLE).astype(np.uint8)), HOLE_RIM_MM)
    return dirt | find_lines(soft)


def _widened(mask: Mask, millimetres: float) -> Mask:
    width = 2 * round(millimetres * MM) + 1
    return np.asarray(cv2.dilate(mask, np.ones((width, width), np.uint8)), np.uint8)


def _usual_strength(strength: NDArray[Any]) -> float:
    """Of the strongest dots in a square of the page that has few stronger ones before it."""
    cell = round(CELL_MM * MM)
    rows, columns = (side // cell for side in strength.shape)
    cells = strength[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell).transpose(0, 2, 1, 3)
    dots = cells.reshape(rows * columns, cell * cell)
    which = cell * cell - max(round(STRONGEST * cell * cell), 1)
    strongest = np.sort(np.partition(dots, which, axis=1)[:, which])
    return float(strongest[-1 - min(USUAL, len(strongest) - 1)]) if len(strongest) else 0.0


def _is_mark(mine: Mask, *, in_corner: bool) -> bool:
    """Not scattered dots along a row, which is print showing through, nor a staple of which the noise left pieces."""
    area = mine.sum() / MM**2
    if area < MARK_MM2:
        return False
    thick, long = (side / MM for side in sides_of(mine))
    return thick > (STAPLE_MM if in_corner else THICK_MM) and long > LONG_MM and area > min(SOLID_MM * long, LARGE_MM2)

"""Whether a page holds anything: ink is told from show-through, holes, staples, dust, folds, streaks and dark edges.

What decides was measured on generated backs of sheets (bench/blank_pages.py): writing has sharp edges for its depth
even when it is faint, the other side seen through the paper has not. In doubt a page is not blank: a page too many
harms less than a page too few.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.pages.raster import Grey
from shared.pages.wear import FRAME_MM, LOOK_DPI, MM, Mask, find_blobs, sides_of, without_wear

FAINTEST = 10.0  # grey levels under the paper
NOISE = 5.0  # standard deviations of the paper's own noise
REACH_MM = 1.4  # marks closer than twice this belong together
MARK_MM, MARK_MM2 = 2.0, 0.9  # a single printed digit
STROKE_MM, LINE_THICK_MM = 0.95, 1.5  # a single straight stroke says nothing

# From what depth in grey levels how steep an edge writing has, per dot and per depth; noise steepens the faint.
SHARP = ((70.0, 0.30), (30.0, 0.335), (24.0, 0.35), (18.0, 0.37), (0.0, 0.46))
# The other side of a printed page: all over the sheet, not dark, not sharp. Only what stands out from it counts.
WEAK, BLURRED, OUTSTANDING, SHARPER = 33.0, 0.37, 1.4, 0.035
CELL_MM, CELL_MM2, SPREAD_CELLS = 25.0, 1.5, 8
STANDING_MM2, STANDING_SHARP = 8.0, 0.335
SCATTERED_CELLS, SCATTERED_MARKS, WEAKER = 4, 5, 24.0  # what noise leaves of it
FULL_MM2, FULL_CELLS = 22.0, 26  # sharp ink in so many squares is a page of text: nothing else need be looked at

# The second look, for noisy scans: confined, large, faint, and not where the light falls off.
FAINT_CLEAR_MM = 9.0
NOISY, SOFT_DUST_MM, FAINT_CELLS, FAINT_MM, FAINT_MM2, FAINT_DEPTH = 2.0, 2.2, 8, (2.5, 7.0), 12.0, (8.5, 30.0)

Levels = NDArray[Any]  # grey levels, or grey levels a dot


def is_blank(grey: Grey, dpi: float) -> bool:
    depth = _depth(grey, dpi)
    ink = _ink(depth, FAINTEST, NOISE)
    if not ink.any():
        return True
    steep = np.asarray(cv2.magnitude(cv2.Sobel(depth, cv2.CV_32F, 1, 0), cv2.Sobel(depth, cv2.CV_32F, 0, 1)) / 8)
    if _cells(ink, FULL_MM2) >= FULL_CELLS and _stroke(ink, depth, steep)[1] > BLURRED:
        return False
    return not (_holds_writing(ink, depth, steep) or _holds_faint_writing(depth))


def _depth(grey: Grey, dpi: float) -> Levels:
    """How far each dot is darker than the paper around it, in grey levels."""
    scale = LOOK_DPI / dpi
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(small, (7, 7), 1.2)
    paper = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((31, 31), np.uint8))
    coarse = cv2.GaussianBlur(cv2.resize(paper, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (0, 0), 1.25)
    paper = cv2.resize(coarse, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_LINEAR)
    depth = cv2.subtract(paper, cv2.GaussianBlur(small, (3, 3), 0.6), dtype=cv2.CV_32F)
    return np.asarray(depth - np.median(depth[::3, ::3]), np.float32)


def _noise(depth: Levels) -> float:
    return 1.4826 * float(np.median(np.abs(depth[::3, ::3])))


def _ink(depth: Levels, faintest: float, noise: float) -> Mask:
    ink = np.asarray(depth > max(faintest, noise * _noise(depth)), np.uint8)
    frame = round(FRAME_MM * MM)
    ink[:frame], ink[-frame:], ink[:, :frame], ink[:, -frame:] = 0, 0, 0, 0
    return ink


def _holds_writing(ink: Mask, depth: Levels, steep: Levels) -> bool:
    marks = _marks(without_wear(ink))
    if not marks:
        return False
    whole = np.zeros_like(ink)
    for place, mine in marks:
        whole[place] |= mine
    deep, sharp = _stroke(whole, depth, steep)
    cells = _cells(whole, CELL_MM2)
    scattered = cells >= SCATTERED_CELLS and len(marks) >= SCATTERED_MARKS and deep < WEAKER
    if not (deep < WEAK and sharp < BLURRED and (cells >= SPREAD_CELLS or scattered)):
        return any(_is_written(mine, depth[place], steep[place], 0.0) for place, mine in marks)
    if _stands_out(marks, depth, steep):
        return True
    outstanding = _marks(without_wear(ink & (depth > OUTSTANDING * deep)))
    return any(_is_written(mine, depth[place], steep[place], sharp + SHARPER) for place, mine in outstanding)


def _stands_out(marks: list[tuple[tuple[slice, slice], Mask]], depth: Levels, steep: Levels) -> bool:
    """Whether one of the marks on a sheet with print showing through is darker and sharper than that print."""
    strokes = [(mine.sum() / MM**2, *_stroke(mine, depth[place], steep[place])) for place, mine in marks]
    usual = float(np.median([sharp for _, _, sharp in strokes]))
    return any(
        area > STANDING_MM2 and deep > WEAK and sharp > max(STANDING_SHARP, usual + SHARPER)
        for area, deep, sharp in strokes
    )


def _is_written(mine: Mask, depth: Levels, steep: Levels, sharper: float) -> bool:
    """Sharp, and its dark part is no speck of dust on something faint."""
    deep, sharp = _stroke(mine, depth, steep)
    return sharp > sharper and _is_sharp(deep, sharp) and sides_of(mine & (depth > deep / 2))[1] > MARK_MM * MM


def _holds_faint_writing(depth: Levels) -> bool:
    """On a noisy scan, what only shows when neighbouring dots are averaged: a stamp or a line on a copy of a copy."""
    if _noise(depth) < NOISY:
        return False
    soft = cv2.GaussianBlur(depth, (0, 0), 1.6)
    soft -= np.median(soft[::3, ::3])
    ink = without_wear(_ink(soft, 4.0, 4.5), dust=SOFT_DUST_MM)
    if not 0 < _cells(ink, CELL_MM2) <= FAINT_CELLS:
        return False
    clear = round(FAINT_CLEAR_MM * MM)
    ink[:clear], ink[-clear:], ink[:, :clear], ink[:, -clear:] = 0, 0, 0, 0
    for place, mine in _marks(ink):
        thick, long = (side / MM for side in sides_of(mine))
        deep = float(np.percentile(soft[place][mine > 0], 90))
        if (
            thick > FAINT_MM[0]
            and long > FAINT_MM[1]
            and mine.sum() > FAINT_MM2 * MM**2
            and FAINT_DEPTH[0] < deep < FAINT_DEPTH[1]
        ):
            return True
    return False


def _marks(ink: Mask) -> list[tuple[tuple[slice, slice], Mask]]:
    """Neighbouring pieces of ink taken together, where they are, without those too small or too plain to be writing."""
    reach = round(2 * REACH_MM * MM) | 1
    groups = find_blobs(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))
    marks = [(group.place, group.of(ink)) for group in groups]
    return [(place, mine) for place, mine in marks if _is_big_enough(mine)]


def _cells(ink: Mask, least: float) -> int:
    """How many squares of the page hold at least so many square millimetres of ink."""
    cell = round(CELL_MM * MM)
    size = ink.shape[1] // cell + 1, ink.shape[0] // cell + 1
    share = cv2.resize(ink * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    return int((share > 255 * least / CELL_MM**2).sum())


def _is_big_enough(mine: Mask) -> bool:
    """As big as a printed digit, and not just one straight stroke."""
    area = int(mine.sum()) / MM**2
    if area < MARK_MM2:
        return False
    thick, long = (side / MM for side in sides_of(mine))
    stroke = thick < STROKE_MM or (thick < LINE_THICK_MM and long > 4 * thick)
    return long > MARK_MM and not stroke


def _stroke(mine: Mask, depth: Levels, steep: Levels) -> tuple[float, float]:
    """How dark the ink is, and how steep its edges are for that."""
    deep = float(np.percentile(depth[mine > 0], 90))
    around = cv2.dilate(mine, np.ones((3, 3), np.uint8)) > 0
    return deep, float(np.percentile(steep[around], 90)) / deep


def _is_sharp(deep: float, sharp: float) -> bool:
    return any(deep > least and sharp > needed for least, needed in SHARP)

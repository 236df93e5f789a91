"""Whether a page holds anything: ink is told from show-through, holes, staples, dust, folds, streaks and dark edges.

What decides was measured on generated backs of sheets (bench/blank_pages.py): writing has sharp edges for its depth
even when it is faint, the other side seen through the paper has not. In doubt a page is not blank: a page too many
harms less than a page too few.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from shared.pages.faint import holds_faint_writing
from shared.pages.views import MM, SOBEL, Levels, View
from shared.pages.wear import (
    DUST_MM,
    FRAME_MM,
    Mask,
    find_blobs,
    find_lines,
    sides_of,
    without_dark_edges,
    without_shade_along_edges,
    without_wear,
)

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
STANDING_MM2, STANDING_SHARP, DARKER, DARKER_SHARP = 8.0, 0.335, 1.65, 0.343
STANDING_CLEAN = 0.4  # where the scanner adds no noise it does not blur either
SPECKS, FAR_DARKER = 2, 3.0
SCATTERED_CELLS, SCATTERED_MARKS, WEAKER = 4, 5, 24.0  # what noise leaves of it
FULL_MM2, FULL_CELLS = 22.0, 26  # sharp ink in so many squares is a page of text: nothing else need be looked at

FAINT = 22.0  # grey levels under the paper, on a noisy scan
NOISY = 2.0  # standard deviation of the paper from which a second look is worth its time

Mark = tuple[tuple[slice, slice], Mask]  # where it is, and its ink


class Sheet(NamedTuple):
    """How dark a piece of the page is, how its darkness changes to the right and down, and the whole page's noise."""

    depth: Levels
    right: Levels
    down: Levels
    noise: float

    def at(self, place: tuple[slice, slice]) -> Sheet:
        return Sheet(self.depth[place], self.right[place], self.down[place], self.noise)


def is_blank(view: View) -> bool:
    depth = without_shade_along_edges(view.depth)
    ink = _ink(depth, FAINTEST, NOISE)
    if not ink.any():
        return True
    sheet = Sheet(depth, *view.slopes, _noise(depth))
    if _cells(ink, FULL_MM2) >= FULL_CELLS and _stroke(ink, sheet)[1] > BLURRED:
        return False
    ink &= 1 - find_lines(depth)
    if _holds_writing(ink, sheet):
        return False
    return _noise(depth) < NOISY or not holds_faint_writing(depth)


def _noise(depth: Levels) -> float:
    return 1.4826 * float(np.median(np.abs(depth[::3, ::3])))


def _ink(depth: Levels, faintest: float, noise: float) -> Mask:
    ink = without_dark_edges(np.asarray(depth > max(faintest, noise * _noise(depth)), np.uint8))
    frame = round(FRAME_MM * MM)
    ink[:frame], ink[-frame:], ink[:, :frame], ink[:, -frame:] = 0, 0, 0, 0
    return ink


def _holds_writing(ink: Mask, sheet: Sheet) -> bool:
    marks = _without_specks(_marks(without_wear(ink)), sheet.depth)
    if not marks:
        return False
    whole = np.zeros_like(ink)
    for place, mine in marks:
        whole[place] |= mine
    deep, sharp = _stroke(whole, sheet)
    cells = _cells(whole, CELL_MM2)
    scattered = cells >= SCATTERED_CELLS and len(marks) >= SCATTERED_MARKS and deep < WEAKER
    if not (deep < WEAK and sharp < BLURRED and (cells >= SPREAD_CELLS or scattered)):
        return any(_is_written(mine, sheet.at(place), 0.0) for place, mine in marks)
    if _stands_out(marks, sheet):
        return True
    outstanding = _without_specks(_marks(without_wear(ink & (sheet.depth > OUTSTANDING * deep))), sheet.depth)
    return any(_is_written(mine, sheet.at(place), sharp + SHARPER) for place, mine in outstanding)


def _stands_out(marks: list[Mark], sheet: Sheet) -> bool:
    """Whether one of the marks on a sheet with print showing through is darker and sharper than that print."""
    strokes = [(mine.sum() / MM**2, *_stroke(mine, sheet.at(place))) for place, mine in marks]
    usual_deep, usual = (float(np.median(values)) for values in list(zip(*strokes, strict=True))[1:])
    return any(
        area > STANDING_MM2
        and (
            (deep > WEAK and sharp > max(STANDING_SHARP, usual + SHARPER))
            or (deep > DARKER * usual_deep and sharp > (DARKER_SHARP if sheet.noise else STANDING_CLEAN))
        )
        for area, deep, sharp in strokes
    )


def _is_written(mine: Mask, sheet: Sheet, sharper: float) -> bool:
    """Sharp, and its dark part is no speck of dust on something faint."""
    deep, sharp = _stroke(mine, sheet)
    return (
        sharp > sharper
        and _is_sharp(deep, sharp, sheet.noise)
        and sides_of(mine & (sheet.depth > deep / 2))[1] > MARK_MM * MM
    )


def _without_specks(marks: list[Mark], depth: Levels) -> list[Mark]:
    """Dust on faint marks would lend them its darkness: one or two dots far darker than the rest."""
    clean = [(place, mine & (1 - _specks(mine, depth[place]))) for place, mine in marks]
    return [(place, mine) for place, mine in clean if _is_big_enough(mine)]


def _specks(mine: Mask, depth: Levels) -> Mask:
    specks = np.zeros_like(mine)
    dark = find_blobs(mine & np.asarray(depth > depth[mine > 0].max() / FAR_DARKER, np.uint8))
    if len(dark) <= SPECKS and all(max(blob.width, blob.height) < DUST_MM * MM for blob in dark):
        for blob in dark:
            specks[blob.place] |= blob.of(specks | 1)
    return np.asarray(cv2.dilate(specks, np.ones((5, 5), np.uint8)), np.uint8)


def _marks(ink: Mask) -> list[Mark]:
    """Neighbouring pieces of ink taken together, where they are, without those too small or too plain to be writing."""
    reach = round(2 * REACH_MM * MM) | 1
    groups = find_blobs(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))
    marks = [(group.place, group.of(ink)) for group in groups]
    return [(place, mine) for place, mine in marks if _is_big_enough(mine)]


def _cells(ink: Mask, least: float) -> int:
    """How many squares of the page hold at least so many square millimetres of ink."""
    cell = round(CELL_MM * MM)
    sums = cv2.integral(ink)
    rows, columns = ([*range(0, side, cell), side] for side in ink.shape)
    area = np.diff(np.diff(sums[np.ix_(rows, columns)], axis=0), axis=1)
    return int((area >= least * MM**2).sum())


def _is_big_enough(mine: Mask) -> bool:
    """As big as a printed digit, and not just one straight stroke."""
    area = int(mine.sum()) / MM**2
    if area < MARK_MM2:
        return False
    thick, long = (side / MM for side in sides_of(mine))
    stroke = thick < STROKE_MM or (thick < LINE_THICK_MM and long > 4 * thick)
    return long > MARK_MM and not stroke


def _stroke(mine: Mask, sheet: Sheet) -> tuple[float, float]:
    """How dark the ink is, and how steep its edges are for that."""
    deep = float(np.percentile(sheet.depth[mine > 0], 90))
    around = cv2.dilate(mine, np.ones((3, 3), np.uint8)) > 0
    steep = np.hypot(sheet.right[around].astype(np.float32), sheet.down[around].astype(np.float32)) / SOBEL
    return deep, float(np.percentile(steep, 90)) / deep


def _is_sharp(deep: float, sharp: float, noise: float) -> bool:
    """On a noisy scan the edges of what is faint are mostly noise: that is for the second look."""
    doubtful = FAINT if noise >= NOISY else 0.0
    return any(deep > max(least, doubtful) and sharp > needed for least, needed in SHARP[:-1]) or sharp > SHARP[-1][1]

"""The Patch-T mark of document separator sheets, as Kodak defined it (publication A-61599).

Four bars and three spaces, 0.8 inch across: narrow bars and all spaces 0.08 inch, wide bars 0.2 inch, bars at least 2
inches long. Seen from the leading edge Patch-T is narrow, wide, narrow, wide. Upside down it cannot be told from
Patch 3, so both separate.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.pages import views
from shared.pages.codes import Box
from shared.pages.views import View

LOOK_DPI = 75
UNIT_INCHES = 0.08
UNITS = 10.0  # 1 + 2.5 + 1 + 2.5 for the bars, 3 for the spaces
UNIT_RANGE = (0.6, 1.6)  # printed to fit the page, or scanned with a wrong resolution in the file
NARROW, WIDE, SPACE = (0.45, 1.75), (1.8, 3.5), (0.35, 1.7)  # in units, for toner that spreads and light that eats
QUIET = 1.0
STEP = 3  # dots between the lines that are looked along
SHORTEST = 0.6  # inches of bar that must be seen
SLOPES = np.arange(-0.3, 0.301, 0.02)  # up to 16 degrees askew
STRAY = 3.0  # dots
DARKER_HALF, THROUGH = 75.0, 45.0  # percent of a mark's dots, and grey levels that no ordinary paper lets through
CHARACTERS = 150  # marks the size of letters beside the patch: more of them make a page, fewer a separator sheet
CHARACTER_MM = (0.9, 7.0)


class Patch(NamedTuple):
    """Where a mark lies, in dots at LOOK_DPI."""

    left: int
    top: int
    right: int
    bottom: int

    def box(self, view: View) -> Box:
        scale = LOOK_DPI / views.LOOK_DPI
        width, height = view.small.shape[1] * scale, view.small.shape[0] * scale
        return self.left / width, self.top / height, self.right / width, self.bottom / height


def find_patches(view: View) -> tuple[list[Patch], bool]:
    """The marks on the page, in any of four directions, and whether the page holds a document's text beside them."""
    dark = _dark(_depth(view))
    found = _along_columns(dark)
    found += [
        Patch(top, left, bottom, right) for left, top, right, bottom in _along_columns(np.ascontiguousarray(dark.T))
    ]
    return found, bool(found) and _count_characters(dark, found) > CHARACTERS


def is_printed_here(view: View, boxes: list[Box]) -> bool:
    """Whether a mark in one of the boxes is on this side of the sheet; codes and bars are also seen through it."""
    depth = _depth(view)
    height, width = depth.shape
    for left, top, right, bottom in boxes:
        rows = slice(max(int(top * height), 0), max(int(bottom * height), 0) + 1)
        columns = slice(max(int(left * width), 0), max(int(right * width), 0) + 1)
        mark = depth[rows, columns]
        if mark.size and float(np.percentile(mark, DARKER_HALF)) > THROUGH:
            return True
    return False


def _depth(view: View) -> NDArray[np.int16]:
    scale = LOOK_DPI / views.LOOK_DPI
    # Without the blur the thin bars of a code beside the mark would break up into what looks like letters.
    soft = cv2.GaussianBlur(view.depth, (3, 3), 0)
    return np.asarray(cv2.resize(soft, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.int16)


def _dark(depth: NDArray[np.int16]) -> NDArray[np.uint8]:
    """1 where there is ink, by the page's own light and its own darkest marks."""
    return np.asarray(depth > max(20.0, 0.4 * float(np.percentile(depth[::2, ::2], 99))), np.uint8)


def _along_columns(dark: NDArray[np.uint8]) -> list[Patch]:
    """Marks whose bars lie across the columns."""
    lines = dark.T[::STEP]
    edges = np.flatnonzero(np.diff(np.pad(lines, ((0, 0), (1, 1))).ravel().astype(np.int8)))
    length = lines.shape[1] + 2
    column, place = edges // length, edges % length
    if len(edges) < 8:
        return []
    starts = np.flatnonzero(column[:-7] == column[7:])
    starts = starts[dark.T[::STEP][column[starts], np.minimum(place[starts], length - 3)] == 1]
    width = np.stack([place[starts + k + 1] - place[starts + k] for k in range(7)], axis=1)
    whole = place[starts + 7] - place[starts]
    unit = whole / UNITS
    shape = width / unit[:, None]
    before, after = _quiet(column, place, starts, length)
    fits = _between(unit / (UNIT_INCHES * LOOK_DPI), UNIT_RANGE) & (before > QUIET * unit) & (after > QUIET * unit)
    fits &= _between(shape[:, 1::2], SPACE).all(axis=1)
    forward = _between(shape[:, 0::4], NARROW).all(axis=1) & _between(shape[:, 2::4], WIDE).all(axis=1)
    backward = _between(shape[:, 0::4], WIDE).all(axis=1) & _between(shape[:, 2::4], NARROW).all(axis=1)
    patches = []
    for direction in (forward, backward):
        chosen = fits & direction
        patches += _gather(column[starts[chosen]] * STEP, place[starts[chosen]], whole[chosen])
    return patches


def _quiet(column: Any, place: Any, starts: Any, length: int) -> tuple[Any, Any]:
    """The white before and after each run of eight edges, to the edge of the page if need be."""
    earlier, later = np.maximum(starts - 1, 0), np.minimum(starts + 8, len(column) - 1)
    same_before = (column[earlier] == column[starts]) & (starts > 0)
    same_after = (column[later] == column[starts]) & (starts + 8 < len(column))
    before = np.where(same_before, place[starts] - place[earlier], length)
    after = np.where(same_after, place[later] - place[starts + 7], length)
    return before, after


def _between(values: Any, span: tuple[float, float]) -> Any:
    return (values >= span[0]) & (values <= span[1])


def _gather(x: Any, y: Any, whole: Any) -> list[Patch]:
    """Hits that lie along one straight line, long enough to be bars."""
    found = []
    while len(x) * STEP >= SHORTEST * LOOK_DPI:
        offsets = y[None, :] - SLOPES[:, None] * x[None, :]
        counts, middles = zip(*(_densest(offset) for offset in offsets), strict=True)
        best = int(np.argmax(counts))
        mine = np.abs(offsets[best] - middles[best]) <= STRAY
        if mine.sum() * STEP < SHORTEST * LOOK_DPI:
            break
        span = int(np.median(whole[mine]))
        found.append(Patch(int(x[mine].min()), int(y[mine].min()), int(x[mine].max()), int(y[mine].max()) + span))
        x, y, whole = x[~mine], y[~mine], whole[~mine]
    return found


def _densest(offset: Any) -> tuple[int, float]:
    """How many hits the fullest window of offsets holds, and its middle."""
    ordered = np.sort(offset)
    ends = np.searchsorted(ordered, ordered + 2 * STRAY, side="right")
    counts = ends - np.arange(len(ordered))
    fullest = int(np.argmax(counts))
    return int(counts[fullest]), float(ordered[fullest] + STRAY)


def _count_characters(dark: NDArray[np.uint8], patches: list[Patch]) -> int:
    rest = dark.copy()
    margin = round(0.1 * LOOK_DPI)
    for patch in patches:
        rest[max(patch.top - margin, 0) : patch.bottom + margin, max(patch.left - margin, 0) : patch.right + margin] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    mm = LOOK_DPI / 25.4
    heights, areas = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    return int((_between(heights / mm, CHARACTER_MM) & (areas >= 4)).sum())

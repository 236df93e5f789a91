"""What dirties a sheet without anything being written on it: folds, streaks, holes, staples, dark edges, dust.

Holes are round and in the margin, staples straight and in a corner, folds and streaks straight and long, dust small.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.pages.views import MM, Levels

FRAME_MM = 5.0  # what scanners and copiers dirty along the edges
DUST_MM = 1.3
HOLE_MM, HOLE_MARGIN_MM, HOLE_CORE_MM, HOLE_RIM_MM = (3.0, 9.0), 25.0, 2.8, 1.0
STAPLE_MM, STAPLE_THICK_MM, STAPLE_CORNER_MM = (2.0, 16.0), 3.2, 32.0
LINE_MM, LINE_SHARE, FOLD_MM = 8.0, 0.35, 2.2
LINES = (2.0, 8.0, 12.0)  # grey levels darker than around: a faint line, and ones across print that shows through
LINE_DEEPEST, LINE_EVENED_MM, LINE_RIM_MM = 30.0, 10.0, 0.5
ACROSS_LINE = (3.0, 15.0)  # how often as dark as its average, and grey levels more
LINE_BLURRED_MM, SOLID, SOLID_SHARE = 1.6, 0.5, 0.94
SHADE_MM, SHADE_LONG_MM, SHADE_EVENED_MM = 20.0, 20.0, 2.5
EDGE_TOUCH, EDGE_RAGGED = 4, 7  # dots
EDGE_MM, EDGE_LONG_MM, EDGE_SLACK_MM = 20.0, 20.0, 1.5

Mask = NDArray[Any]  # of 0 and 1


class Blob(NamedTuple):
    """One connected piece of ink with what it encloses, in dots at LOOK_DPI."""

    outline: NDArray[np.int32]
    left: int
    top: int
    width: int
    height: int

    @property
    def place(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    def of(self, mask: Mask) -> Mask:
        """What the mask holds within the outline."""
        inside = np.zeros((self.height, self.width), np.uint8)
        cv2.drawContours(inside, [self.outline], -1, 1, cv2.FILLED, offset=(-self.left, -self.top))
        return inside & mask[self.place]

    def sides(self) -> tuple[float, float]:
        """The short and the long side of the tightest box around it, at any angle."""
        _, sides, _ = cv2.minAreaRect(self.outline)
        return min(sides), max(sides)


def without_shade_along_edges(depth: Levels) -> Levels:
    """Depths without what runs evenly along an edge of the page: a shadow of the lid, light that falls off."""
    even = depth.copy()
    wide, along, evened = (round(side * MM) for side in (SHADE_MM, SHADE_LONG_MM, SHADE_EVENED_MM))
    for strip, across in ((even[:, :wide], 1), (even[:, -wide:], 1), (even[:wide], 0), (even[-wide:], 0)):
        line = (along, 1) if across else (1, along)
        calm = cv2.blur(strip, (1, evened) if across else (evened, 1))
        shade = cv2.morphologyEx(calm, cv2.MORPH_OPEN, np.ones(line, np.uint8), borderType=cv2.BORDER_REPLICATE)
        strip -= np.maximum(shade, 0)
    return even


def without_dark_edges(ink: Mask) -> Mask:
    """Without what begins at an edge of the page and does not reach far into it: the lid, a wedge, a torn corner."""
    ink, wide = ink.copy(), round(EDGE_MM * MM)
    for strip in (ink[:, :wide].T, ink[:, ::-1][:, :wide].T, ink[:wide], ink[::-1][:wide]):
        joined = cv2.dilate(np.ascontiguousarray(strip), np.ones((EDGE_RAGGED, EDGE_RAGGED), np.uint8))
        for blob in find_blobs(joined):
            if blob.top < EDGE_TOUCH and blob.top + blob.height < strip.shape[0]:
                strip[blob.place] &= 1 - blob.of(strip)
    return ink


def without_wear(ink: Mask, *, dust: float = DUST_MM) -> Mask:
    """The ink that is left when the wear of the sheet is taken away."""
    return without_marks_of_the_sheet(_without_lines(_without_holes(ink.copy())), dust=dust)


def _without_lines(ink: Mask) -> Mask:
    """Without folds and scanner streaks: straight, thin, and over a third of the page."""
    length = round(LINE_MM * MM)
    for across in (True, False):
        fat = cv2.dilate(ink, np.ones((3, 1) if across else (1, 3), np.uint8))
        straight = cv2.morphologyEx(fat, cv2.MORPH_OPEN, np.ones((1, length) if across else (length, 1), np.uint8))
        joined = cv2.dilate(straight, np.ones((3, 3 * length) if across else (3 * length, 3), np.uint8))
        for blob in find_blobs(joined, least=LINE_SHARE * (ink.shape[1] if across else ink.shape[0])):
            line = blob.of(straight)
            if line.any() and sides_of(line)[0] < FOLD_MM * MM:
                ink[blob.place] &= 1 - cv2.dilate(line, np.ones((5, 5), np.uint8))
    return ink


def find_lines(depth: NDArray[Any]) -> Mask:
    """Folds and streaks that noise breaks up or that cross something: seen when averaged along their length.

    What is far darker than the line is not of it: it is written across.
    """
    limits, everywhere = np.zeros(depth.shape, np.float32), np.ones(depth.shape, np.uint8)
    soft = np.minimum(depth, LINE_DEEPEST).astype(np.float32)
    long, rim = round(LINE_EVENED_MM * MM), round(LINE_RIM_MM * MM)
    calm = cv2.blur(soft, (3, 3))
    for along, across in (((3, long), 0), ((long, 3), 1)):
        even = cv2.blur(soft, along)
        above = even - cv2.blur(soft, (long, long))
        least = LINE_SHARE * depth.shape[across]
        for blob in [blob for level in LINES for blob in find_blobs((above > level).astype(np.uint8), least=least)]:
            mine = blob.of(everywhere)
            thin = blob.sides()[0] < LINE_BLURRED_MM * MM
            if thin and _is_solid(calm[blob.place] * mine, even[blob.place] * mine, 1 - across):
                limit = ACROSS_LINE[0] * float(np.median(even[blob.place][mine > 0])) + ACROSS_LINE[1]
                limits[blob.place][mine > 0] = limit
    limits = np.asarray(cv2.dilate(limits, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)), np.float32)
    return ((limits > 0) & (depth <= limits)).astype(np.uint8)


def _is_solid(depth: NDArray[Any], even: NDArray[Any], across: int) -> bool:
    """Whether it is dark at every place along it; a line of letters has gaps."""
    there = even.max(axis=across) > 0
    dark = depth.max(axis=across) > SOLID * even.max(axis=across)
    return bool(there.any() and dark[there].mean() > SOLID_SHARE)


def without_marks_of_the_sheet(ink: Mask, *, dust: float) -> Mask:
    """Without dust, staples and dark edges."""
    shape = ink.shape[0], ink.shape[1]
    kept = np.zeros_like(ink)
    for blob in find_blobs(ink, least=dust * MM):
        if not (_is_edge(blob, shape) or _is_staple(blob, shape)):
            kept[blob.place] |= blob.of(ink)
    return kept


def _without_holes(ink: Mask) -> Mask:
    rim = round(HOLE_RIM_MM * MM)
    for top, left, bottom, right in _hole_boxes(ink):
        ink[max(top - rim, 0) : bottom + rim, max(left - rim, 0) : right + rim] = 0
    return ink


def find_holes(ink: Mask) -> Mask:
    """The boxes around holes."""
    holes = np.zeros_like(ink)
    for top, left, bottom, right in _hole_boxes(ink):
        holes[top:bottom, left:right] = 1
    return holes


def _hole_boxes(ink: Mask) -> Iterator[tuple[int, int, int, int]]:
    """What is round, solid and in the margin; a fold running through it does not hide it."""
    core = round(HOLE_CORE_MM * MM)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (core, core))
    for blob in find_blobs(cv2.morphologyEx(ink, cv2.MORPH_OPEN, disc)):
        if _is_hole(blob, (ink.shape[0], ink.shape[1])):
            yield blob.top, blob.left, blob.top + blob.height, blob.left + blob.width


def _is_hole(blob: Blob, shape: tuple[int, int]) -> bool:
    round_ = 0.7 < blob.width / blob.height < 1.4 and cv2.contourArea(blob.outline) > 0.45 * blob.width * blob.height
    sized = HOLE_MM[0] * MM < max(blob.width, blob.height) < HOLE_MM[1] * MM
    return round_ and sized and min(_distances(blob, shape)) < HOLE_MARGIN_MM * MM


def _is_edge(blob: Blob, shape: tuple[int, int]) -> bool:
    """Along the frame, and long: the lid beside the sheet, a shadow, a black wedge of a crooked sheet."""
    frame = (FRAME_MM + EDGE_SLACK_MM) * MM
    left, top, right, bottom = _distances(blob, shape, far=False)
    depth = EDGE_MM * MM
    for near, reach, length in (
        (left, blob.left + blob.width, blob.height),
        (top, blob.top + blob.height, blob.width),
        (right, shape[1] - blob.left, blob.height),
        (bottom, shape[0] - blob.top, blob.width),
    ):
        if near <= frame and reach <= depth and (length > EDGE_LONG_MM * MM or reach <= frame + DUST_MM * MM):
            return True
    return False


def _is_staple(blob: Blob, shape: tuple[int, int]) -> bool:
    """Straight, thin, and in a corner."""
    if not is_in_corner(blob, shape):
        return False
    thick, long = blob.sides()
    return STAPLE_MM[0] * MM < long < STAPLE_MM[1] * MM and thick < min(STAPLE_THICK_MM * MM, long / 1.45)


def is_in_corner(blob: Blob, shape: tuple[int, int]) -> bool:
    """Where staples are."""
    left, top, right, bottom = _distances(blob, shape)
    return max(min(left, right), min(top, bottom)) <= STAPLE_CORNER_MM * MM


def _distances(blob: Blob, shape: tuple[int, int], *, far: bool = True) -> tuple[int, int, int, int]:
    """From the left, top, right and bottom edge of the page to the blob: to its far side, or to its near one."""
    wide, tall = (blob.width, blob.height) if far else (0, 0)
    right, bottom = shape[1] - blob.left, shape[0] - blob.top
    if not far:
        right, bottom = right - blob.width, bottom - blob.height
    return blob.left + wide, blob.top + tall, right, bottom


def sides_of(mask: Any) -> tuple[float, float]:
    """The short and the long side of the tightest box around a mask, at any angle."""
    _, sides, _ = cv2.minAreaRect(np.argwhere(mask).astype(np.float32))
    return min(sides), max(sides)


def find_blobs(mask: Mask, *, least: float = 0.0) -> list[Blob]:
    """The connected pieces of a mask that have a side of at least `least` dots."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [Blob(np.asarray(outline, np.int32), *cv2.boundingRect(outline)) for outline in outlines]
    return [blob for blob in found if max(blob.width, blob.height) >= least]

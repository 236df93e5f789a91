"""One page seen in the ways that several detectors share, each made once: small, smoothed, against its own paper."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.shrinking import shrink as shrink_whole
from shared.pages.raster import Grey

LOOK_DPI = 100
MM = LOOK_DPI / 25.4
NEAR_ENOUGH = 0.01  # of a whole number of dots to one
AROUND, DARKER = 25, np.uint8(22)  # dots and grey levels
PAPER = 21  # dots at half of LOOK_DPI within which there is bare paper: wider than the bars of a patch mark
SOBEL = 8.0  # what OpenCV's Sobel filter multiplies by

Levels = NDArray[np.int16]  # grey levels, or grey levels a dot


class View:
    """The page as decoded (`grey`, at `dpi`), and what is made of it at LOOK_DPI."""

    def __init__(self, grey: Grey, dpi: float) -> None:
        self.grey = grey
        self.dpi = dpi

    @cached_property
    def small(self) -> Grey:
        return shrink(self.grey, self.dpi / LOOK_DPI)

    @cached_property
    def soft(self) -> Grey:
        return np.asarray(cv2.GaussianBlur(self.small, (3, 3), 0.6), np.uint8)

    @cached_property
    def half(self) -> Grey:
        """At half of LOOK_DPI."""
        return shrink(self.small, 2)

    @cached_property
    def two_colours(self) -> Grey:
        """At the full resolution: black what is darker than the dots around it."""
        usual = np.maximum(cv2.blur(self.small, (AROUND, AROUND)), DARKER) - DARKER
        threshold = cv2.resize(usual, (self.grey.shape[1], self.grey.shape[0]), interpolation=cv2.INTER_LINEAR)
        return np.asarray(cv2.compare(self.grey, threshold, cv2.CMP_GE), np.uint8)

    @cached_property
    def depth(self) -> Levels:
        """How far each dot is darker than the paper around it; 0 is the usual paper."""
        light = cv2.morphologyEx(
            cv2.GaussianBlur(self.half, (5, 5), 0.9), cv2.MORPH_CLOSE, np.ones((PAPER, PAPER), np.uint8)
        )
        coarse = cv2.GaussianBlur(cv2.resize(light, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (0, 0), 1.25)
        paper = cv2.resize(coarse, (self.small.shape[1], self.small.shape[0]), interpolation=cv2.INTER_LINEAR)
        depth = cv2.subtract(paper, self.soft, dtype=cv2.CV_16S)
        return np.asarray(depth - np.int16(np.median(depth[::3, ::3])), np.int16)

    @cached_property
    def slopes(self) -> tuple[Levels, Levels]:
        """How much darker or lighter it gets to the right and down, SOBEL times the grey levels a dot."""
        right, down = cv2.spatialGradient(self.soft)
        return np.asarray(right, np.int16), np.asarray(down, np.int16)


def shrink(grey: Grey, times: float) -> Grey:
    """So many times smaller; by whole dots where that is near enough, which is ten times as fast."""
    whole = round(times)
    if 1 <= whole <= min(grey.shape) and abs(times - whole) < NEAR_ENOUGH * times:
        return shrink_whole(grey, whole)
    how = cv2.INTER_AREA if times > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, None, fx=1 / times, fy=1 / times, interpolation=how), np.uint8)

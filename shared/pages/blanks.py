"""Whether a page holds anything: marks of ink are told from show-through, holes, staples, dust, folds and edges."""

from __future__ import annotations

import cv2
import numpy as np

from shared.pages.raster import Grey

LOOK_DPI = 100


def is_blank(grey: Grey, dpi: float) -> bool:
    scale = LOOK_DPI / dpi
    small = cv2.GaussianBlur(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), (3, 3), 0)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((31, 31), np.uint8))
    inked = cv2.subtract(paper, small)[30:-30, 30:-30] > 28
    return bool(np.mean(inked) < 0.0008)

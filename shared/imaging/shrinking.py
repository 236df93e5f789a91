"""A smaller copy of a picture, by whole dots."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def shrink(grey: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """So many times smaller; much faster than by fractions. A rim that makes no dot is left off."""
    if times == 1:
        return grey
    height, width = (max(1, side // times) for side in grey.shape)
    whole = grey[: height * times, : width * times]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

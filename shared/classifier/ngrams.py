"""A text as counts of hashed character n-grams within words (what scikit-learn calls char_wb), in numpy alone."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.folding import fold

SIZES = (3, 4, 5, 6)
BUCKETS = 1 << 17
LONGEST_TEXT = 60_000
_NO_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def normalised(text: str) -> str:
    """Folded words with single spaces; every number becomes one 0; words broken at a line end are mended."""
    words = _NO_WORD.sub(" ", fold(_HYPHENATED.sub("", text[:LONGEST_TEXT])))
    return f" {_DIGITS.sub('0', words).strip()} "


def hashed_counts(text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Buckets that occur, ascending, and how often. The same text gives the same buckets on every machine."""
    codes = np.frombuffer(normalised(text).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    spaces = codes == ord(" ")
    found: list[NDArray[Any]] = []
    for size in SIZES:
        if len(codes) < size:
            continue
        count = len(codes) - size + 1
        hashes = np.full(count, size, dtype=np.uint64)
        inner = np.zeros(count, dtype=bool)
        for offset in range(size):
            hashes = (hashes * _PRIME) ^ codes[offset : offset + count]
            if 0 < offset < size - 1:
                inner |= spaces[offset : offset + count]
        hashes = (hashes * _MIX) >> np.uint64(64 - BUCKETS.bit_length() + 1)
        found.append(hashes[~inner])
    if not found:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
    buckets, counts = np.unique(np.concatenate(found).astype(np.intp), return_counts=True)
    return buckets, counts.astype(np.float32)

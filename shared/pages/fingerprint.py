"""A compact signature of a document, to tell that the same paper was probably scanned again.

Forms of one kind share most of their words and their looks, whoever fills them in. What differs between two people are
the words with digits (dates, numbers, amounts), and where on the page the ink lies. On nine forms, filled in by two
people and scanned twice each, the limits below told 16 of 18 repeats and took no other for one. Words are kept as
16-bit hashes, of which nothing can be read back. Pure.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.model import Value

WORDS = 256  # hashes kept of all words: those of a form whole, a sample of the words of a long text
MARKED_WORDS = 48  # of the words with digits
GRID = 24  # the ink map is GRID × GRID cells
LEVELS = 15
SEED = 0x9E3779B1

SAME_TEXT, SAME_INK = 0.96, 0.965
MARKED_WEIGHT, FEW_MARKED = 0.3, 4

WORD = re.compile(r"\w+")


class Signature(Value):
    """`words` and `marked` are sorted 16-bit hashes; `ink` a map of each of the first pages, base64 of 4-bit levels."""

    pages: int
    words: list[int]
    marked: list[int]
    ink: list[str]


def sign(text: str, page_count: int, first_pages: Iterable[NDArray[np.uint8]] = ()) -> Signature:
    """`first_pages`: upright grey pictures, any resolution; one or two are enough."""
    words = {word for word in WORD.findall(text.casefold()) if len(word) > 2}
    marked = {word for word in words if sum(letter.isdigit() for letter in word) >= 2}
    return Signature(
        pages=page_count,
        words=_least(words, WORDS),
        marked=_least(marked, MARKED_WORDS),
        ink=[base64.b64encode(_ink_map(page).tobytes()).decode() for page in first_pages],
    )


def is_likely_repeat(one: Signature, other: Signature) -> bool:
    """Whether both are probably scans of the same paper: text and looks must both bear it out."""
    if one.pages != other.pages or not one.words or not other.words:
        return False
    words = _likeness(one.words, other.words, WORDS)
    enough = min(len(one.marked), len(other.marked)) >= FEW_MARKED
    marked = _likeness(one.marked, other.marked, MARKED_WORDS) if enough else words
    return words + MARKED_WEIGHT * marked >= SAME_TEXT and _ink_likeness(one, other) >= SAME_INK


def _least(words: set[str], count: int) -> list[int]:
    hashes = sorted({zlib.crc32(word.encode(), SEED) for word in words})[:count]
    return [value >> 16 for value in hashes]


def _likeness(one: list[int], other: list[int], count: int) -> float:
    """The share of common words, from the least hashes of both (a bottom-k sketch)."""
    mine, theirs = set(one), set(other)
    union = sorted(mine | theirs)[:count]
    return len(mine & theirs & set(union)) / len(union) if union else 0.0


def _ink_map(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much ink lies in each cell of the inked part of the page, in levels."""
    small = cv2.resize(page, (480, 480), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8)), (0, 0), 4)
    depth = cv2.subtract(paper, small)
    ink = np.asarray(depth > max(12.0, 0.35 * float(np.percentile(depth, 99.5))), np.uint8)
    rows, columns = np.flatnonzero(ink.sum(axis=1) > 2), np.flatnonzero(ink.sum(axis=0) > 2)
    if not rows.size or not columns.size:
        return np.zeros((GRID, GRID), np.uint8)
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    cells = cv2.resize(cv2.GaussianBlur(part, (0, 0), 5), (GRID, GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(np.round(cells / max(float(cells.max()), 1e-6) * LEVELS), np.uint8)


def _ink_likeness(one: Signature, other: Signature) -> float:
    """The correlation of the ink maps, the least of all pages both have; 1 where none was kept."""
    found = [1.0]
    for mine, theirs in zip(one.ink, other.ink, strict=False):
        a, b = (np.frombuffer(base64.b64decode(code), np.uint8).astype(np.float64) for code in (mine, theirs))
        spread = float(a.std() * b.std())
        found.append(
            float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread else float(np.array_equal(a, b))
        )
    return min(found)

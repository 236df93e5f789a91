"""Whether a page begins with the title of a form the city knows: large or capital letters in its upper part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from shared.classifier.evidence import TITLE_WEIGHT, EvidenceIndex, Hit
from shared.kinds import Catalogue
from shared.model import Line, PageText

UPPER_PART = 0.45
LARGER = 1.12  # than the page's usual letters
FEWEST_LETTERS = 8
NEAR_START = 3  # words of the line before the title: a number, what a stamp left


class TitleFinder:
    """Built once: it looks up every title of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._index = EvidenceIndex(catalogue)

    def has_title(self, page: PageText) -> bool:
        return any(_is_title(hit) for text in prominent_texts(page) for hit in self._index.find(text).hits)


def _is_title(hit: Hit) -> bool:
    weights = hit.pattern.weights.values()
    return hit.place <= NEAR_START and len(hit.pattern.stems) > 1 and TITLE_WEIGHT in weights


def prominent_texts(page: PageText) -> Iterator[str]:
    """The lines of the upper part that stand out, as a title does, and each two of them in a row."""
    heights = [word.box[3] - word.box[1] for line in page.lines for word in line.words]
    usual = median(heights) if heights else 0.0
    lines = [(line.text, _stands_out(line, usual)) for line in page.lines]
    yield from (text for text, stands_out in lines if stands_out)
    yield from (f"{one} {two}" for (one, first), (two, second) in pairwise(lines) if first and second)


def _stands_out(line: Line, usual: float) -> bool:
    if line.words[0].box[1] > UPPER_PART:
        return False
    letters = [letter for letter in line.text if letter.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return False
    height = median(word.box[3] - word.box[1] for word in line.words)
    return height >= LARGER * usual or all(letter.isupper() for letter in letters)

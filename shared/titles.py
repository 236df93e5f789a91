"""Whether a page begins with the title of a form the city knows: large or capital letters in its upper part."""

from __future__ import annotations

from statistics import median

from shared.classifier.evidence import EvidenceIndex
from shared.kinds import Catalogue
from shared.model import Line, PageText

UPPER_PART = 0.45
LARGER = 1.12  # than the page's usual letters
FEWEST_LETTERS = 8


class TitleFinder:
    """Built once: it looks up every title of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._index = EvidenceIndex(catalogue)

    def has_title(self, page: PageText) -> bool:
        return bool(self._index.find(prominent_text(page)).titled)


def prominent_text(page: PageText) -> str:
    """The lines of the upper part that stand out, as a title does."""
    heights = [word.box[3] - word.box[1] for line in page.lines for word in line.words]
    usual = median(heights) if heights else 0.0
    return "\n".join(line.text for line in page.lines if _stands_out(line, usual))


def _stands_out(line: Line, usual: float) -> bool:
    if line.words[0].box[1] > UPPER_PART:
        return False
    letters = [letter for letter in line.text if letter.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return False
    height = median(word.box[3] - word.box[1] for word in line.words)
    return height >= LARGER * usual or all(letter.isupper() for letter in letters)

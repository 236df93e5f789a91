"""Tesseract's table of words as lines on a page, and lines found later among those that were there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.imaging.placement import PixelBox, Placement
from shared.model import Line, Word

WORD_LEVEL = "5"


@dataclass(frozen=True)
class Reading:
    """One pass of the engine over a picture; `boxes` are its words' in the picture's pixels."""

    lines: list[Line]
    confidence: float
    boxes: list[PixelBox]


def parse_tsv(tsv: str, placement: Placement, *, widening: float = 1.0, origin: tuple[int, int] = (0, 0)) -> Reading:
    """Tesseract's table (level, page, block, paragraph, line, word, left, top, width, height, confidence, text).

    `widening` undoes what narrowed the picture that it saw; `origin` is where on the page that picture was.
    """
    lines: dict[tuple[str, ...], list[Word]] = {}
    boxes: list[PixelBox] = []
    letters, trust = 0, 0.0
    for row in tsv.splitlines():
        level, _, block, paragraph, line, _, left, top, width, height, confidence, text = row.split("\t", 11)
        text = text.strip()
        if level != WORD_LEVEL or not text:
            continue
        sure = max(0.0, float(confidence)) / 100
        where = round(int(left) * widening) + origin[0], int(top) + origin[1], round(int(width) * widening), int(height)
        word = Word(text=text, box=placement.box(*where), confidence=round(sure, 3))
        lines.setdefault((block, paragraph, line), []).append(word)
        boxes.append(where)
        letters += len(text)
        trust += sure * len(text)
    whole = trust / letters if letters else 0.0
    return Reading([Line(words=words) for words in lines.values()], whole, boxes)


def insert_lines(lines: list[Line], more: Iterable[Line]) -> list[Line]:
    """Each further line after the last one that stands above it."""
    whole = list(lines)
    for line in more:
        above = [place for place, other in enumerate(whole, 1) if _middle(other) < _middle(line)]
        whole.insert(max(above, default=0), line)
    return whole


def _middle(line: Line) -> float:
    return (line.words[0].box[1] + line.words[0].box[3]) / 2


def lies_on(box: PixelBox, others: Iterable[PixelBox]) -> bool:
    """Whether the middle of a box is within another."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return any(left <= x <= left + width and top <= y <= top + height for left, top, width, height in others)

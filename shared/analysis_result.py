"""What Document Intelligence read, in the product's words: boxes on the upright page, handwriting marked word by word.

The service leaves polygons on the page as it came and says in `angle` how far clockwise its text is turned
(-180..180]; a polygon begins at the text's own top left corner. Offsets count Unicode code points, as the SDK asks.
https://learn.microsoft.com/azure/ai-services/document-intelligence/concept-analyze-document-response
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from typing import TYPE_CHECKING

from shared.imaging.placement import Box, fraction
from shared.model import DocumentText, Line, PageText, Word

if TYPE_CHECKING:
    from azure.ai.formrecognizer import AnalyzeResult, DocumentPage, DocumentSpan, DocumentWord, Point

MISSING = "the engine returned no such page (the free tier reads two)"


def to_document_text(document_id: str, engine: str, result: AnalyzeResult, pages: Sequence[int]) -> DocumentText:
    """`pages` are the source's numbers, in the order of the file; a page the service left out is said to be missing."""
    handwriting = [span for style in result.styles or [] if style.is_handwritten for span in style.spans]
    read = {page.page_number: page for page in result.pages}
    texts = [
        _page(number, read[place], handwriting) if place in read else PageText(page=number, lines=[], error=MISSING)
        for place, number in enumerate(pages, 1)
    ]
    return DocumentText(document_id=document_id, engine=engine, pages=texts)


@dataclass(frozen=True)
class _Sheet:
    """The page as it came, in the service's unit, and the clockwise turn that sets it upright."""

    width: float
    height: float
    turn: int

    def box(self, polygon: Sequence[Point]) -> Box:
        """The word's own width and height around its middle, as fractions of the upright page."""
        corners = [(point.x, point.y) for point in polygon]
        x = sum(across for across, _ in corners) / len(corners) / self.width
        y = sum(down for _, down in corners) / len(corners) / self.height
        middle_x, middle_y = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[self.turn]
        lying = self.turn % 180 == 0
        upright_width, upright_height = (self.width, self.height) if lying else (self.height, self.width)
        half_width = dist(corners[0], corners[1]) / upright_width / 2
        half_height = dist(corners[1], corners[2]) / upright_height / 2
        return (
            fraction(middle_x - half_width),
            fraction(middle_y - half_height),
            fraction(middle_x + half_width),
            fraction(middle_y + half_height),
        )


def _page(number: int, page: DocumentPage, handwriting: Sequence[DocumentSpan]) -> PageText:
    angle = page.angle or 0.0
    quarter = 90 * round(angle / 90)
    turn = -quarter % 360
    sheet = _Sheet(page.width or 1.0, page.height or 1.0, turn)
    words = sorted(page.words, key=lambda word: word.span.offset)
    offsets = [word.span.offset for word in words]
    lines = []
    for line in page.lines:
        inside = [
            word
            for span in line.spans
            for word in words[bisect_left(offsets, span.offset) : bisect_left(offsets, span.offset + span.length)]
        ]
        if inside:
            lines.append(Line(words=[_word(word, sheet, handwriting) for word in inside]))
    return PageText(page=number, lines=lines, rotation=turn, skew=round(angle - quarter, 2))


def _word(word: DocumentWord, sheet: _Sheet, handwriting: Sequence[DocumentSpan]) -> Word:
    begin, end = word.span.offset, word.span.offset + word.span.length
    by_hand = any(span.offset < end and begin < span.offset + span.length for span in handwriting)
    return Word(text=word.content, box=sheet.box(word.polygon), confidence=word.confidence, handwritten=by_hand)

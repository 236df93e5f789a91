"""What Tesseract read, written as the analyzeResult of `prebuilt-read`.

learn.microsoft.com/rest/api/aiservices/document-models/get-analyze-result (2023-07-31). Polygons lie on the page as it
came, not on the upright one; `angle` says how its text is turned. Offsets count Unicode code points, as the SDK asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from local.document_intelligence.scans import Scan
from shared.model import Line, PageText, Word

MODEL = "prebuilt-read"
VERSION = "2023-07-31"
# Tesseract cannot tell handwriting; the words it is least sure of stand for it.
HANDWRITTEN_BELOW = 0.6


@dataclass
class _Text:
    """The content as it grows, with the spans that look written by hand."""

    content: str = ""
    paragraphs: list[dict[str, Any]] = field(default_factory=list)
    handwritten: list[tuple[float, dict[str, int]]] = field(default_factory=list)

    def add(self, text: str, separator: str) -> dict[str, int]:
        if self.content:
            self.content += separator
        span = {"offset": len(self.content), "length": len(text)}
        self.content += text
        return span


def write_result(pages: list[tuple[Scan, PageText]]) -> dict[str, Any]:
    text = _Text()
    written = [_write_page(text, scan, page) for scan, page in pages]
    return {
        "apiVersion": VERSION,
        "modelId": MODEL,
        "stringIndexType": "unicodeCodePoint",
        "content": text.content,
        "pages": written,
        "paragraphs": text.paragraphs,
        "styles": [
            {"confidence": round(1 - confidence, 3), "spans": [span], "isHandwritten": True}
            for confidence, span in text.handwritten
        ],
        "languages": [],
    }


def _write_page(text: _Text, scan: Scan, page: PageText) -> dict[str, Any]:
    begin = len(text.content) + (1 if text.content else 0)
    words, lines = [], []
    for line in page.lines:
        written = _write_line_words(text, scan, page, line)
        words += written
        first, last = written[0]["span"], written[-1]["span"]
        span = {"offset": first["offset"], "length": last["offset"] + last["length"] - first["offset"]}
        polygon = _polygon(scan, page, _around(line.words))
        lines.append({"content": line.text, "polygon": polygon, "spans": [span]})
        region = {"pageNumber": page.page, "polygon": polygon}
        text.paragraphs.append({"content": line.text, "boundingRegions": [region], "spans": [span]})
    length = max(0, len(text.content) - begin)
    return {
        "pageNumber": page.page,
        "angle": _angle(page),
        "width": scan.width,
        "height": scan.height,
        "unit": scan.unit,
        "words": words,
        "lines": lines,
        "spans": [{"offset": begin, "length": length}] if length else [],
    }


def _write_line_words(text: _Text, scan: Scan, page: PageText, line: Line) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    for word in line.words:
        span = text.add(word.text, " " if written else "\n")
        if word.confidence < HANDWRITTEN_BELOW:
            text.handwritten.append((word.confidence, span))
        polygon = _polygon(scan, page, word.box)
        written.append({"content": word.text, "polygon": polygon, "confidence": word.confidence, "span": span})
    return written


def _around(words: list[Word]) -> tuple[float, float, float, float]:
    boxes = [word.box for word in words]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _polygon(scan: Scan, page: PageText, box: tuple[float, float, float, float]) -> list[float]:
    """Corners from the text's own top left, clockwise, in the page's unit on the page as it came."""
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    places = [_unturn(page.rotation, x, y) for x, y in corners]
    return [round(value, 4) for x, y in places for value in (x * scan.width, y * scan.height)]


def _unturn(rotation: int, x: float, y: float) -> tuple[float, float]:
    """A point of the upright page on the page that has yet to be turned clockwise by `rotation`."""
    match rotation:
        case 90:
            return y, 1 - x
        case 180:
            return 1 - x, 1 - y
        case 270:
            return 1 - y, x
    return x, y


def _angle(page: PageText) -> float:
    """Clockwise, above -180 up to 180."""
    angle = (page.skew - page.rotation) % 360
    return round(angle - 360 if angle > 180 else angle, 2)

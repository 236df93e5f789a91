"""Pages that were typed, not scanned: their own text is better than any reading of their picture.

A page covered by an image is a scan whatever text lies under it (a scanner's own OCR is not to be trusted), and a page
with little text or with broken encoding is read by the engine like a scan.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from shared.imaging.pdfium import PDFIUM, open_pdf
from shared.imaging.placement import Box, PageFrame
from shared.model import Line, PageText, Word

ENGINE = "pdf-text"
LEAST_LETTERS = 40
MOST_ODD = 0.02  # share of characters without a meaning (private use, replacement): a font lost its mapping
PICTURE_SHARE = 0.3  # an image this large may hold text of its own


def read_typed(pdf: bytes | Path, pages: list[int]) -> dict[int, PageText]:
    """The text of the typed pages, by their number in the source; the others are left to an engine."""
    with open_pdf(pdf) as document:
        found = {number: _read(document, index, number) for index, number in enumerate(pages)}
    return {number: text for number, text in found.items() if text is not None}


def _read(document: pdfium.PdfDocument, index: int, number: int) -> PageText | None:
    with PDFIUM:
        try:
            page = document[index]
        except pdfium.PdfiumError:
            return None
        try:
            if _has_picture(page):
                return None
            content = page.get_textpage()
            try:
                text = content.get_text_range()
                return PageText(page=number, lines=list(_lines(page, content))) if _is_sound(text) else None
            finally:
                content.close()
        except pdfium.PdfiumError:
            return None
        finally:
            page.close()


def _has_picture(page: pdfium.PdfPage) -> bool:
    left, bottom, right, top = page.get_cropbox()
    area = abs((right - left) * (top - bottom))
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = image.get_bounds()
        if abs((x1 - x0) * (y1 - y0)) >= PICTURE_SHARE * area:
            return True
    return False


def _is_sound(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    odd = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter == "\x00" for letter in text)
    return letters >= LEAST_LETTERS and odd <= MOST_ODD * len(text) and letters >= len(text) * 0.4


def _lines(page: pdfium.PdfPage, content: pdfium.PdfTextPage) -> Iterator[Line]:
    left, bottom, right, top = page.get_cropbox()
    frame = PageFrame(left, bottom, right - left, top - bottom, page.get_rotation() % 360)
    words: list[Word] = []
    letters: list[str] = []
    boxes: list[Box] = []

    def end_word() -> None:
        if letters:
            x0, y0, x1, y1 = zip(*boxes, strict=True)
            box = frame.box(min(x0), min(y0), max(x1), max(y1))
            words.append(Word(text="".join(letters), box=box, confidence=1.0))
            letters.clear()
            boxes.clear()

    for at in range(content.count_chars()):
        letter = _letter(content, at)
        if letter.isspace() or letter < " ":
            end_word()
            if letter == "\n" and words:
                yield Line(words=words)
                words = []
        else:
            letters.append(letter)
            boxes.append(content.get_charbox(at))
    end_word()
    if words:
        yield Line(words=words)


def _letter(content: Any, at: int) -> str:
    return chr(raw.FPDFText_GetUnicode(content.raw, at))

"""Engines that read without looking; faults have names."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence

import pikepdf

from shared.errors import TransientError, UnreadableText
from shared.model import DocumentText, Line, PageText, Word


class ReadingRecognizer:
    """Reads the same word on every page; the pages named bad cannot be read."""

    def __init__(self, bad: Collection[int] = (), says: str = "Žiadosť") -> None:
        self.bad = bad
        self.says = says
        self.asked: list[list[int]] = []

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        self.asked.append(pages)
        try:
            with pikepdf.open(io.BytesIO(pdf)) as document:
                assert len(document.pages) == len(pages), "one number for each page of the file"
        except pikepdf.PdfError as error:
            raise UnreadableText("no PDF", reason="Súbor sa nedá otvoriť ako PDF.") from error
        word = Word(text=self.says, box=(0.1, 0.1, 0.3, 0.13), confidence=0.9)
        read = [
            PageText(page=page, lines=[], error="RuntimeError")
            if page in self.bad
            else PageText(page=page, lines=[Line(words=[word])])
            for page in pages
        ]
        return DocumentText(document_id=document_id, engine="fake", pages=read)


class ThrottledRecognizer:
    """The OCR service has had enough of us."""

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        raise TransientError("429", retry_after=7)


class MemorySignatures:
    """Signatures under their keys."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    async def find(self, keys: Sequence[str]) -> Mapping[str, str]:
        return {name: text for key in keys for name, text in self.kept.get(key, {}).items()}

    async def keep(self, document_id: str, keys: Sequence[str], signature: str) -> None:
        for key in keys:
            self.kept.setdefault(key, {})[document_id] = signature

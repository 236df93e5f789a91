"""Reads a document's file in bounded memory: typed pages give their own text, scanned ones go to the OCR engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.model import DocumentText, PageText
from shared.ports import Recognizer

PAGES_AT_ONCE = 50
BYTES_AT_ONCE = 50 * 2**20
TYPED = "pdf-text"


class Reading(NamedTuple):
    """The text, and the numbers of the pages that brought it themselves."""

    text: DocumentText
    typed: frozenset[int]

    @property
    def pages(self) -> list[int]:
        return [page.page for page in self.text.pages]

    def of(self, document_id: str, pages: list[int]) -> Reading:
        """What was read on some of the pages, as a document of its own."""
        wanted = set(pages)
        own = [page for page in self.text.pages if page.page in wanted]
        text = DocumentText(document_id=document_id, engine=self.text.engine, pages=own)
        return Reading(text, self.typed & wanted)


async def read_document(document_id: str, pages: list[int], pdf: Path, recognizer: Recognizer) -> Reading:
    """`pages` are the source's numbers of the file's pages. Raises what the engine raises."""
    typed = await asyncio.to_thread(_read_typed, pdf, pages)
    found = dict(typed)
    engines = [TYPED] if typed else []
    for group in _groups(pdf, pages, [page for page in pages if page not in typed]):
        data = await asyncio.to_thread(_take, pdf, pages, group)
        read = await recognizer.recognize(document_id, data, group)
        found |= {page.page: page for page in read.pages}
        engines += [read.engine] if read.engine not in engines else []
    text = DocumentText(document_id=document_id, engine="+".join(engines), pages=[found[page] for page in pages])
    return Reading(text, frozenset(typed))


def _groups(pdf: Path, pages: list[int], scanned: list[int]) -> Iterator[list[int]]:
    bytes_a_page = pdf.stat().st_size / len(pages)
    size = max(1, min(PAGES_AT_ONCE, int(BYTES_AT_ONCE / bytes_a_page)))
    for start in range(0, len(scanned), size):
        yield scanned[start : start + size]


def _read_typed(pdf: Path, pages: list[int]) -> dict[int, PageText]:
    from shared.imaging.typed import read_typed

    return read_typed(pdf, pages)


def _take(pdf: Path, pages: list[int], wanted: list[int]) -> bytes:
    """The wanted pages as a file of their own."""
    if wanted == pages:
        return pdf.read_bytes()
    from shared.pages.documents import cut

    part = pdf.with_name("group.pdf")
    cut(pdf, [pages.index(page) + 1 for page in wanted], part)
    return part.read_bytes()

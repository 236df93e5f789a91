"""What intake cut, read and divided by its text as recognition does it: the documents that are delivered in the end."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from local.tessdata import find_tessdata
from shared.adapters.tesseract import Tesseract
from shared.departments import load_city
from shared.division import divide
from shared.kinds import load_kinds
from shared.pages.account import Account
from shared.pages.cuts import may_cut
from shared.pages.workbench import Workbench
from shared.reading import read_document
from shared.titles import TitleFinder

CONFIG = Path(__file__).parents[1] / "config"
WORKERS = 2


class Final(NamedTuple):
    """A document's pages of the source, and what a person is asked to check."""

    pages: list[int]
    doubts: list[str]


class Divided(NamedTuple):
    documents: list[Final]
    sheets: list[int]


class Reader:
    """The product's own engine and titles. Only what text may divide is read: nothing else depends on the text here."""

    def __init__(self) -> None:
        self._engine = Tesseract(find_tessdata(), WORKERS)
        self._titles = TitleFinder(load_kinds(CONFIG, load_city(CONFIG / "departments.yaml")))
        self.pages, self.seconds = 0, 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._engine.close()

    async def divide(self, account: Account, folder: Path, bench: Workbench) -> Divided:
        documents: list[Final] = []
        sheets: list[int] = []
        for section in account.sections:
            pdf = await bench.cut(folder, section.pages, "part.pdf")
            if not may_cut(section.rests_on):
                documents.append(Final(section.pages, section.doubts))
                continue
            start = time.process_time()
            reading = await read_document("D-1", section.pages, pdf, self._engine)
            division = divide(reading.text.pages, self._titles.has_title)
            self.seconds += time.process_time() - start
            self.pages += len(section.pages)
            documents += [Final(part.pages, [*section.doubts, *division.doubts]) for part in division.parts]
            sheets += division.sheets
        return Divided(documents, sheets)


def as_cut(account: Account) -> Divided:
    """The documents as intake leaves them."""
    return Divided([Final(section.pages, section.doubts) for section in account.sections], [])

"""The page account: from what was found on each page to documents, so that every page is in exactly one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pydantic import Field

from shared.model import Fate, PageFate, Value
from shared.pages.findings import Finding

WHOLE_FILE = "Celý súbor je jeden dokument."
AFTER_SHEET = "Pred dokumentom bol oddeľovací hárok podateľne."
AFTER_PATCH = "Pred dokumentom bol oddeľovací hárok Patch-T."
PATCH_ON_PAGE = "Na prvej strane dokumentu je značka Patch-T."
BEFORE_SEPARATOR = "Dokument siaha po prvý oddeľovací hárok."
OTHER_NUMBER = "Na strane je čiarový kód iného dokumentu."

DOUBTFUL_NUMBER = "Na strane {page} začína možno ďalší dokument (má vlastný čiarový kód); skontrolujte rozdelenie."
DOUBTFUL_CODE = (
    "Na strane {page} je nečitateľný čiarový kód, možno na nej začína ďalší dokument; skontrolujte rozdelenie."
)
LOST_PAGES = "Zo skenu sa nepodarilo prečítať strany: {pages}."


REGISTRY_NUMBER = re.compile(r"[A-Za-z]+[-/ .]?20\d\d[-/ .]\d+")


class Section(Value):
    """The pages of one document, why it begins where it does, and what a person should check."""

    pages: list[int]
    rests_on: str
    department: str | None = None
    doubts: list[str] = Field(default_factory=list)


class Account(Value):
    sections: list[Section]
    findings: list[Finding]

    def fates(self, name: Callable[[int], str]) -> list[PageFate]:
        """The account of each page; `name` gives the id of the n-th document, from 1."""
        owner = {page: n for n, section in enumerate(self.sections, 1) for page in section.pages}
        return [
            _fate(finding, name(owner[finding.page]) if finding.page in owner else None) for finding in self.findings
        ]


def _fate(finding: Finding, document: str | None) -> PageFate:
    if finding.bad:
        return PageFate(page=finding.page, fate=Fate.BAD, reason=finding.bad)
    if finding.separator:
        return PageFate(page=finding.page, fate=Fate.SEPARATOR, reason=finding.rests_on)
    if document is None:
        return PageFate(page=finding.page, fate=Fate.BLANK, reason="Prázdna strana.")
    return PageFate(page=finding.page, fate=Fate.DOCUMENT, document_id=document)


def settle(findings: Iterable[Finding]) -> Account:
    """Cut at separators and at changed document numbers; blank, bad and separator pages are in no document."""
    ordered = sorted(findings, key=lambda finding: finding.page)
    sections: list[Section] = []
    begin, department, current = WHOLE_FILE, None, list[Finding]()
    for finding in ordered:
        if finding.separator or finding.rests_on:
            _close(sections, current, begin, department)
            current, begin, department = [], finding.rests_on, finding.department
        if not finding.separator:
            current.append(finding)
    _close(sections, current, begin, department)
    if any(finding.separator for finding in ordered) and sections and sections[0].rests_on == WHOLE_FILE:
        sections[0] = sections[0].model_copy(update={"rests_on": BEFORE_SEPARATOR})
    return Account(sections=sections, findings=ordered)


def _close(sections: list[Section], found: list[Finding], begin: str, department: str | None) -> None:
    lost = [finding.page for finding in found if finding.bad]
    doubts = [LOST_PAGES.format(pages=", ".join(map(str, lost)))] if lost else []
    inked = [finding for finding in found if not finding.bad and not finding.blank]
    for number, (pages, weak) in enumerate(_by_number(inked)):
        sections.append(
            Section(
                pages=pages,
                rests_on=OTHER_NUMBER if number else begin,
                department=department,
                doubts=doubts + [DOUBTFUL_NUMBER.format(page=page) for page in weak] + _unread(inked, pages),
            )
        )


def _unread(inked: list[Finding], pages: list[int]) -> list[str]:
    """Worn labels within a document; the one on its first page says nothing new."""
    within = [finding.page for finding in inked if finding.unread_code and finding.page in pages[1:]]
    return [DOUBTFUL_CODE.format(page=page) for page in within]


def _by_number(found: list[Finding]) -> list[tuple[list[int], list[int]]]:
    """Runs of pages under one document number, each with the pages where another document begins only perhaps.

    A number like the run's own but another one begins a document. Perhaps only: a first number late in a run, or the
    successor of the page before where every page has one, for that may count the pages.
    """
    runs: list[tuple[list[int], list[int]]] = []
    known: set[str] = set()
    on_every_page = True
    for finding in found:
        codes = set(finding.codes)
        news = codes - known if not codes & known else set()
        rivals = {code for code in news if any(_alike(code, old) for old in known)}
        counting = on_every_page and all(_may_count_pages(code, known) for code in rivals)
        if not runs or (rivals and not counting):
            runs.append(([], []))
            known, on_every_page = set(), True
        elif rivals or (news and not known):
            runs[-1][1].append(finding.page)
        runs[-1][0].append(finding.page)
        known |= codes
        on_every_page = on_every_page and bool(codes)
    return runs


def _alike(one: str, other: str) -> bool:
    """The same kind of number: equal but for its digits."""
    return re.sub(r"\d", "0", one) == re.sub(r"\d", "0", other)


def _may_count_pages(code: str, known: set[str]) -> bool:
    """Whether a number is the successor of one before, and is not a registry's (letters, year, number)."""
    if REGISTRY_NUMBER.fullmatch(code):
        return False
    return any(_last_number(code) - _last_number(old) == 1 for old in known if _alike(code, old))


def _last_number(code: str) -> int:
    return int(re.findall(r"\d+", code)[-1])

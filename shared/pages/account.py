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
LOST_PAGES = "Zo skenu sa nepodarilo prečítať strany: {pages}."


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
                doubts=doubts + [DOUBTFUL_NUMBER.format(page=page) for page in weak],
            )
        )


def _by_number(found: list[Finding]) -> list[tuple[list[int], list[int]]]:
    """Runs of pages under one document number, each with the pages where another document begins only perhaps."""
    runs: list[tuple[list[int], list[int]]] = []
    known: set[str] = set()
    for finding in found:
        news = {code for code in finding.codes if code not in known}
        rival = next((True for code in news for old in known if _alike(code, old)), False)
        if not runs or (news and rival and not known & set(finding.codes) and not _counts_pages(news, known)):
            runs.append(([], []))
            known = set()
        elif news and (not known or rival) and not known & set(finding.codes):
            runs[-1][1].append(finding.page)
        runs[-1][0].append(finding.page)
        known |= set(finding.codes)
    return [run for run in runs if run[0]]


def _alike(one: str, other: str) -> bool:
    """The same kind of number: equal but for its digits."""
    return re.sub(r"\d", "0", one) == re.sub(r"\d", "0", other)


def _counts_pages(news: set[str], known: set[str]) -> bool:
    """Whether a number is the successor of the one before: then it may as well count pages."""
    return any(_tail_number(code) - _tail_number(old) == 1 for code in news for old in known if _alike(code, old))


def _tail_number(code: str) -> int:
    digits = re.findall(r"\d+", code)
    return int(digits[-1]) if digits else 0

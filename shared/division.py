"""Divides what intake took for one document by what its pages say, where nothing else delimited it."""

from __future__ import annotations

from collections.abc import Callable

from shared.model import PageText, Value
from shared.pages.cuts import SHEET_TEXT, find_cuts, is_sheet


class Part(Value):
    """Pages of the source that are one document, and why it begins there; empty where intake already said why."""

    pages: list[int]
    rests_on: str = ""


class Division(Value):
    """`sheets` are separator sheets whose codes could not be read; `doubts` are for the mailroom, in Slovak."""

    parts: list[Part]
    sheets: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()


def whole(pages: list[PageText]) -> Division:
    """Left as it is."""
    return Division(parts=[Part(pages=[page.page for page in pages])])


def divide(pages: list[PageText], has_title: Callable[[PageText], bool]) -> Division:
    """Cuts where the evidence is strong, and asks where it is weak."""
    sheets = tuple(page.page for page in pages if is_sheet(page))
    parts: list[Part] = []
    doubts: list[str] = []
    for rests_on, group in _between_sheets(pages, sheets):
        cuts = find_cuts(group, has_title)
        doubts += [cut.doubt for cut in cuts if cut.weak]
        reasons = {cut.page: cut.rests_on for cut in cuts if not cut.weak} | {group[0].page: rests_on}
        for page in group:
            if page.page in reasons:
                parts.append(Part(pages=[], rests_on=reasons[page.page] if parts else ""))
            parts[-1].pages.append(page.page)
    if not parts:
        return whole(pages)
    return Division(parts=parts, sheets=sheets, doubts=tuple(doubts))


def _between_sheets(pages: list[PageText], sheets: tuple[int, ...]) -> list[tuple[str, list[PageText]]]:
    groups: list[tuple[str, list[PageText]]] = [("", [])]
    for page in pages:
        if page.page in sheets:
            groups.append((SHEET_TEXT, []))
        else:
            groups[-1][1].append(page)
    return [(rests_on, group) for rests_on, group in groups if group]

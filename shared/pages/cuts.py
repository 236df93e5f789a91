"""Documents told apart by what their pages say, where no separator did: form titles and page numbers ("strana 1/3").

Pure; for pages that have been read. Evidence that might as well mean one document is marked weak: the pages then stay
together and the mailroom is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from shared.model import PageText, Value
from shared.pages.account import BEFORE_SEPARATOR, WHOLE_FILE

EDGE_LINES = 4  # page numbers stand in the first or the last lines

NUMBERED_ANEW = "Číslovanie strán sa začína odznova."
TITLED = "Strana sa začína názvom tlačiva."
SHEET_TEXT = "Na strane je text oddeľovacieho hárku podateľne."
ASK = "Na strane {page} sa možno začína ďalší dokument ({why}); skontrolujte rozdelenie."
WHY_UNTITLED = "strana má číslo 1, ale chýba názov tlačiva"
WHY_INSIDE = "má názov tlačiva uprostred číslovaných strán"
WHY_JUMP = "čísla strán na seba nenadväzujú"

COUNTED = re.compile(r"(?:str?ana|str\.?|list)\s*[:.]?\s*([0-9lI]{1,3})\s*(?:/|z|zo)\s*([0-9lI]{1,3})\b", re.IGNORECASE)
ALONE = re.compile(r"^\W*(?:(?:str?ana|str\.?)\s*[:.]?\s*)?([0-9]{1,3})\s*/\s*([0-9]{1,3})\W*$", re.IGNORECASE)
UNCOUNTED = re.compile(r"^\W*(?:str?ana|str\.?)\s*[:.]?\s*([0-9lI]{1,3})\W*$", re.IGNORECASE)
SHEET_WORDS = re.compile(r"odde[ľl]ovac[íi]\s+h[áa]rok", re.IGNORECASE)
SHEET_CHARS = 220  # a sheet of ours says no more than that


class Cut(Value):
    """A document may begin on this page of the source. `weak`: do not cut, put `doubt` before the mailroom."""

    page: int
    rests_on: str
    weak: bool = False
    doubt: str = ""


class Numbering(Value):
    number: int
    count: int | None


def may_cut(split_reason: str) -> bool:
    """Whether text may split a document further: not one that a separator or its own number delimited."""
    return split_reason in (WHOLE_FILE, BEFORE_SEPARATOR)


def is_sheet(page: PageText) -> bool:
    """Whether the page is a separator sheet of ours whose codes could not be read."""
    text = page.text
    return len(text) <= SHEET_CHARS and SHEET_WORDS.search(text) is not None


def find_cuts(pages: list[PageText], has_title: Callable[[PageText], bool]) -> list[Cut]:
    """The pages after the first on which a document begins, or perhaps begins, with what each rests on."""
    cuts: list[Cut] = []
    before = read_numbering(pages[0]) if pages else None
    for page in pages[1:]:
        now = read_numbering(page)
        if cut := _judge(page.page, before, now, has_title(page)):
            cuts.append(cut)
        before = now
    return cuts


def _judge(page: int, before: Numbering | None, now: Numbering | None, titled: bool) -> Cut | None:
    if now is not None and now.number == 1:
        if titled or before is not None:
            return Cut(page=page, rests_on=NUMBERED_ANEW)
        return _weak(page, NUMBERED_ANEW, WHY_UNTITLED)
    if now is not None:
        # Its first page is missing, or a page between was read wrongly.
        torn = before is not None and now.number <= before.number
        return _weak(page, NUMBERED_ANEW, WHY_JUMP) if torn else None
    if not titled:
        return None
    unfinished = before is not None and before.count is not None and before.number < before.count
    return _weak(page, TITLED, WHY_INSIDE) if unfinished else Cut(page=page, rests_on=TITLED)


def _weak(page: int, rests_on: str, why: str) -> Cut:
    return Cut(page=page, rests_on=rests_on, weak=True, doubt=ASK.format(page=page, why=why))


def read_numbering(page: PageText) -> Numbering | None:
    """ "Strana 1/3", "str. 1 z 3", a line "1/3" or "strana 1" at the top or the bottom of the page."""
    lines = [line.text.strip() for line in page.lines]
    for line in lines[:EDGE_LINES] + lines[EDGE_LINES:][-EDGE_LINES:]:
        if (found := COUNTED.search(line) or ALONE.match(line)) and (numbering := _numbering(*found.groups())):
            return numbering
        if found := UNCOUNTED.match(line):
            return Numbering(number=_digits(found[1]), count=None)
    return None


def _numbering(number: str, count: str) -> Numbering | None:
    first, last = _digits(number), _digits(count)
    return Numbering(number=first, count=last) if 1 <= first <= last else None


def _digits(text: str) -> int:
    """OCR takes a 1 for l or I."""
    return int(re.sub("[lI]", "1", text))

"""What is worth reading off a document: who sends it, from where, when, about what; each with page and confidence.

Rodné číslo: § 2 of act 301/1995 (nine digits before 1954, since then ten divisible by eleven; a woman's month is 50
higher, and both may be 20 higher since 2004). IČO: eight digits, the last a check digit modulo 11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from shared.folding import fold
from shared.kinds import FieldName, Kind
from shared.model import DocumentText, Line, ReadField

HIDDEN = "•"
LONGEST_VALUE = 160
MONTH_SHIFTS = (70, 50, 20, 0)

_BIRTH_NUMBER = re.compile(r"(?<!\d)(\d{6}) ?/ ?(\d{3,4})(?!\d)")
_BARE_BIRTH_NUMBER = re.compile(r"rodne cislo\W{0,3}(\d{6}) ?/? ?(\d{3,4})(?!\d)")
_COMPANY_ID = re.compile(r"\bico\b\W{0,4}(\d(?: ?\d){7})(?!\d)")
_PARCEL = re.compile(r"\bparc\w*\.?(?: ?(?:cislo|c\.|kn|registra|c|e|-|:|\W))* ?(\d{1,5}(?:/\d{1,4})?)(?![\d/])")
_DATE = re.compile(r"(?<!\d)(\d{1,2}) ?\. ?(\d{1,2}) ?\. ?(\d{4})(?!\d)")
_DATE_LABEL = re.compile(r"\bdna\b|\bdatum(?! narodenia| splatnosti| dodania| ukoncenia| zacatia)")
_SUBJECT = re.compile(r"^\W*(?:vec|predmet(?: podania| ziadosti| spravy)?)\b\s*[:;.]\s*(.*)$")
_APPLICANT = re.compile(
    r"^\W*(?:(?:titul, )?meno(?: a|,) priezvisko(?: \w+)?|priezvisko(?: a|,) meno|ziadatel(?:ka)?|podavatel|stavebnik"
    r"|danovnik|obchodne meno)\b[^:.]{0,40}[:.]\W*(.*)$"
)
_ADDRESS = re.compile(
    r"^\W*(?:adresa(?: trvaleho pobytu)?|bydlisko|trvaly pobyt|trvale bytom|bytom|sidlo)\b[^:\d]{0,40}[:.]?\W*(.*)$"
)
_NAME = re.compile(r"^[^\W\d_]+(?:[ .,-]+[^\W\d_]+){1,6}\.?$")

Reading = tuple[FieldName, str, int, int]


@dataclass(frozen=True)
class _ReadLine:
    page: int
    line: Line
    text: str
    folded: str


def read_fields(text: DocumentText, kind: Kind | None) -> list[ReadField]:
    """The fields that matter for this kind (all, when it is unknown), each value once, in reading order."""
    wanted = {*kind.fields, FieldName.SUBJECT} if kind else set(FieldName)
    lines = [_ReadLine(page.page, line, line.text, fold(line.text)) for page in text.pages for line in page.lines]
    found: dict[tuple[FieldName, str], ReadField] = {}
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) and lines[place + 1].page == line.page else None
        for name, value, start, end in _readings(line, following):
            if name in wanted:
                confidence, handwritten = _quality(line.line, start, end)
                field = ReadField(
                    name=name,
                    value=value[:LONGEST_VALUE],
                    page=line.page,
                    confidence=confidence,
                    handwritten=handwritten,
                )
                found.setdefault((name, value), field)
    return list(found.values())


def mask(name: str, value: str) -> str:
    """The value as cards and lists may show it: identifiers keep two digits, a person initials, an address its town."""
    if name in (FieldName.BIRTH_NUMBER, FieldName.COMPANY_ID):
        digits = sum(char.isdigit() for char in value)
        return HIDDEN * max(0, digits - 2) + re.sub(r"\D", "", value)[-2:]
    if name == FieldName.APPLICANT:
        return " ".join(f"{word[0].upper()}." for word in re.findall(r"[^\W\d_]+", value))
    if name == FieldName.ADDRESS:
        return value.rpartition(",")[2].strip() if "," in value else HIDDEN * 3
    return value


def valid_birth_number(digits: str) -> bool:
    """Nine or ten digits, without the slash."""
    if len(digits) not in (9, 10) or not digits.isdigit():
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if len(digits) == 9:
        return year < 54 and _is_day(1900 + year, month, day)
    century = 1900 if year >= 54 else 2000
    return int(digits) % 11 == 0 and _is_day(century + year, month, day)


def valid_company_id(digits: str) -> bool:
    if len(digits) != 8 or not digits.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=False))
    return int(digits[7]) == (11 - total % 11) % 10


def _is_day(year: int, month: int, day: int) -> bool:
    shift = next(shift for shift in MONTH_SHIFTS if month > shift or shift == 0)
    return _iso(year, month - shift, day) is not None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _readings(line: _ReadLine, following: _ReadLine | None) -> Iterator[Reading]:
    for pattern in (_BIRTH_NUMBER, _BARE_BIRTH_NUMBER):
        for match in pattern.finditer(line.folded):
            if valid_birth_number(match[1] + match[2]):
                yield FieldName.BIRTH_NUMBER, f"{match[1]}/{match[2]}", *match.span()
    for match in _COMPANY_ID.finditer(line.folded):
        digits = match[1].replace(" ", "")
        if valid_company_id(digits):
            yield FieldName.COMPANY_ID, digits, *match.span(1)
    for match in _PARCEL.finditer(line.folded):
        yield FieldName.PARCEL, match[1], *match.span(1)
    if _DATE_LABEL.search(line.folded):
        for match in _DATE.finditer(line.folded):
            day = _iso(int(match[3]), int(match[2]), int(match[1]))
            if day and 1990 <= int(match[3]) <= 2100:
                yield FieldName.DATE, day, *match.span()
    yield from _labelled(FieldName.SUBJECT, _SUBJECT, line, following, _is_subject)
    yield from _labelled(FieldName.APPLICANT, _APPLICANT, line, following, _is_name)
    yield from _labelled(FieldName.ADDRESS, _ADDRESS, line, following, _is_address)


def _labelled(
    name: FieldName,
    pattern: re.Pattern[str],
    line: _ReadLine,
    following: _ReadLine | None,
    fits: Callable[[str], bool],
) -> Iterator[Reading]:
    """The value behind a label; a label alone on its line has it on the next."""
    match = pattern.match(line.folded)
    if not match:
        return
    start, end = match.span(1)
    value = _clean(line.text[start:end])
    if fits(value):
        yield name, value, start, end
    elif not value and following and fits(_clean(following.text)):
        yield name, _clean(following.text), 0, len(line.text)


def _clean(value: str) -> str:
    return re.sub(r"[._…]{3,}.*$", "", value).strip(" .:_-|")


def _is_subject(value: str) -> bool:
    return sum(char.isalpha() for char in value) >= 5


def _is_name(value: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", value)
    return bool(_NAME.match(value)) and len(words) >= 2 and all(word[0].isupper() for word in words)


def _is_address(value: str) -> bool:
    return any(char.isdigit() for char in value) and sum(char.isalpha() for char in value) >= 4


def _quality(line: Line, start: int, end: int) -> tuple[float, bool]:
    """The lowest confidence of the words in this part of the line, and whether any is handwritten."""
    position, words = 0, []
    for word in line.words:
        if position < end and position + len(word.text) > start:
            words.append(word)
        position += len(word.text) + 1
    chosen = words or line.words
    return min((word.confidence for word in chosen), default=0.0), any(word.handwritten for word in chosen)

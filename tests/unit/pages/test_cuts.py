"""Documents told apart by form titles and page numbers."""

from __future__ import annotations

import pytest

from shared.model import Line, PageText, Word
from shared.pages.account import AFTER_SHEET, WHOLE_FILE
from shared.pages.cuts import Numbering, find_cuts, is_sheet, may_cut, read_numbering


def page(number: int, *lines: str) -> PageText:
    box = (0.1, 0.1, 0.2, 0.2)
    words = [Line(words=[Word(text=word, box=box, confidence=0.9) for word in line.split()]) for line in lines]
    return PageText(page=number, lines=words)


def cuts(*texts: str) -> list[tuple[int, bool]]:
    """Pages of body text; one that begins with ŽIADOSŤ has a form's title."""
    body = ("telo listu",) * 10
    pages = [page(n, *text.split("|"), *body) for n, text in enumerate(texts, 1)]
    return [(cut.page, cut.weak) for cut in find_cuts(pages, lambda one: one.text.startswith("ŽIADOSŤ"))]


@pytest.mark.parametrize(
    ("line", "numbering"),
    [
        ("Strana 1/3", (1, 3)), ("strana 2 z 3", (2, 3)), ("str. 1/2", (1, 2)), ("Strana: 3 / 12", (3, 12)),
        ("strana l/3", (1, 3)), ("2/4", (2, 4)), ("– 1/2 –", (1, 2)), ("strana 7", (7, None)), ("Stana 1/2", (1, 2)),
    ],
)  # fmt: skip
def test_page_numbers_are_read_at_the_top_and_the_bottom(line: str, numbering: tuple[int, int | None]) -> None:
    wanted = Numbering(number=numbering[0], count=numbering[1])
    body = ["telo"] * 20
    assert read_numbering(page(1, line, *body)) == wanted
    assert read_numbering(page(1, *body, line)) == wanted


@pytest.mark.parametrize("line", ["parcela 12/3", "Sládkovičova 5/7", "v 3/2026", "strana sporu 1", "7/3"])
def test_other_numbers_are_no_page_numbers(line: str) -> None:
    assert read_numbering(page(1, line)) is None


def test_page_numbers_in_the_middle_of_a_text_are_no_page_numbers() -> None:
    assert read_numbering(page(1, *["telo"] * 6, "strana 1/3", *["telo"] * 6)) is None


def test_a_form_title_begins_a_document() -> None:
    assert cuts("ŽIADOSŤ", "", "ŽIADOSŤ", "") == [(3, False)]


def test_numbers_that_begin_anew_begin_a_document() -> None:
    assert cuts("strana 1/2", "strana 2/2", "strana 1/1", "strana 1/2", "strana 2/2") == [(3, False), (4, False)]


def test_a_title_on_a_page_that_continues_the_numbers_is_the_same_document() -> None:
    assert cuts("ŽIADOSŤ|strana 1/2", "ŽIADOSŤ|strana 2/2") == []


def test_pages_without_numbers_or_titles_stay_together() -> None:
    assert cuts("ŽIADOSŤ|strana 1/2", "strana 2/2", "", "") == []


@pytest.mark.parametrize(
    "texts",
    [("list", "strana 1/3"), ("strana 1/3", "ŽIADOSŤ"), ("strana 2/3", "strana 2/3")],
    ids=["an untitled attachment with its own numbers", "a title among numbered pages", "numbers that jump back"],
)
def test_weak_evidence_is_marked_and_worded_for_the_mailroom(texts: tuple[str, str]) -> None:
    assert cuts(*texts) == [(2, True)]
    pages = [page(n, *text.split("|")) for n, text in enumerate(texts, 1)]
    (cut,) = find_cuts(pages, lambda one: one.text.startswith("ŽIADOSŤ"))
    assert cut.doubt.startswith("Na strane 2 sa možno začína ďalší dokument")


def test_text_does_not_split_what_a_separator_delimited() -> None:
    assert may_cut(WHOLE_FILE)
    assert not may_cut(AFTER_SHEET)


def test_a_sheet_whose_codes_were_not_read_is_known_by_its_words() -> None:
    assert is_sheet(page(1, "ODDEĽOVACÍ HÁROK", "Podateľňa", "Vložte pred prvú stranu dokumentu."))
    assert not is_sheet(page(1, "Oddeľovací hárok sa vkladá", *["dlhý text návodu na obsluhu"] * 20))

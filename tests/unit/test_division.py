"""One stack, several documents: where recognition cuts, where it asks, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.departments import load_city
from shared.division import divide
from shared.kinds import load_kinds
from shared.model import Line, PageText, Word
from shared.pages.cuts import NUMBERED_ANEW, SHEET_TEXT, TITLED
from shared.titles import TitleFinder

CONFIG = Path(__file__).parents[2] / "config"


def line(text: str, top: float, height: float = 0.01) -> Line:
    words = text.split()
    step = 0.8 / len(words)
    boxes = [(0.1 + step * at, top, 0.1 + step * (at + 1) - 0.01, top + height) for at in range(len(words))]
    return Line(words=[Word(text=word, box=box, confidence=0.9) for word, box in zip(words, boxes, strict=True)])


def page(number: int, *texts: str) -> PageText:
    body = [line("text tela dokumentu bez nadpisu", 0.5 + 0.02 * at) for at in range(12)]
    return PageText(page=number, lines=[*(line(text, 0.05 + 0.03 * at) for at, text in enumerate(texts)), *body])


def sheet(number: int) -> PageText:
    return PageText(page=number, lines=[line("Oddeľovací hárok podateľne", 0.1)])


def titled(one: PageText) -> bool:
    return one.text.startswith("ŽIADOSŤ")


def parts(*pages: PageText) -> list[tuple[list[int], str]]:
    return [(part.pages, part.rests_on) for part in divide(list(pages), titled).parts]


def test_pages_without_a_word_about_it_stay_together() -> None:
    assert parts(page(1, "ŽIADOSŤ"), page(2), page(3)) == [([1, 2, 3], "")]


def test_a_title_begins_a_document_and_says_so() -> None:
    assert parts(page(2, "ŽIADOSŤ"), page(3), page(5, "ŽIADOSŤ")) == [([2, 3], ""), ([5], TITLED)]


def test_numbers_that_begin_anew_begin_a_document() -> None:
    found = parts(page(1, "strana 1/2"), page(2, "strana 2/2"), page(3, "strana 1/1"))
    assert found == [([1, 2], ""), ([3], NUMBERED_ANEW)]


def test_weak_evidence_cuts_nothing_and_asks() -> None:
    division = divide([page(1, "strana 3/4"), page(2, "strana 2/4")], titled)
    assert [part.pages for part in division.parts] == [[1, 2]]
    assert len(division.doubts) == 1


def test_an_unread_separator_sheet_cuts_and_is_in_no_document() -> None:
    division = divide([page(1), sheet(2), page(3), sheet(4), sheet(5)], titled)
    assert [(part.pages, part.rests_on) for part in division.parts] == [([1], ""), ([3], SHEET_TEXT)]
    assert division.sheets == (2, 4, 5)


def test_nothing_but_a_sheet_stays_a_document_for_a_person_to_see() -> None:
    division = divide([sheet(1)], titled)
    assert ([part.pages for part in division.parts], division.sheets) == ([[1]], ())


@pytest.fixture(scope="module")
def titles() -> TitleFinder:
    return TitleFinder(load_kinds(CONFIG, load_city(CONFIG / "departments.yaml")))


@pytest.mark.parametrize(
    "title", ["ŽIADOSŤ O VYDANIE STAVEBNÉHO POVOLENIA", "PRIZNANIE K DANI Z NEHNUTEĽNOSTÍ", "OHLÁSENIE DROBNEJ STAVBY"]
)
def test_a_forms_title_under_the_letterhead_is_found(titles: TitleFinder, title: str) -> None:
    letterhead = ("MESTO BANSKÁ BYSTRICA", "Mestský úrad, Československej armády 26, 974 01 Banská Bystrica")
    assert titles.has_title(page(1, *letterhead, title))


def test_a_title_mentioned_in_plain_text_is_none(titles: TitleFinder) -> None:
    assert not titles.has_title(page(1, "k veci ohlásenie drobnej stavby zo dňa 3. 4. dopĺňam toto"))


def test_a_title_in_the_lower_half_is_none(titles: TitleFinder) -> None:
    low = page(1)
    heading = line("OHLÁSENIE DROBNEJ STAVBY", 0.8, 0.02)
    assert not titles.has_title(low.model_copy(update={"lines": [*low.lines, heading]}))

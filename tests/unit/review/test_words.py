"""The desk's Slovak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.model import Fate, State
from shared.review.words import FATES, SOURCE_STATES, STATES, Wording, count, pages_in_words
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS


@pytest.mark.parametrize(
    ("pages", "told"), [([3], "strana 3"), ([3, 4, 5], "strany 3 – 5"), ([1, 4, 6], "strany 1, 4, 6")]
)
def test_pages_are_told_as_a_clerk_says_them(pages: list[int], told: str) -> None:
    assert pages_in_words(pages) == told


@pytest.mark.parametrize(("number", "told"), [(1, "1 dokument"), (4, "4 dokumenty"), (5, "5 dokumentov")])
def test_counts_follow_slovak_grammar(number: int, told: str) -> None:
    assert count(number, "dokument", "dokumenty", "dokumentov") == told


def test_age_counts_the_days_of_the_local_calendar() -> None:
    words = Wording(CITY, KINDS, NOON)
    just_after_midnight = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # already the 20th in Banská Bystrica
    assert [words.age(at) for at in (just_after_midnight, NOON - timedelta(days=1), NOON - timedelta(days=3))] == [
        "dnes",
        "včera",
        "pred 3 dňami",
    ]


def test_moments_are_local() -> None:
    assert Wording(CITY, KINDS, NOON).moment(NOON).replace("\N{NO-BREAK SPACE}", " ") == "20. 11. 2026 o 12:00"


def test_every_state_and_fate_has_a_word() -> None:
    assert set(STATES) == set(SOURCE_STATES) == set(State)
    assert set(FATES) == set(Fate)

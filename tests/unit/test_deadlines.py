"""Proposed deadlines by § 27 of act 71/1967 and the Slovak days of rest."""

from __future__ import annotations

from datetime import date

import pytest

from shared.deadlines import last_day, next_working_day, period, propose
from shared.kinds import DeadlineRule, Kind, Unit

day = date.fromisoformat


def rule(count: int, unit: Unit, **more: object) -> DeadlineRule:
    return DeadlineRule.model_validate({"count": count, "unit": unit, "act": "§ 49 zákona", "from": "received", **more})


def kind(*rules: DeadlineRule) -> Kind:
    given = {"id": "podnet", "title": "Podnet", "department": "majetok", "phrases": {"podnet": 1}, "act": "zákon"}
    return Kind.model_validate(given).model_copy(update={"deadline": list(rules)})


@pytest.mark.parametrize(
    ("received", "count", "unit", "expected"),
    [
        ("2026-11-02", 30, Unit.CALENDAR_DAYS, "2026-12-02"),  # the day of receipt does not count
        ("2026-11-05", 30, Unit.CALENDAR_DAYS, "2026-12-07"),  # ends on a Saturday
        ("2026-11-24", 30, Unit.CALENDAR_DAYS, "2026-12-28"),  # Christmas Eve and both holidays, then a weekend
        ("2026-12-07", 30, Unit.CALENDAR_DAYS, "2027-01-07"),  # Epiphany
        ("2026-03-04", 30, Unit.CALENDAR_DAYS, "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-11-20", 12, Unit.WORKING_DAYS, "2026-12-08"),
        ("2026-12-22", 3, Unit.WORKING_DAYS, "2026-12-29"),
        ("2026-01-31", 1, Unit.MONTHS, "2026-03-02"),  # 28 February is a Saturday
        ("2026-10-31", 1, Unit.MONTHS, "2026-11-30"),  # no 31 November
        ("2026-11-15", 2, Unit.MONTHS, "2027-01-15"),
    ],
)
def test_periods_end_on_the_day_the_law_names(received: str, count: int, unit: Unit, expected: str) -> None:
    assert last_day(rule(count, unit), day(received)) == day(expected)


@pytest.mark.parametrize(
    ("holiday", "worked"),
    [
        ("2024-11-17", False),  # a Sunday and a day of rest
        ("2025-11-17", True),  # act 261/2025: worked on from 2025
        ("2026-05-08", True),  # act 261/2025: for 2026 only
        ("2027-05-08", False),
        ("2025-05-08", False),
        ("2026-09-15", True),
        ("2025-09-15", False),
        ("2025-09-01", True),  # act 530/2023: worked on from 2024
        ("2026-10-28", True),
    ],
)
def test_holidays_follow_the_changes_of_act_241_1993(holiday: str, worked: bool) -> None:
    assert (next_working_day(day(holiday)) == day(holiday)) is worked


@pytest.mark.parametrize(
    ("count", "unit", "words"),
    [
        (1, Unit.MONTHS, "1 mesiac"),
        (3, Unit.MONTHS, "3 mesiace"),
        (12, Unit.WORKING_DAYS, "12 pracovných dní"),
        (2, Unit.CALENDAR_DAYS, "2 dni"),
        (30, Unit.CALENDAR_DAYS, "30 dní"),
    ],
)
def test_periods_are_said_in_slovak(count: int, unit: Unit, words: str) -> None:
    assert period(rule(count, unit)) == words


def test_the_rule_in_force_on_the_day_of_receipt_applies() -> None:
    info = kind(rule(8, Unit.WORKING_DAYS), rule(12, Unit.WORKING_DAYS, valid_from=day("2025-03-01")))
    before, after = propose(info, day("2025-02-28")), propose(info, day("2025-03-03"))
    assert before is not None
    assert after is not None
    assert (before.day, before.rule) == (day("2025-03-12"), "8 pracovných dní, § 49 zákona")
    assert (after.day, after.rule) == (day("2025-03-19"), "12 pracovných dní, § 49 zákona")


def test_without_a_rule_nothing_is_proposed() -> None:
    assert propose(None, day("2026-11-20")) is None
    assert propose(kind(), day("2026-11-20")) is None
    assert propose(kind(rule(8, Unit.MONTHS, valid_from=day("2027-01-01"))), day("2026-11-20")) is None

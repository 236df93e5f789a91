"""Deferred retry: how long to wait, when to give up, and that the copy reaches the failing stage alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import DeliveryRefused, NotYourTurn, PermanentError, TransientError
from shared.model import Event, Message
from shared.retry import UNFORESEEN_ATTEMPTS, guarded, is_final, next_try, read_retry_after, wait_before_next
from tests.fakes import NOON, MemoryLedger, RecordingBus, clock
from tests.fakes_delivery import SETTINGS

MESSAGE = Message(event=Event.ROUTED, document_id="20261120-AAAAAAAA-1", department="majetok", first_seen=NOON)
BUDGET = timedelta(hours=24)


def wait(attempt: int, chance: float = 1.0, retry_after: float | None = None) -> float:
    return wait_before_next(attempt, first=5, longest=90, retry_after=retry_after, chance=chance)


def test_waiting_doubles_up_to_the_longest() -> None:
    assert [wait(attempt) for attempt in (1, 2, 3, 4, 5, 6, 1000)] == [5, 10, 20, 40, 80, 90, 90]


def test_chance_takes_up_to_half_away() -> None:
    assert (wait(3, 0.0), wait(3, 0.5)) == (10, 15)


@given(st.floats(0, 3600), st.floats(0, 1))
def test_never_sooner_than_the_far_end_said(retry_after: float, chance: float) -> None:
    assert retry_after <= wait(1, chance, retry_after) <= max(retry_after, 1) + 30


def test_what_waits_for_the_same_turn_meets_on_the_same_second() -> None:
    """However many milliseconds apart they were told to wait."""
    turn = NOON + timedelta(seconds=27)
    told = [NOON + timedelta(milliseconds=n * 90) for n in range(10)]
    due = {
        next_try(
            NotYourTurn("full", retry_after=(turn - now).total_seconds()), 1, now + timedelta(milliseconds=7), SETTINGS
        )
        for now in told
    }
    assert due == {NOON + timedelta(seconds=30)}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0.5", 0.5), ("-3", 0), ("Fri, 20 Nov 2026 11:02:00 GMT", 120), ("soon", None), ("", None)],
)
def test_both_forms_of_retry_after_are_read(value: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert read_retry_after({"retry-after": value}, now) == seconds


def test_permanent_errors_are_final_at_once() -> None:
    assert is_final(PermanentError("no"), MESSAGE, NOON, BUDGET)


def test_transient_errors_are_final_when_the_budget_is_spent() -> None:
    error = TransientError("later")
    assert not is_final(error, MESSAGE, NOON + BUDGET - timedelta(seconds=1), BUDGET)
    assert is_final(error, MESSAGE, NOON + BUDGET, BUDGET)


def test_unforeseen_errors_are_tried_a_few_times_only() -> None:
    last = MESSAGE.model_copy(update={"attempt": UNFORESEEN_ATTEMPTS})
    assert not is_final(KeyError("x"), MESSAGE, NOON, BUDGET)
    assert is_final(KeyError("x"), last, NOON, BUDGET)


async def run(error: Exception, message: Message = MESSAGE, channel: str | None = "sharepoint") -> RecordingBus:
    bus = RecordingBus()

    async def stage(message: Message) -> None:
        raise error

    await guarded(
        message, "dept-majetok", channel, stage, bus=bus, ledger=MemoryLedger(), clock=clock, settings=SETTINGS
    )
    return bus


async def test_the_copy_is_scheduled_for_the_failing_subscription_alone() -> None:
    bus = await run(TransientError("throttled", retry_after=600))
    (sent,) = bus.sent
    assert (sent.entity, sent.message.target, sent.message.attempt) == ("dept-majetok", "sharepoint", 2)
    assert (sent.message.event, sent.message.first_seen) == (Event.ROUTED, NOON)
    assert sent.at is not None
    assert timedelta(seconds=600) <= sent.at - NOON <= timedelta(seconds=630)


async def test_a_queue_is_its_own_target() -> None:
    bus = await run(TransientError("later"), channel=None)
    assert bus.sent[0].message.target == "dept-majetok"


async def test_a_message_without_a_document_is_laid_aside() -> None:
    bus = await run(DeliveryRefused("gone"))
    assert [one.entity for one in bus.sent] == ["given-up"]


async def test_a_stage_that_works_sends_nothing() -> None:
    bus = RecordingBus()

    async def stage(message: Message) -> None:
        return

    await guarded(
        MESSAGE, "dept-majetok", "teams", stage, bus=bus, ledger=MemoryLedger(), clock=clock, settings=SETTINGS
    )
    assert bus.sent == []


def test_a_replay_is_not_taken_for_the_message_that_failed_before() -> None:
    """Duplicate detection would drop it."""
    retried = MESSAGE.model_copy(update={"target": "sharepoint", "attempt": 2})
    replayed = retried.model_copy(update={"first_seen": NOON + timedelta(minutes=3)})
    assert replayed.message_id != retried.message_id
    assert retried.message_id == MESSAGE.model_copy(update={"target": "sharepoint", "attempt": 2}).message_id


def test_the_longest_message_id_keeps_what_tells_it_apart() -> None:
    long = MESSAGE.model_copy(update={"department": "d" * 40, "target": "sharepoint", "attempt": 9999, "version": 99})
    later = long.model_copy(update={"first_seen": NOON + timedelta(microseconds=1)})
    assert len(long.message_id) <= 128
    assert long.message_id != later.message_id

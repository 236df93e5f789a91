"""Messages of moves that are not in the ledger yet, never will be, or lost against another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.delivery.currency import UNKNOWN_VERSION, is_current, is_known
from shared.errors import TransientError
from shared.model import DocumentRecord, Event, Message, State
from tests.fakes import NOON

RECORD = DocumentRecord(
    id="20261120-A-1",
    source_id="20261120-A",
    source_name="sken.pdf",
    pages=[1],
    received_at=NOON,
    state=State.ROUTED,
    department="majetok",
    version=2,
)


def message(version: int, department: str = "majetok") -> Message:
    return Message(event=Event.ROUTED, document_id=RECORD.id, department=department, version=version, first_seen=NOON)


def test_the_message_of_the_present_version_and_place_is_current() -> None:
    assert is_current(RECORD, message(2), NOON)


def test_an_older_version_is_not() -> None:
    assert not is_current(RECORD, message(1), NOON)


def test_of_two_moves_at_once_only_the_one_in_the_ledger_is() -> None:
    assert not is_current(RECORD, message(2, "skolstvo"), NOON)


def test_a_version_that_the_ledger_does_not_know_yet_is_waited_for_and_then_dropped() -> None:
    with pytest.raises(TransientError):
        is_known(RECORD, message(3), NOON + UNKNOWN_VERSION - timedelta(seconds=1))
    assert not is_known(RECORD, message(3), NOON + UNKNOWN_VERSION)

"""What outlives a restart of the broker, on a journal in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from proton import Message as AmqpMessage

from local.servicebus import encoding
from local.servicebus.inlets import SEQUENCE_BLOCK
from local.servicebus.store import SqliteJournal
from shared.errors import ConfigurationError
from tests.fakes_broker import StandingClock, TimedNamespace, config, topic

SOURCE = config(
    {"q": {"MaxDeliveryCount": 2, "RequiresDuplicateDetection": True, "LockDuration": "PT30S"}},
    [topic("t", {"s": []})],
)


class Restarting:
    """A namespace that can be stopped and started again on the same folder and clock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = StandingClock()
        self.start()

    def start(self) -> None:
        self.journal = SqliteJournal(self._folder)
        self.namespace = TimedNamespace(SOURCE, clock=self._clock, journal=self.journal)

    def restart(self) -> TimedNamespace:
        self.journal.close()
        self.start()
        return self.namespace

    def send(self, address: str, message_id: str, **fields: object) -> None:
        message = encoding.decode(bytes(AmqpMessage(id=message_id, body="text", **fields).encode()))
        self.namespace.inlet(address).send(message)


@pytest.fixture
def broker(tmp_path: Path) -> Restarting:
    return Restarting(tmp_path / "state")


def test_messages_of_queues_and_subscriptions_outlive_a_restart(broker: Restarting) -> None:
    broker.send("q", "a", properties={"event": "routed"}, ttl=60.0)
    broker.send("t", "b")
    namespace = broker.restart()
    assert namespace.ids("t/Subscriptions/s") == ["b"]
    entry = namespace.outlet("q").acquire()
    assert entry is not None
    assert (entry.message.message_id, entry.sequence_number, entry.application) == ("a", 1, {"event": "routed"})
    namespace.pass_time(60)
    assert namespace.ids("q") == []


def test_completed_messages_do_not_come_back(broker: Restarting) -> None:
    broker.send("q", "a")
    broker.journal.commit()
    broker.namespace.outlet("q").take()
    assert broker.restart().ids("q") == []


def test_a_locked_message_is_available_again_and_its_old_failures_still_count(broker: Restarting) -> None:
    broker.send("q", "a")
    queue = broker.namespace.outlet("q")
    entry = queue.acquire()
    assert entry is not None
    assert entry.lock is not None
    queue.abandon(entry.lock.token, {"seen": "once"})
    queue.acquire()
    again = broker.restart().outlet("q").acquire()
    assert again is not None
    assert (again.delivery_count, again.application) == (1, {"seen": "once"})


def test_dead_deferred_and_scheduled_messages_outlive_a_restart(broker: Restarting) -> None:
    queue = broker.namespace.outlet("q")
    broker.send("q", "dead")
    entry = queue.acquire()
    assert entry is not None
    assert entry.lock is not None
    queue.dead_letter(entry.lock.token, "BadScan", None)
    broker.send("q", "deferred")
    entry = queue.acquire()
    assert entry is not None
    assert entry.lock is not None
    queue.defer(entry.lock.token)
    scheduled = encoding.decode(bytes(AmqpMessage(id="later").encode()))
    broker.namespace.inlet("q").schedule(scheduled, broker.namespace.clock.time + 60)
    namespace = broker.restart()
    assert namespace.ids("q/$DeadLetterQueue") == ["dead"]
    assert namespace.outlet("q").receive_deferred([2], lock=False)[0].message.message_id == "deferred"
    namespace.pass_time(60)
    late = namespace.outlet("q").acquire()
    assert late is not None
    assert late.message.message_id == "later"


def test_a_message_that_fell_due_while_the_broker_was_down_comes_at_the_start(broker: Restarting) -> None:
    message = encoding.decode(bytes(AmqpMessage(id="late").encode()))
    broker.namespace.inlet("q").schedule(message, broker.namespace.clock.time + 60)
    broker.namespace.clock.time += 3600
    namespace = broker.restart()
    namespace.agenda.run_due()
    assert namespace.outlet("q").acquire() is not None


def test_duplicates_are_still_known_after_a_restart_until_their_window_ends(broker: Restarting) -> None:
    broker.send("q", "a")
    broker.namespace.outlet("q").take()
    broker.restart()
    broker.send("q", "a")
    assert broker.namespace.ids("q") == []
    broker.namespace.pass_time(600)
    broker.send("q", "a")
    assert broker.namespace.ids("q") == ["a"]


def test_sequence_numbers_never_repeat(broker: Restarting) -> None:
    broker.send("q", "a")
    broker.namespace.outlet("q").take()
    broker.restart()
    broker.send("q", "b")
    entry = broker.namespace.outlet("q").acquire()
    assert entry is not None
    assert entry.sequence_number == SEQUENCE_BLOCK + 1


def test_what_was_not_committed_is_not_there_after_a_crash(broker: Restarting, tmp_path: Path) -> None:
    broker.send("q", "a")
    broker.journal.commit()
    broker.send("q", "b")
    broker.journal._database.close()
    assert TimedNamespace(SOURCE, journal=SqliteJournal(tmp_path / "state")).ids("q") == ["a"]


def test_a_folder_in_use_by_another_broker_is_refused(broker: Restarting, tmp_path: Path) -> None:
    broker.send("q", "a")
    broker.journal.commit()
    with pytest.raises(ConfigurationError, match="stop the other broker"):
        SqliteJournal(tmp_path / "state")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="file: cannot keep the state"):
        SqliteJournal(tmp_path / "file")

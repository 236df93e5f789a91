"""The sending side of a queue or topic: duplicate detection and scheduled messages."""

from __future__ import annotations

from collections.abc import Callable

from local.servicebus.agenda import Agenda
from local.servicebus.journal import Journal
from local.servicebus.messages import Entry, Message, MessageNotFound, State

SEQUENCE_BLOCK = 1000


class Sequence:
    """Rising numbers that never repeat across restarts; the journal learns of them a block at a time."""

    def __init__(self, entity: str, journal: Journal) -> None:
        self._entity = entity
        self._journal = journal
        self._last = self._reserved = journal.reserved(entity)

    def next(self) -> int:
        self._last += 1
        if self._last > self._reserved:
            self._reserved += SEQUENCE_BLOCK
            self._journal.reserve(self._entity, self._reserved)
        return self._last


class History:
    """Message ids seen within the duplicate detection window, oldest first."""

    def __init__(self, entity: str, window: float | None, agenda: Agenda, journal: Journal) -> None:
        self._entity = entity
        self._window = window
        self._agenda = agenda
        self._journal = journal
        self._seen: dict[str, float] = dict(sorted(journal.remembered(entity), key=lambda seen: seen[1]))

    def repeats(self, message_id: str | None) -> bool:
        """Whether the id was seen within the window; from now on it was."""
        if self._window is None or not message_id:
            return False
        self._forget_old()
        if message_id in self._seen:
            return True
        until = self._agenda.now() + self._window
        self._seen[message_id] = until
        self._journal.remember(self._entity, message_id, until)
        return False

    def _forget_old(self) -> None:
        while self._seen:
            oldest = next(iter(self._seen))
            if self._seen[oldest] > self._agenda.now():
                break
            del self._seen[oldest]
            self._journal.forget(self._entity, oldest)


class Inlet:
    """What a sender link or `schedule_messages` talks to.

    A duplicate is accepted and dropped, as the service does. A scheduled message has a sequence number of its
    own until it is due, and a new one when it is enqueued:
    https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing#scheduled-messages
    """

    def __init__(
        self,
        name: str,
        window: float | None,
        *,
        sequence: Sequence,
        agenda: Agenda,
        journal: Journal,
        deliver: Callable[[Message], None],
    ) -> None:
        self.name = name
        self.scheduled: dict[int, Entry] = {}
        self._sequence = sequence
        self._history = History(name, window, agenda, journal)
        self._agenda = agenda
        self._journal = journal
        self._deliver = deliver
        for entry in journal.load(f"{name}/$scheduled"):
            self._await_due(entry)

    def send(self, message: Message) -> None:
        if message.scheduled_for is not None and message.scheduled_for > self._agenda.now():
            self.schedule(message, message.scheduled_for)
        elif not self._history.repeats(message.message_id):
            self._deliver(message)

    def schedule(self, message: Message, when: float) -> int:
        number = self._sequence.next()
        if not self._history.repeats(message.message_id):
            entry = Entry(number, message, self._agenda.now(), State.SCHEDULED, scheduled_for=when)
            self._await_due(entry)
            self._journal.save(f"{self.name}/$scheduled", entry)
        return number

    def cancel(self, sequence_number: int) -> None:
        entry = self.scheduled.get(sequence_number)
        if entry is None:
            raise MessageNotFound(f"no scheduled message {sequence_number} in {self.name}")
        self._remove(entry)

    def _await_due(self, entry: Entry) -> None:
        self.scheduled[entry.sequence_number] = entry
        entry.expiry = self._agenda.at(entry.scheduled_for or 0.0, self._due, entry)

    def _due(self, entry: Entry) -> None:
        self._remove(entry)
        self._deliver(entry.message)

    def _remove(self, entry: Entry) -> None:
        del self.scheduled[entry.sequence_number]
        self._journal.delete(f"{self.name}/$scheduled", entry.sequence_number)
        if entry.expiry is not None:
            entry.expiry.cancel()

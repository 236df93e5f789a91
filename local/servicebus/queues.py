"""A queue as Service Bus keeps it: peek-lock, delivery count, deferral, expiry, dead letters.

Sources: https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement,
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.servicebus.agenda import Agenda
from local.servicebus.inlets import Inlet, Sequence
from local.servicebus.journal import Journal
from local.servicebus.messages import Entry, Lock, LockLost, Message, MessageNotFound, State
from local.servicebus.settings import QueueSettings

Changes = Mapping[str, Any]
NO_CHANGES: Changes = {}
REASON = "DeadLetterReason"
DESCRIPTION = "DeadLetterErrorDescription"


class Queue:
    """A queue, a subscription, or the dead letters of either: these have no `bury`, and keep all they hold."""

    def __init__(
        self,
        name: str,
        settings: QueueSettings,
        *,
        sequence: Sequence,
        agenda: Agenda,
        journal: Journal,
        bury: Callable[[Entry], None] | None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.wake: Callable[[], None] = lambda: None
        self.inlet: Inlet | None = None
        self._sequence = sequence
        self._agenda = agenda
        self._journal = journal
        self._bury = bury
        self._entries: dict[int, Entry] = {}
        self._ready: list[int] = []
        self._locked: dict[bytes, Entry] = {}
        for entry in journal.load(name):
            self._place(entry)

    def enqueue(self, message: Message, *, enqueued_sequence_number: int | None = None) -> None:
        now = self._agenda.now()
        lifetime = shortest(message.time_to_live, self.settings.time_to_live)
        entry = Entry(self._sequence.next(), message, now, enqueued_sequence_number=enqueued_sequence_number)
        entry.expires_at = None if lifetime is None else now + lifetime
        self.adopt(entry)

    def adopt(self, entry: Entry) -> None:
        """Takes over an entry (a dead letter) with its number, its count and its time of enqueueing."""
        self._journal.save(self.name, entry)
        self._place(entry)
        self.wake()

    def _place(self, entry: Entry) -> None:
        self._entries[entry.sequence_number] = entry
        if entry.state is State.ACTIVE:
            heapq.heappush(self._ready, entry.sequence_number)
        if entry.expires_at is not None:
            entry.expiry = self._agenda.at(entry.expires_at, self._expire, entry.sequence_number)

    # receiving

    def acquire(self) -> Entry | None:
        """Locks the oldest available message."""
        entry = self._next_ready()
        if entry is not None:
            self._lock(entry)
        return entry

    def take(self) -> Entry | None:
        """Receive and delete."""
        entry = self._next_ready()
        if entry is not None:
            self._remove(entry)
        return entry

    def receive_deferred(self, sequence_numbers: Iterable[int], *, lock: bool) -> list[Entry]:
        found = [self._entries.get(number) for number in sequence_numbers]
        entries = [entry for entry in found if entry and entry.state is State.DEFERRED and entry.lock is None]
        if len(entries) != len(found) or not entries:
            raise MessageNotFound(f"a deferred message asked for is not in {self.name}, or is locked")
        for entry in entries:
            if lock:
                self._lock(entry)
            else:
                self._remove(entry)
        return entries

    def peek(self, from_sequence_number: int, count: int) -> list[Entry]:
        scheduled = self.inlet.scheduled if self.inlet else {}
        known = {**self._entries, **scheduled}
        numbers = (number for number in known if number >= from_sequence_number)
        return [known[number] for number in heapq.nsmallest(count, numbers)]

    def _next_ready(self) -> Entry | None:
        while self._ready:
            entry = self._entries.get(heapq.heappop(self._ready))
            if entry is not None and entry.state is State.ACTIVE and entry.lock is None:
                return entry
        return None

    # settlement

    def renew(self, token: bytes) -> float:
        """Returns the time the lock now holds until."""
        entry = self._unlock(token)
        self._lock(entry, token)
        return self._agenda.now() + self.settings.lock_duration

    def complete(self, token: bytes) -> None:
        self._remove(self._unlock(token))

    def release(self, token: bytes) -> None:
        """Gives back what was never worked on: no delivery is counted (AMQP outcome `released`)."""
        self._return(self._unlock(token))

    def abandon(self, token: bytes, changes: Changes = NO_CHANGES) -> None:
        entry = self._unlock(token)
        entry.changes.update(changes)
        self._count_failure(entry)

    def defer(self, token: bytes, changes: Changes = NO_CHANGES) -> None:
        entry = self._unlock(token)
        entry.changes.update(changes)
        entry.state = State.DEFERRED
        self._return(entry)

    def dead_letter(
        self, token: bytes, reason: str | None, description: str | None, changes: Changes = NO_CHANGES
    ) -> None:
        entry = self._unlock(token)
        entry.changes.update(changes)
        self._send_to_dead_letters(entry, reason, description)

    def _lock(self, entry: Entry, token: bytes | None = None) -> None:
        until = self._agenda.now() + self.settings.lock_duration
        token = token or uuid.uuid4().bytes_le
        entry.lock = Lock(token, until, self._agenda.at(until, self._lose_lock, token))
        self._locked[token] = entry

    def _unlock(self, token: bytes) -> Entry:
        entry = self._locked.get(token)
        if entry is None or entry.lock is None or entry.lock.until <= self._agenda.now():
            raise LockLost(f"the lock is not held in {self.name}: it expired, or the message is already settled")
        return self._drop_lock(entry)

    def _drop_lock(self, entry: Entry) -> Entry:
        if entry.lock is not None:
            entry.lock.timer.cancel()
            del self._locked[entry.lock.token]
            entry.lock = None
        return entry

    def _lose_lock(self, token: bytes) -> None:
        self._count_failure(self._drop_lock(self._locked[token]))

    def _count_failure(self, entry: Entry) -> None:
        entry.delivery_count += 1
        limit = self.settings.max_delivery_count
        if self._bury is not None and entry.delivery_count >= limit:
            description = f"Message could not be consumed after {limit} delivery attempts."
            self._send_to_dead_letters(entry, "MaxDeliveryCountExceeded", description)
        else:
            self._return(entry)

    def _return(self, entry: Entry) -> None:
        if entry.expires_at is not None and entry.expires_at <= self._agenda.now():
            self._expire(entry.sequence_number)
            return
        self._journal.save(self.name, entry)
        if entry.state is State.ACTIVE:
            heapq.heappush(self._ready, entry.sequence_number)
            self.wake()

    # leaving

    def _expire(self, sequence_number: int) -> None:
        entry = self._entries.get(sequence_number)
        if entry is None or entry.lock is not None:
            return  # a locked message lives until its lock ends
        if self.settings.dead_letter_on_expiry:
            self._send_to_dead_letters(entry, "TTLExpiredException", "The message expired and was dead lettered.")
        else:
            self._remove(entry)

    def _send_to_dead_letters(self, entry: Entry, reason: str | None, description: str | None) -> None:
        given = {REASON: reason, DESCRIPTION: description}
        entry.changes.update({key: text for key, text in given.items() if text})
        if self._bury is None:
            self._return(entry)  # a dead letter that is dead-lettered again stays where it is
            return
        self._remove(entry)
        entry.state, entry.expires_at, entry.expiry = State.ACTIVE, None, None
        self._bury(entry)

    def _remove(self, entry: Entry) -> None:
        del self._entries[entry.sequence_number]
        if entry.expiry is not None:
            entry.expiry.cancel()
        self._journal.delete(self.name, entry.sequence_number)

    def count(self, state: State) -> int:
        """Active messages include the locked ones, as the service's own counts do."""
        return sum(entry.state is state for entry in self._entries.values())


def shortest(*lifetimes: float | None) -> float | None:
    return min((life for life in lifetimes if life is not None), default=None)

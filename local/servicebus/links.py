"""The links that carry messages: a client's sender into an inlet, a client's receiver out of a queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from proton import Condition, Delivery, Link, symbol

from local.servicebus import encoding
from local.servicebus.inlets import Inlet
from local.servicebus.messages import BrokerError, MessageTooLarge
from local.servicebus.queues import DESCRIPTION, REASON, Queue

MAX_MESSAGE_BYTES = 256 * 1024  # Service Bus Standard, with properties
SENDER_CREDIT = 1000
OUTGOING_BYTES = 1024 * 1024  # what may wait in one session before deliveries pause


class LinkEnd(Protocol):
    """The broker's side of a link."""

    def on_flow(self) -> None: ...
    def on_delivery(self, delivery: Any) -> None: ...
    def on_close(self) -> None: ...


class IncomingLink:
    """A client's sender. Refuses what is too large or malformed with the service's own conditions."""

    def __init__(self, link: Any, inlet: Inlet) -> None:
        self._link = link
        self._inlet = inlet
        link.max_message_size = MAX_MESSAGE_BYTES
        link.open()
        link.flow(SENDER_CREDIT)

    def on_flow(self) -> None:
        pass

    def on_delivery(self, delivery: Any) -> None:
        encoded = read_delivery(self._link, delivery)
        if encoded is None:
            return
        try:
            if len(encoded) > MAX_MESSAGE_BYTES:
                raise MessageTooLarge(f"The message has {len(encoded)} bytes; the limit is {MAX_MESSAGE_BYTES}.")
            for message in [encoding.decode(part) for part in encoding.split_batch(encoded)]:
                self._inlet.send(message)
        except BrokerError as error:
            settle(delivery, Delivery.REJECTED, error)
        else:
            settle(delivery, Delivery.ACCEPTED)

    def on_close(self) -> None:
        pass


class OutgoingLink:
    """A client's receiver. When it goes away its messages stay locked, and come back when their locks end."""

    def __init__(self, link: Any, queue: Queue, pump: Pump, touch: Callable[[], None]) -> None:
        self._link = link
        self._queue = queue
        self._pump = pump
        self._touch = touch
        self._deletes = link.remote_snd_settle_mode == Link.SND_SETTLED
        self._tokens: dict[Any, bytes] = {}
        self._paused = False
        link.snd_settle_mode = link.remote_snd_settle_mode
        link.rcv_settle_mode = link.remote_rcv_settle_mode
        link.open()

    @property
    def hungry(self) -> bool:
        self._paused = self._link.session.outgoing_bytes >= OUTGOING_BYTES
        return self._link.credit > 0 and not self._paused

    def deliver(self) -> bool:
        """Sends the next message of the queue; False when there is none."""
        entry = self._queue.take() if self._deletes else self._queue.acquire()
        if entry is None:
            return False
        token = entry.lock.token if entry.lock else entry.sequence_number.to_bytes(16, "big")
        delivery = self._link.delivery(token)
        self._link.stream(encoding.encode(entry))
        if entry.lock is None:
            delivery.settle()
        else:
            self._tokens[delivery] = token
        self._link.advance()
        self._touch()
        return True

    def resume(self) -> None:
        """There is room again after deliveries paused."""
        if self._paused:
            self._paused = False
            self._pump.feed(self)

    def on_flow(self) -> None:
        self._pump.feed(self)
        if self._link.drain_mode:
            self._link.drained()

    def on_delivery(self, delivery: Any) -> None:
        """The client settles a message; the answer repeats its outcome, as the SDK expects."""
        outcome = delivery.remote_state
        if delivery not in self._tokens or not (outcome in OUTCOMES or delivery.settled):
            return
        token = self._tokens.pop(delivery)
        if outcome not in OUTCOMES:
            delivery.settle()
            return
        try:
            OUTCOMES[outcome](self._queue, token, delivery.remote)
        except BrokerError as error:
            settle(delivery, Delivery.REJECTED, error)
        else:
            delivery.local.failed = delivery.remote.failed
            delivery.local.undeliverable = delivery.remote.undeliverable
            settle(delivery, outcome)

    def on_close(self) -> None:
        self._pump.leave(self)
        self._tokens.clear()


class Pump:
    """Deals a queue's messages out to the receivers that have credit, one each in turn."""

    def __init__(self, queue: Queue) -> None:
        self._hungry: dict[OutgoingLink, None] = {}
        queue.wake = self.run

    def feed(self, link: OutgoingLink) -> None:
        self._hungry.setdefault(link)
        self.run()

    def leave(self, link: OutgoingLink) -> None:
        self._hungry.pop(link, None)

    def run(self) -> None:
        while self._hungry:
            link = next(iter(self._hungry))
            if link.hungry:
                if not link.deliver():
                    return
                self._hungry[link] = self._hungry.pop(link)
            else:
                del self._hungry[link]


def _modify(queue: Queue, token: bytes, remote: Any) -> None:
    changes = {str(key): encoding.owned(value) for key, value in (remote.annotations or {}).items()}
    if remote.undeliverable:
        queue.defer(token, changes)
    else:
        queue.abandon(token, changes)


def _reject(queue: Queue, token: bytes, remote: Any) -> None:
    condition = remote.condition
    given = (condition and condition.info) or {}
    info = {str(key): encoding.owned(value) for key, value in given.items()}
    description = info.pop(DESCRIPTION, None) or (condition and condition.description)
    queue.dead_letter(token, info.pop(REASON, None), description, info)


OUTCOMES: dict[int, Callable[[Queue, bytes, Any], None]] = {
    Delivery.ACCEPTED: lambda queue, token, remote: queue.complete(token),
    Delivery.RELEASED: lambda queue, token, remote: queue.release(token),
    Delivery.MODIFIED: _modify,
    Delivery.REJECTED: _reject,
}


def read_delivery(link: Any, delivery: Any) -> bytes | None:
    """The bytes of a whole incoming delivery; None while it is still coming in, or was aborted."""
    if delivery.aborted:
        delivery.settle()
        return None
    if not delivery.readable or delivery.partial:
        return None
    encoded = bytes(link.recv(delivery.pending) or b"")
    link.advance()
    if link.credit < SENDER_CREDIT // 2:
        link.flow(SENDER_CREDIT - link.credit)
    return encoded


def settle(delivery: Any, outcome: int, error: BrokerError | None = None) -> None:
    if error is not None:
        delivery.local.condition = condition(error.condition, str(error))
    delivery.update(outcome)
    delivery.settle()


def condition(name: str, description: str) -> Any:
    """An AMQP error with all its three fields: the SDK reads the third without asking whether it is there."""
    return Condition(name, description, {symbol("source"): "local broker"})

"""What the broker keeps: messages, and their place in one queue. Nothing here knows AMQP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from local.servicebus.agenda import Timer


class BrokerError(Exception):
    """A request the broker refuses; `condition` is the AMQP error condition Service Bus answers with."""

    condition = "amqp:internal-error"
    status = 500


class EntityNotFound(BrokerError):
    condition = "amqp:not-found"
    status = 404


class NotAllowed(BrokerError):
    condition = "amqp:not-allowed"
    status = 400


class BadRequest(BrokerError):
    condition = "com.microsoft:argument-error"
    status = 400


class LockLost(BrokerError):
    condition = "com.microsoft:message-lock-lost"
    status = 410


class MessageNotFound(BrokerError):
    condition = "com.microsoft:message-not-found"
    status = 404


class MessageTooLarge(BrokerError):
    condition = "amqp:link:message-size-exceeded"
    status = 400


class State(IntEnum):
    """The values of the annotation x-opt-message-state."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was sent. `content` is opaque here: the wire's own parts of it.

    `system` holds the properties a correlation filter can name, by their Config.json names (Label, To …).
    Times are seconds: `scheduled_for` since the epoch, `time_to_live` from enqueueing on.
    `dead_letter_source` is set only when dead letters are forwarded to another entity.
    """

    content: Any
    message_id: str | None = None
    system: Mapping[str, str] = field(default_factory=dict)
    application: Mapping[str, Any] = field(default_factory=dict)
    time_to_live: float | None = None
    scheduled_for: float | None = None
    dead_letter_source: str | None = None


@dataclass(slots=True)
class Lock:
    token: bytes
    until: float
    timer: Timer


@dataclass(slots=True)
class Entry:
    """One message's place in one queue. Subscriptions share the message; each has its own entry."""

    sequence_number: int
    message: Message
    enqueued_at: float
    state: State = State.ACTIVE
    delivery_count: int = 0
    expires_at: float | None = None
    scheduled_for: float | None = None
    enqueued_sequence_number: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    lock: Lock | None = None
    expiry: Timer | None = None

    @property
    def application(self) -> Mapping[str, Any]:
        """The application properties with what abandoning, deferring or dead-lettering changed."""
        return {**self.message.application, **self.changes}

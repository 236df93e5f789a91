"""What is configured of each entity. Durations are seconds; None means for ever, or no duplicate detection."""

from __future__ import annotations

from dataclasses import dataclass

from local.servicebus.rules import Rule


@dataclass(frozen=True, slots=True)
class QueueSettings:
    name: str
    lock_duration: float = 60.0
    max_delivery_count: int = 10
    time_to_live: float | None = None
    dead_letter_on_expiry: bool = False
    duplicate_window: float | None = None
    forward_to: str | None = None
    forward_dead_letters_to: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionSettings:
    name: str
    queue: QueueSettings
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class TopicSettings:
    name: str
    subscriptions: tuple[SubscriptionSettings, ...]
    time_to_live: float | None = None
    duplicate_window: float | None = None


@dataclass(frozen=True, slots=True)
class NamespaceSettings:
    queues: tuple[QueueSettings, ...]
    topics: tuple[TopicSettings, ...]

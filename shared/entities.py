"""The Service Bus entities the product uses, derived from the city's departments.

Bicep builds the same from the same file (a test compares them); the local broker is configured from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shared.departments import City
from shared.model import Event

INTAKE_QUEUE = "intake"  # scans that reconciliation found without an event
RECOGNIZE_QUEUE = "recognize"
CLASSIFY_QUEUE = "classify"
GIVEN_UP_QUEUE = "given-up"

LOCK_DURATION = timedelta(minutes=5)  # the longest Service Bus allows; the host renews it while a function runs
MAX_DELIVERY_COUNT = 10
DUPLICATE_WINDOW = timedelta(minutes=10)
TIME_TO_LIVE = timedelta(days=14)


@dataclass(frozen=True)
class Rule:
    """A correlation rule: matches when the application property equals the value."""

    name: str
    property: str
    value: str


@dataclass(frozen=True)
class Subscription:
    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Topic:
    name: str
    department: str
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True)
class Entities:
    queues: tuple[str, ...]
    topics: tuple[Topic, ...]


def describe_entities(city: City) -> Entities:
    """Every queue, topic, subscription and rule this city needs."""
    return Entities(
        queues=(INTAKE_QUEUE, RECOGNIZE_QUEUE, CLASSIFY_QUEUE, GIVEN_UP_QUEUE),
        topics=tuple(
            Topic(
                name=department.topic,
                department=department.id,
                subscriptions=tuple(
                    Subscription(channel.value, _rules(channel.value, city.channels[channel].events))
                    for channel in department.channels
                ),
            )
            for department in city.departments
        ),
    )


def _rules(channel: str, events: list[Event]) -> tuple[Rule, ...]:
    by_event = tuple(Rule(f"event-{event.value}", "event", event.value) for event in events)
    return (*by_event, Rule("target", "target", channel))

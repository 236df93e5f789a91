"""Subscription rules. Several rules of a subscription are OR-ed, the conditions of one rule AND-ed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from local.servicebus.messages import Message

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class TrueRule:
    def matches(self, message: Message) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class CorrelationRule:
    """Equality with every named property; strings compare case-sensitively, as Service Bus documents.

    https://learn.microsoft.com/azure/service-bus-messaging/topic-filters#correlation-filters
    """

    system: Mapping[str, str] = field(default_factory=dict)
    application: Mapping[str, Value] = field(default_factory=dict)

    def matches(self, message: Message) -> bool:
        return all(message.system.get(name) == value for name, value in self.system.items()) and all(
            name in message.application and _same(message.application[name], value)
            for name, value in self.application.items()
        )


Rule = TrueRule | CorrelationRule


def any_matches(rules: Sequence[Rule], message: Message) -> bool:
    return any(rule.matches(message) for rule in rules)


def _same(actual: object, expected: Value) -> bool:
    # True == 1 in Python, but a boolean and a number are different types to Service Bus.
    return isinstance(actual, bool) == isinstance(expected, bool) and actual == expected

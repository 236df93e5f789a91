"""A Service Bus namespace whose time only the test moves."""

from __future__ import annotations

from typing import Any

from local.servicebus.agenda import Agenda
from local.servicebus.configuration import read_configuration
from local.servicebus.journal import Journal, MemoryJournal
from local.servicebus.messages import Message
from local.servicebus.namespace import Namespace


def config(
    queues: dict[str, dict[str, Any]] | None = None, topics: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """An emulator Config.json with these queues (name → Properties) and topics."""
    named = [{"Name": name, "Properties": properties} for name, properties in (queues or {}).items()]
    namespace = {"Name": "sbemulatorns", "Queues": named, "Topics": topics or []}
    return {"UserConfig": {"Namespaces": [namespace], "Logging": {"Type": "File"}}}


def topic(name: str, subscriptions: dict[str, list[dict[str, Any]]], **properties: Any) -> dict[str, Any]:
    """A topic whose subscriptions have these correlation filters, one rule each."""
    return {
        "Name": name,
        "Properties": properties,
        "Subscriptions": [
            {
                "Name": subscription,
                "Rules": [
                    {"Name": f"rule-{n}", "Properties": {"FilterType": "Correlation", "CorrelationFilter": found}}
                    for n, found in enumerate(filters)
                ],
            }
            for subscription, filters in subscriptions.items()
        ],
    }


class StandingClock:
    """Starts at a whole number of seconds and stands still until `pass_time`."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


class TimedNamespace(Namespace):
    def __init__(
        self, source: dict[str, Any], *, clock: StandingClock | None = None, journal: Journal | None = None
    ) -> None:
        self.clock = clock or StandingClock()
        self.agenda = Agenda(self.clock)
        super().__init__(read_configuration(source), self.agenda, journal or MemoryJournal())

    def pass_time(self, seconds: float) -> None:
        self.clock.time += seconds
        self.agenda.run_due()

    def send(self, address: str, message_id: str = "m", **fields: Any) -> None:
        self.inlet(address).send(Message(b"", message_id=message_id, **fields))

    def ids(self, address: str) -> list[str | None]:
        """The message ids of everything in the queue, as a peek shows it."""
        return [entry.message.message_id for entry in self.outlet(address).peek(0, 1000)]

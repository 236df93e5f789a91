"""Telemetry that is kept in memory, and a mailroom that runs on it without Azure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from local.memory import MemoryBlobs, MemoryLedger, RecordingBus
from shared.bootstrap import Services
from shared.departments import City
from shared.entities import CLASSIFY_QUEUE, INTAKE_QUEUE, RECOGNIZE_QUEUE, describe_entities
from shared.mailroom import Mailroom
from shared.model import Message
from shared.settings import Settings
from shared.telemetry import Metric, ObservedBus, ObservedLedger, Telemetry


class Watched:
    """Everything a process emitted."""

    def __init__(self, euros_per_page: Mapping[str, float] | None = None) -> None:
        self._spans = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.meters = MeterProvider([self.reader])
        self.telemetry = Telemetry(self.tracers.get_tracer("test"), self.meters.get_meter("test"), euros_per_page)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._spans.get_finished_spans()

    def span(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def points(self, metric: Metric) -> list[tuple[dict[str, Any], Any]]:
        """Attributes and value (of a histogram: the sum) of each series."""
        data = self.reader.get_metrics_data()
        found = [
            point
            for resource in (data.resource_metrics if data else [])
            for scope in resource.scope_metrics
            for one in scope.metrics
            if one.name == metric.value
            for point in one.data.data_points
        ]
        return [(dict(point.attributes or {}), getattr(point, "value", getattr(point, "sum", None))) for point in found]

    def everything(self) -> str:
        """All spans and metrics as text."""
        data = self.reader.get_metrics_data()
        parts = [*(span.to_json() for span in self.spans), data.to_json() if data else "{}"]
        return "\n".join(json.dumps(json.loads(part), ensure_ascii=False) for part in parts)


class Town:
    """A mailroom in memory; `run` hands each message to the stage that Service Bus would hand it to."""

    def __init__(self, city: City, settings: Settings, watched: Watched, **parts: Any) -> None:
        self.city, self.watched = city, watched
        self.blobs, self.ledger, self.bus = MemoryBlobs(), MemoryLedger(), RecordingBus()
        services = Services(city, settings)
        observed: dict[str, Any] = {
            "telemetry": watched.telemetry,
            "ledger": ObservedLedger(self.ledger, watched.telemetry),
            "bus": ObservedBus(self.bus, watched.telemetry),
            "signatures": None,
        }
        # A cached property that was filled is never computed.
        vars(services).update({"blobs": self.blobs, **observed, **parts})
        self.services = services
        self.mailroom = Mailroom(services)
        self._handled = 0

    async def run(self) -> None:
        while self._handled < len(self.bus.sent):
            one = self.bus.sent[self._handled]
            self._handled += 1
            await self._hand_over(one.entity, one.message)

    async def _hand_over(self, entity: str, message: Message) -> None:
        if entity == INTAKE_QUEUE:
            await self.mailroom.take_in_found(message)
        elif entity == RECOGNIZE_QUEUE:
            await self.mailroom.recognize(message)
        elif entity == CLASSIFY_QUEUE:
            await self.mailroom.classify(message)
        for topic in describe_entities(self.city).topics:
            for subscription in topic.subscriptions if topic.name == entity else ():
                wanted = {"target": message.target, "event": None if message.target else message.event.value}
                if any(wanted[rule.property] == rule.value for rule in subscription.rules):
                    await self._deliver(subscription.name, message)

    async def _deliver(self, channel: str, message: Message) -> None:
        if channel == "teams":
            await self.mailroom.post_cards([message])
        else:
            await {"sharepoint": self.mailroom.file, "email": self.mailroom.forward}[channel](message)

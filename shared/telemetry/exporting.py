"""Telemetry where no Functions worker brings it: to a collector over OTLP, or to standard error."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum

# Their messages hold addresses: a blob's is the scanner's file name, a webhook's is a secret.
TALKATIVE = ("azure", "httpx", "httpcore", "urllib3", "uamqp", "msal")


class Destination(StrEnum):
    """HOST: whoever runs the process exports (Azure's worker), or nobody does. Never export twice."""

    HOST = "host"
    OTLP = "otlp"
    CONSOLE = "console"


def keep_vendors_quiet() -> None:
    """At INFO they log every address they call."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def start_exporting(destination: Destination, endpoint: str | None = None) -> None:
    """Set up the SDK once a process; the batches are sent from threads of the SDK's own and flushed at exit."""
    if destination is Destination.HOST:
        return
    from opentelemetry import metrics, trace
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricExporter, PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

    spans: SpanExporter
    readings: MetricExporter
    if destination is Destination.OTLP:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        base = (endpoint or "http://localhost:4318").rstrip("/")
        spans, readings = OTLPSpanExporter(f"{base}/v1/traces"), OTLPMetricExporter(f"{base}/v1/metrics")
    else:
        spans = ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n")
        readings = ConsoleMetricExporter(out=sys.stderr, formatter=lambda data: data.to_json(indent=None) + "\n")
    resource = Resource.create({"service.name": "podatelna"})
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(spans))
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(MeterProvider([PeriodicExportingMetricReader(readings)], resource=resource))

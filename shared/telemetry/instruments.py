"""The metric instruments, each with its unit and the attributes it is counted by."""

from __future__ import annotations

from opentelemetry.metrics import Meter

from shared.telemetry.names import Metric

SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400)
TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


class Instruments:
    """Made once from a meter; without an SDK they do nothing."""

    def __init__(self, meter: Meter) -> None:
        # state, department, kind: one for each state a document reaches; a file without documents counts as one
        self.documents = meter.create_counter(Metric.DOCUMENTS, "{document}", "Documents by the state they reached.")
        # engine
        self.pages = meter.create_counter(Metric.PAGES, "{page}", "Pages read by an OCR engine.")
        self.cost = meter.create_counter(Metric.OCR_COST, "EUR", "What reading the pages cost at the list price.")
        # department, state
        self.confidence = meter.create_histogram(
            Metric.CONFIDENCE, "1", "How sure the classifier was.", explicit_bucket_boundaries_advisory=TENTHS
        )
        # stage, outcome
        self.duration = meter.create_histogram(
            Metric.STAGE_DURATION, "s", "How long a stage worked.", explicit_bucket_boundaries_advisory=SECONDS
        )
        # stage
        self.waiting = meter.create_histogram(
            Metric.STAGE_WAITING, "s", "How long a message waited.", explicit_bucket_boundaries_advisory=SECONDS
        )
        # department, state
        self.scan_to_card = meter.create_histogram(
            Metric.SCAN_TO_CARD, "s", "From the scan to its card.", explicit_bucket_boundaries_advisory=SECONDS
        )
        # stage, department, error.type
        self.retries = meter.create_counter(Metric.RETRIES, "{retry}", "Stages to be tried again.")
        self.failures = meter.create_counter(Metric.FAILURES, "{failure}", "Stages given up.")
        # stage
        self.backlog_age = meter.create_gauge(Metric.BACKLOG_AGE, "s", "Age of the oldest waiting document.")
        self.backlog_size = meter.create_gauge(Metric.BACKLOG_SIZE, "{document}", "Waiting documents.")
        # finding
        self.reconciliation = meter.create_gauge(Metric.RECONCILIATION, "{document}", "What reconciliation counted.")
        self.retention = meter.create_counter(Metric.RETENTION, "{object}", "What retention deleted.")

"""The names of everything that is emitted. Queries, alerts and the workbook in infra/ rely on them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

SCOPE = "podatelna"


class Stage(StrEnum):
    """A stage is the name of its span, and the value of Attribute.STAGE on its metrics."""

    INTAKE = "intake"
    RECOGNITION = "recognition"
    CLASSIFICATION = "classification"
    SHAREPOINT = "delivery.sharepoint"
    TEAMS = "delivery.teams"
    EMAIL = "delivery.email"
    RECONCILIATION = "reconciliation"
    RETENTION = "retention"


# The span that begins the trace of one of many documents found in a scan; it links to the scan's own.
BRANCH = "document"


class Attribute(StrEnum):
    STAGE = "podatelna.stage"
    OUTCOME = "podatelna.outcome"
    SOURCE = "podatelna.source_id"
    DOCUMENT = "podatelna.document_id"
    DOCUMENTS = "podatelna.document_ids"  # a JSON list; of intake
    STATE = "podatelna.state"
    KIND = "podatelna.kind"
    DEPARTMENT = "podatelna.department"
    CONFIDENCE = "podatelna.confidence"
    PAGES = "podatelna.pages"
    ENGINE = "podatelna.engine"
    ATTEMPT = "podatelna.attempt"
    VERSION = "podatelna.version"
    SCAN_TO_CARD = "podatelna.scan_to_card_seconds"
    FINDING = "podatelna.finding"
    ERROR = "error.type"
    HTTP_STATUS = "http.response.status_code"


Value = str | int | float


def labels(known: Mapping[Attribute, Value | None]) -> dict[str, Value]:
    """Plain strings, as exporters want them; what is not known is left out."""
    return {name.value: value for name, value in known.items() if value is not None}


class Metric(StrEnum):
    """Name; unit and attributes stand in instruments.py."""

    DOCUMENTS = "podatelna.documents"
    PAGES = "podatelna.pages"
    OCR_COST = "podatelna.ocr.cost"
    CONFIDENCE = "podatelna.confidence"
    STAGE_DURATION = "podatelna.stage.duration"
    STAGE_WAITING = "podatelna.stage.waiting"
    SCAN_TO_CARD = "podatelna.scan_to_card"
    RETRIES = "podatelna.retries"
    FAILURES = "podatelna.failures"
    BACKLOG_AGE = "podatelna.backlog.age"
    BACKLOG_SIZE = "podatelna.backlog.size"
    RECONCILIATION = "podatelna.reconciliation"
    RETENTION = "podatelna.retention"


class Outcome(StrEnum):
    """How a stage ended: done, to be tried again, or given up."""

    DONE = "done"
    RETRIED = "retried"
    FAILED = "failed"


# What a message's target or entity is called as a stage.
STAGE_OF = {
    "intake": Stage.INTAKE,
    "recognize": Stage.RECOGNITION,
    "classify": Stage.CLASSIFICATION,
    "sharepoint": Stage.SHAREPOINT,
    "teams": Stage.TEAMS,
    "email": Stage.EMAIL,
}

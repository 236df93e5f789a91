"""The words of the mailroom as types: what a scan, a document, its text, a decision and a step are.

Every value is frozen; times are aware UTC datetimes; page numbers are 1-based pages of the scanned file.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MAILROOM = "podatelna"


class Value(BaseModel):
    """A frozen value; unknown fields of a newer writer are ignored, never fatal. Errors quote none."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)


class State(StrEnum):
    """Where a document or a scanned file is. The last five are ends until a person acts."""

    RECEIVED = "received"
    RECOGNIZED = "recognized"
    ROUTED = "routed"
    FILED = "filed"
    DELIVERED = "delivered"
    REVIEW = "review"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    FAILED = "failed"


class Fate(StrEnum):
    """What became of one page of a scanned file."""

    DOCUMENT = "document"
    SEPARATOR = "separator"
    BLANK = "blank"
    BAD = "bad"


class PageFate(Value):
    """The account of one page: in a document, a separator sheet, set aside as blank, or unreadable."""

    page: int
    fate: Fate
    document_id: str | None = None
    reason: str = ""


class Word(Value):
    """One recognised word; box is x0, y0, x1, y1 in fractions (0..1) of the upright page, origin top left."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float
    handwritten: bool = False


class Line(Value):
    """One line of text in reading order."""

    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class PageText(Value):
    """The text of one page. `rotation`: degrees clockwise (0, 90, 180, 270) that turn the scan upright."""

    page: int
    lines: list[Line]
    rotation: int = 0
    skew: float = 0.0
    error: str = ""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class DocumentText(Value):
    """What an OCR engine read; stored as extracted/{id}.json."""

    document_id: str
    engine: str
    pages: list[PageText]

    @property
    def text(self) -> str:
        return "\n\f".join(page.text for page in self.pages)


class Candidate(Value):
    """A department the document may belong to."""

    department: str
    confidence: float


class ReadField(Value):
    """Something read off the document. `value` may be personal data: it lives in the extracted JSON only."""

    name: str
    value: str
    page: int
    confidence: float
    handwritten: bool = False


class Decision(Value):
    """What the classifier says. `sure` False means the mailroom must decide; reasons are Slovak."""

    kind: str | None
    department: str | None
    confidence: float
    sure: bool
    candidates: list[Candidate] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)
    fields: list[ReadField] = Field(default_factory=list)
    model: str = ""


class FiledItem(Value):
    """Where SharePoint keeps the document."""

    department: str
    drive_id: str
    item_id: str
    name: str
    url: str
    missing_columns: list[str] = Field(default_factory=list)
    etag: Annotated[str, Field(exclude=True)] = ""


class SourceRecord(Value):
    """The ledger's row of one scanned file (one version of one blob)."""

    id: str
    name: str
    etag: str
    size: int
    received_at: datetime
    sha256: str = ""
    state: State = State.RECEIVED
    duplicate_of: str | None = None
    error: str | None = None
    pages: list[PageFate] = Field(default_factory=list)
    documents: list[str] = Field(default_factory=list)
    effects: dict[str, datetime] = Field(default_factory=dict)


class DocumentRecord(Value):
    """The ledger's row of one document. No personal data but the file name the scanner gave."""

    id: str
    source_id: str
    source_name: str
    pages: list[int]
    received_at: datetime
    state: State = State.RECEIVED
    kind: str | None = None
    department: str | None = None
    confidence: float | None = None
    candidates: list[Candidate] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)
    decided_by: str = ""
    version: int = 1
    deadline: date | None = None
    deadline_rule: str = ""
    split_reason: str = ""
    repeat_of: str | None = None
    text_chars: int = 0
    engine: str = ""
    filed: FiledItem | None = None
    effects: dict[str, datetime] = Field(default_factory=dict)
    hold: str = ""
    error: str | None = None
    etag: Annotated[str, Field(exclude=True)] = ""


class Step(Value):
    """One line of a document's history, append-only."""

    at: datetime
    actor: str
    action: str
    state: State
    attempt: int = 1
    reason: str = ""
    details: dict[str, Any] = Field(default_factory=dict)


class Event(StrEnum):
    """What a message says happened; correlation rules select on it."""

    SCANNED = "scanned"
    RECOGNIZE = "recognize"
    CLASSIFY = "classify"
    ROUTED = "routed"
    REVIEW = "review"
    FILED = "filed"
    MOVED = "moved"
    NOTICE = "notice"
    RETRY = "retry"


class Message(Value):
    """The claim check that travels between functions: ids and properties, never text or bytes.

    `version` is the routing version of the document (a move raises it); `attempt` counts deferred retries of one
    channel since `first_seen`. A retried copy carries `target` and travels with the property event=retry, so that
    only the failing subscription's rule matches; the body keeps the real event.
    """

    schema_version: int = Field(default=1, alias="schema")
    event: Event
    document_id: str
    first_seen: datetime
    department: str | None = None
    version: int = 1
    attempt: int = 1
    target: str | None = None
    traceparent: str | None = None
    detail: str = ""

    @property
    def message_id(self) -> str:
        """The duplicate-detection key, at most 128 characters (Service Bus limit).

        A retry or a replay (`target`) carries the time of its first try, or a replay within the duplicate window would
        be taken for the message that had failed before, and be dropped.
        """
        first = f"{self.first_seen:%d%H%M%S%f}" if self.target else "-"
        parts = (
            *(self.document_id, self.event, self.department or "-", self.version),
            *(self.target or "-", self.attempt, first),
        )
        return ":".join(str(part) for part in parts)[:128]

"""One thing to tell a department about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shared.model import DocumentRecord


class Topic(StrEnum):
    ARRIVED = "arrived"
    REVIEW = "review"
    MOVED = "moved"
    NOTICE = "notice"


@dataclass(frozen=True)
class Looks:
    """What every card needs to know of its surroundings."""

    desk_url: str
    time_zone: str


@dataclass(frozen=True)
class News:
    """Names are those of the catalogue and the city; only `subject` comes from the document."""

    topic: Topic
    record: DocumentRecord
    kind: str | None = None
    subject: str | None = None
    department: str = ""  # ARRIVED: whose; MOVED: where to; NOTICE: where it failed
    candidates: list[tuple[str, float]] = field(default_factory=list)
    what_failed: str = ""

    @property
    def title(self) -> str:
        return self.kind or "Nezaradený dokument"

"""The columns a department's library has beside SharePoint's own: internal name, what people read, type.

Internal names are ASCII and carry our prefix, since SharePoint keeps names such as DocumentId for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Columns = Mapping[str, str | float | None]
LONGEST_TEXT = 255  # a single line of text: learn.microsoft.com/graph/api/resources/textcolumn


class Column(StrEnum):
    """Internal names."""

    DOCUMENT_ID = "PodatelnaId"
    KIND = "PodatelnaKind"
    RECEIVED = "PodatelnaReceived"
    CONFIDENCE = "PodatelnaConfidence"
    DEADLINE = "PodatelnaDeadline"
    APPLICANT = "PodatelnaApplicant"


@dataclass(frozen=True)
class Definition:
    """How the column is made: `podatelna doctor` and deployment create it from this."""

    name: Column
    display_name: str
    type: Mapping[str, Mapping[str, Any]]

    def as_graph(self) -> dict[str, Any]:
        return {"name": self.name.value, "displayName": self.display_name, **self.type}


TEXT = {"text": {"maxLength": LONGEST_TEXT}}
DAY = {"dateTime": {"format": "dateOnly"}}
DEFINITIONS = (
    Definition(Column.DOCUMENT_ID, "Číslo dokumentu", TEXT),
    Definition(Column.KIND, "Druh", TEXT),
    Definition(Column.RECEIVED, "Doručené", DAY),
    Definition(Column.CONFIDENCE, "Istota", {"number": {"decimalPlaces": "two"}}),
    Definition(Column.DEADLINE, "Navrhovaná lehota", DAY),
    Definition(Column.APPLICANT, "Žiadateľ", TEXT),
)


def day(value: date | None) -> str | None:
    """Noon in UTC is the same day in every time zone SharePoint may show it in."""
    return f"{value.isoformat()}T12:00:00Z" if value else None

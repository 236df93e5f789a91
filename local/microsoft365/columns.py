"""The columns that a department's library has beside SharePoint's own, as Graph's columnDefinition."""

from __future__ import annotations

from typing import Any

COLUMNS: tuple[dict[str, Any], ...] = (
    {"name": "PodatelnaId", "displayName": "Číslo dokumentu", "text": {"maxLength": 255}, "indexed": True},
    {"name": "PodatelnaKind", "displayName": "Druh", "text": {"maxLength": 255}},
    {"name": "PodatelnaReceived", "displayName": "Doručené", "dateTime": {"format": "dateOnly"}},
    {"name": "PodatelnaConfidence", "displayName": "Istota", "number": {"decimalPlaces": "two"}},
    {"name": "PodatelnaDeadline", "displayName": "Navrhovaná lehota", "dateTime": {"format": "dateOnly"}},
    {"name": "PodatelnaApplicant", "displayName": "Žiadateľ", "text": {"maxLength": 255}},
)

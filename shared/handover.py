"""When a document reached its people, as the effects in its record tell."""

from __future__ import annotations

from datetime import datetime

from shared.model import DocumentRecord

CHANNELS = ("teams", "email", "sharepoint")


def handed_over(record: DocumentRecord) -> datetime | None:
    """When the people of the present version's department were told: the card, the letter, or just the file."""
    parts = [(key.split(":"), at) for key, at in record.effects.items()]
    times = {part[0]: at for part, at in parts if len(part) == 3 and part[2] == str(record.version)}
    return next((times[channel] for channel in CHANNELS if channel in times), None)

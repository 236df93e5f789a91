"""Fakes that implement the ports in memory; faults have names (`UnreachableBus`)."""

from __future__ import annotations

from datetime import datetime

from local.memory import NOON, MemoryBlobs, MemoryLedger, RecordingBus, Sent, StoredBlob
from shared.errors import TransientError
from shared.model import Message

__all__ = ["NOON", "MemoryBlobs", "MemoryLedger", "RecordingBus", "Sent", "StoredBlob", "UnreachableBus", "clock"]


def clock() -> datetime:
    """A clock that stands still: 20 November 2026, 12:00 in Banská Bystrica."""
    return NOON


class UnreachableBus(RecordingBus):
    """Every send fails as an outage does."""

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        raise TransientError("Service Bus does not answer")

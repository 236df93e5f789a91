"""Whether a message still says the truth about its document."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.effects import place_of
from shared.errors import TransientError
from shared.model import DocumentRecord, Message

# A move publishes before it is written down, so that a kill between the two loses nothing. A message whose version the
# ledger does not learn in this time belongs to a move that never came about. Longer than the duplicate window, or a
# second try of the move could be dropped as a repeat of the first.
UNKNOWN_VERSION = timedelta(minutes=15)


def is_known(record: DocumentRecord, message: Message, now: datetime) -> bool:
    """Raises TransientError while the ledger may still learn of the message's version."""
    if record.version >= message.version:
        return True
    if now - message.first_seen < UNKNOWN_VERSION:
        raise TransientError(f"ledger does not know version {message.version} of {record.id} yet")
    return False


def is_current(record: DocumentRecord, message: Message, now: datetime) -> bool:
    """Of two moves at once both publish, but only one is in the ledger."""
    known = is_known(record, message, now)
    return known and record.version == message.version and place_of(record) == message.department

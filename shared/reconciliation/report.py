"""What a reconciliation found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from shared.model import State


class Trouble(StrEnum):
    """The value is how telemetry names it."""

    UNANNOUNCED = "unannounced"  # a scan nobody started: no event reached us
    LOST = "lost"  # a document its scan names and the ledger has not
    STUCK = "stuck"  # longer in its state than its limit
    HOMELESS = "homeless"  # a page in no document and without another fate
    VANISHED = "vanished"  # a scan that was not taken in yet and is gone
    CLOCK = "clock"  # steps in the future: a clock was set back


# What nobody could say where it is; the rest is somewhere, only not well.
MISSING = (Trouble.UNANNOUNCED, Trouble.LOST)


class Count(StrEnum):
    SCANNED = "scanned"
    DELIVERED = "delivered"
    REVIEW = "review"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    UNDER_WAY = "under_way"
    MISSING = "missing"


ENDS = (Count.DELIVERED, Count.REVIEW, Count.QUARANTINED, Count.DUPLICATE, Count.FAILED, Count.UNDER_WAY)


def count_of(state: State) -> Count:
    """Where a document or a file without documents is counted."""
    return Count(state.value) if state.value in tuple(ENDS) else Count.UNDER_WAY


@dataclass(frozen=True)
class Finding:
    """`id` is a document's, or a scanned file's where it has none."""

    trouble: Trouble
    id: str
    state: State | None = None
    waits: timedelta = timedelta()
    page: int | None = None
    restarted: bool = False


@dataclass
class Report:
    counts: Counter[Count] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether everything scanned is somewhere, and every page of it."""
        return not self.counts[Count.MISSING] and self.counts[Count.SCANNED] == sum(self.counts[end] for end in ENDS)

    def figures(self) -> dict[str, int]:
        """For telemetry and JSON: every count and every trouble, zeros too."""
        troubles = Counter(finding.trouble for finding in self.findings)
        restarted = sum(finding.restarted for finding in self.findings)
        counts = {count.value: self.counts[count] for count in Count}
        return counts | {trouble.value: troubles[trouble] for trouble in Trouble} | {"restarted": restarted}

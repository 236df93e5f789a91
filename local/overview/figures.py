"""The figures of one day, read from the ledger (pure but for the reading)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.chain import Chain
from shared.effects import place_of
from shared.failures import GAVE_UP
from shared.handover import handed_over
from shared.model import DocumentRecord, SourceRecord, State, Step
from shared.ports import Ledger
from shared.reconciliation.checking import is_waiting

SLOWEST = 8
LAST_FAILURES = 8
# A stage's time runs from the step before it to its own.
STAGES = {
    "received": "Príjem",
    "recognized": "Čítanie",
    "classified": "Zaradenie",
    "filed": "Knižnica",
    "announced": "Karta",
    "forwarded": "Pošta",
}
WAITS = {
    State.RECEIVED: "na čítanie",
    State.RECOGNIZED: "na zaradenie",
    State.ROUTED: "na knižnicu",
    State.FILED: "na kartu",
    State.REVIEW: "na kartu podateľne",
}


@dataclass
class Story:
    """A document with its steps."""

    record: DocumentRecord
    steps: list[Step]

    @property
    def seconds(self) -> float | None:
        """From the scan to its people; None while it is under way."""
        told = handed_over(self.record)
        return max(0.0, (told - self.record.received_at).total_seconds()) if told else None


@dataclass
class Figures:
    day: date
    sources: int = 0
    pages: int = 0
    states: Counter[State] = field(default_factory=Counter)
    scanned_by_hour: Counter[int] = field(default_factory=Counter)
    told_by_hour: Counter[int] = field(default_factory=Counter)
    waiting: dict[str, list[float]] = field(default_factory=dict)
    stage_seconds: dict[str, list[float]] = field(default_factory=dict)
    scan_to_card: list[float] = field(default_factory=list)
    departments: dict[str, Counter[State]] = field(default_factory=dict)
    confidences: list[float] = field(default_factory=list)
    engines: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    failed: list[Story] = field(default_factory=list)
    slowest: list[Story] = field(default_factory=list)

    @property
    def documents(self) -> int:
        return sum(self.states.values())


async def read_figures(ledger: Ledger, day: date, now: datetime, zone: ZoneInfo) -> Figures:
    """Two queries of one partition each."""
    sources = [source async for source in ledger.sources(since=day, until=day)]
    chains = [chain async for chain in ledger.chains(since=day, until=day)]
    return draw_up(day, sources, [story for chain in chains if (story := read_story(chain))], now, zone)


def read_story(chain: Chain) -> Story | None:
    """None for rows that are no document any more: `journal verify` tells of those."""
    try:
        record = DocumentRecord.model_validate_json(chain.record or "")
        return Story(record, [Step.model_validate_json(ring.step) for ring in chain.rings])
    except ValidationError:
        return None


def draw_up(
    day: date, sources: Sequence[SourceRecord], stories: Sequence[Story], now: datetime, zone: ZoneInfo
) -> Figures:
    figures = Figures(day, sources=len(sources), pages=sum(len(source.pages) for source in sources))
    for source in sources:
        if not source.documents:
            figures.states[source.state] += 1
        figures.scanned_by_hour[source.received_at.astimezone(zone).hour] += max(1, len(source.documents))
    for story in stories:
        _add(figures, story, now, zone)
    finished = [story for story in stories if story.seconds is not None]
    figures.slowest = sorted(finished, key=lambda story: story.seconds or 0.0, reverse=True)[:SLOWEST]
    figures.failed = [story for story in stories if story.record.state is State.FAILED][-LAST_FAILURES:]
    return figures


def _add(figures: Figures, story: Story, now: datetime, zone: ZoneInfo) -> None:
    record = story.record
    figures.states[record.state] += 1
    told, place = handed_over(record), place_of(record)
    if told:
        figures.told_by_hour[told.astimezone(zone).hour] += 1
    if story.seconds is not None and record.version == 1:
        figures.scan_to_card.append(story.seconds)
    if place:
        figures.departments.setdefault(place, Counter())[record.state] += 1
    if record.confidence is not None:
        figures.confidences.append(record.confidence)
    if record.engine:
        figures.engines[record.engine] += len(record.pages)
    if is_waiting(record):
        age = max(0.0, (now - record.received_at).total_seconds())
        figures.waiting.setdefault(WAITS[record.state], []).append(age)
    before = record.received_at
    for step in story.steps:
        if step.action == GAVE_UP:
            figures.failures[step.actor] += 1
        if step.action in STAGES:
            seconds = max(0.0, (step.at - before).total_seconds())
            figures.stage_seconds.setdefault(STAGES[step.action], []).append(seconds)
        before = step.at


def middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def slow(values: Sequence[float], share: float = 0.95) -> float | None:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None

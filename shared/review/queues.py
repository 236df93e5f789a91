"""The desk's lists: what waits, what failed, which scans were refused or repeated, what people decided lately."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.cards.wording import sureness
from shared.classification import UNSURE
from shared.delivery.moves import MOVED
from shared.effects import place_of
from shared.model import MAILROOM, DocumentRecord, SourceRecord, State, Step
from shared.ports import Ledger
from shared.review.words import CLOSED, SOURCE_STATES, Wording, decider, is_closed, pages_in_words, state_in_words

# So many days a list looks back unless asked for all: the ledger answers day by day (shared/adapters/ledger.py), and
# what waits for three months is told by the daily reconciliation.
DAYS = 92
# Lists of what needs no work any more are shorter.
RECENT_DAYS = 14
MOST_DECIDED = 100
REASONS = 1
AT_ONCE = 8


@dataclass(frozen=True)
class Entry:
    """A document on a list, in words."""

    id: str
    kind: str
    state: str
    received: str
    age: str
    days: int
    pages: str
    reasons: list[str]
    guess: str
    sureness: str
    where: str
    repeat_of: str | None
    error: str
    who: str


@dataclass(frozen=True)
class Decided:
    """What a person decided: when, from where, to where."""

    entry: Entry
    at: str
    who: str
    to: str
    note: str


@dataclass(frozen=True)
class Scan:
    """A scanned file on a list, in words."""

    id: str
    name: str
    state: str
    received: str
    reason: str
    repeat_of: str | None


def order(record: DocumentRecord) -> tuple[date, datetime, str]:
    """The oldest first; the day comes first since the ledger answers day by day."""
    return date.fromisoformat(record.id[:8]), record.received_at, record.id


def describe(record: DocumentRecord, words: Wording) -> Entry:
    guessed = record.department if record.department != MAILROOM else None
    return Entry(
        id=record.id,
        kind=words.kind(record.kind),
        state=state_in_words(record),
        received=words.moment(record.received_at),
        age=words.age(record.received_at),
        days=words.days(record.received_at),
        pages=pages_in_words(record.pages),
        reasons=_telling(record),
        guess=words.department(guessed) if guessed else "",
        sureness=sureness(record.confidence) if guessed else "",
        where="" if is_closed(record) else words.department(place_of(record)),
        repeat_of=record.repeat_of,
        error=record.error or "",
        who=decider(record) or "",
    )


def _telling(record: DocumentRecord) -> list[str]:
    """A list that asks needs not say that it asks, where more is known."""
    if record.state is State.REVIEW and decider(record):
        return [f"Vrátené podateľni ({decider(record)})."]
    more = [reason for reason in record.reasons if reason.strip() and reason != UNSURE]
    return (more or record.reasons)[:REASONS]


async def read_documents(
    state: State, *, ledger: Ledger, words: Wording, now: datetime, everything: bool = False
) -> list[Entry]:
    """Documents in a state, the oldest first."""
    since, until = span(now, DAYS)
    found = [r async for r in ledger.documents(since=None if everything else since, until=until, state=state)]
    return [describe(record, words) for record in sorted(found, key=order)]


async def find_next(after: DocumentRecord, state: State, *, ledger: Ledger, now: datetime) -> str | None:
    """The document a clerk takes up after this one. Reads no day further than needed."""
    best: DocumentRecord | None = None
    since, until = order(after)[0], span(now, 0)[1]
    async for record in ledger.documents(since=since, until=until, state=state):
        if best and record.id[:8] > best.id[:8]:
            break
        if order(record) > order(after) and (best is None or order(record) < order(best)):
            best = record
    return best.id if best else None


async def read_scans(*, ledger: Ledger, words: Wording, now: datetime, days: int) -> list[Scan]:
    """Scanned files that became no document: refused, failed, or the same bytes again; the newest first."""
    since, until = span(now, days)
    wanted = (State.QUARANTINED, State.DUPLICATE, State.FAILED)
    found = [source async for source in ledger.sources(since=since, until=until) if source.state in wanted]
    return [describe_scan(s, words) for s in sorted(found, key=lambda s: s.received_at, reverse=True)]


def describe_scan(source: SourceRecord, words: Wording) -> Scan:
    return Scan(
        id=source.id,
        name=source.name,
        state=SOURCE_STATES[source.state],
        received=words.moment(source.received_at),
        reason=source.error or "",
        repeat_of=source.duplicate_of,
    )


async def read_decided(*, ledger: Ledger, words: Wording, now: datetime) -> list[Decided]:
    """What people decided about lately received documents, the newest decision first."""
    since, until = span(now, RECENT_DAYS)
    turns = asyncio.Semaphore(AT_ONCE)

    async def last_deed(record: DocumentRecord) -> tuple[DocumentRecord, Step | None]:
        async with turns:
            return record, find_deed(await ledger.steps(record.id))

    records = [record async for record in ledger.documents(since=since, until=until) if decider(record)]
    newest = sorted(records, key=order, reverse=True)[:MOST_DECIDED]
    found = [(r, step) for r, step in await asyncio.gather(*map(last_deed, newest)) if step]
    found.sort(key=lambda pair: pair[1].at, reverse=True)
    return [_decided(record, step, words) for record, step in found]


def find_deed(steps: list[Step]) -> Step | None:
    """The last decision of a person."""
    return next((step for step in reversed(steps) if step.action in (MOVED, CLOSED)), None)


def _decided(record: DocumentRecord, step: Step, words: Wording) -> Decided:
    to = words.department(step.details.get("to")) if step.action == MOVED else "nikam, vybavené v podateľni"
    return Decided(describe(record, words), words.moment(step.at), step.actor, to, step.reason)


def span(now: datetime, days: int) -> tuple[date, date]:
    """From so many days ago to tomorrow: the local day may be ahead of UTC."""
    return now.date() - timedelta(days=days), now.date() + timedelta(days=1)

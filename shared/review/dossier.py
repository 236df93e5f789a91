"""All a person needs about one document, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shared.cards.wording import sureness
from shared.delivery.moves import MOVED
from shared.delivery.replay import plan_replay
from shared.departments import City, Delivery, Department, Role
from shared.effects import place_of
from shared.errors import UnknownDocument
from shared.extracted import read_decision
from shared.model import MAILROOM, DocumentRecord, ReadField, State, Step
from shared.ports import Blobs, Ledger
from shared.review.decisions import may_close
from shared.review.queues import Entry, describe, find_deed
from shared.review.words import FIELDS, STAGES, Wording

MOST_CHOICES = 4
# Below it a candidate is noise, not a proposal.
LEAST_CONFIDENCE = 0.02
FIXED = (State.RECEIVED, State.RECOGNIZED, State.QUARANTINED, State.DUPLICATE)


@dataclass(frozen=True)
class Choice:
    """A department as a button; `leaves` when the document goes out of the office by e-mail."""

    id: str
    name: str
    sureness: str
    leaves: bool


@dataclass(frozen=True)
class Reading:
    """Something read off the document: personal data, for the page only."""

    name: str
    value: str
    doubt: str


@dataclass(frozen=True)
class Event:
    at: str
    what: str
    who: str


@dataclass(frozen=True)
class Dossier:
    entry: Entry
    record: DocumentRecord
    reasons: list[str]
    returned: str
    choices: list[Choice]
    readings: list[Reading]
    repeat: Entry | None
    history: list[Event]
    deadline: str
    retries: list[str]
    movable: bool
    returnable: bool
    waits: bool
    closable: bool


async def read_dossier(record: DocumentRecord, *, blobs: Blobs, ledger: Ledger, city: City, words: Wording) -> Dossier:
    steps = await ledger.steps(record.id)
    told = [(step, words.history(step)) for step in steps]
    retries = await plan_replay(record.id, ledger=ledger, now=steps[-1].at)
    return Dossier(
        entry=describe(record, words),
        record=record,
        reasons=[reason for reason in record.reasons if reason.strip()],
        returned=_describe_return(record, steps, words),
        choices=list_choices(record, city, _returned_by(steps)),
        readings=await _read_fields(blobs, record.id),
        repeat=await _find_repeat(record, ledger, words),
        history=[Event(words.moment(step.at), what, words.actor(step)) for step, what in told if what],
        deadline=words.day(record.deadline) if record.deadline else "",
        retries=[STAGES.get(retry.stage, retry.stage) for retry in retries],
        movable=record.state not in FIXED,
        returnable=record.state not in FIXED and place_of(record) != MAILROOM,
        waits=record.state is State.REVIEW,
        closable=may_close(record),
    )


def list_choices(record: DocumentRecord, city: City, refused: Collection[str] = ()) -> list[Choice]:
    """The best guess and its runners-up, without the place where the document is and those who gave it back."""
    away = {place_of(record), MAILROOM, *refused}
    likely = sorted(record.candidates, key=lambda c: c.confidence, reverse=True)
    sure = {c.department: c.confidence for c in likely if c.confidence >= LEAST_CONFIDENCE}
    if record.state is State.REVIEW and record.department and record.department not in sure:
        sure = {record.department: record.confidence or 0.0, **sure}
    wanted = [city.by_id[d] for d in sure if d in city.by_id and d not in away]
    return [Choice(d.id, d.name, sureness(sure[d.id]), leaves_office(d)) for d in wanted[:MOST_CHOICES]]


def _returned_by(steps: list[Step]) -> set[str]:
    """Departments that gave the document back."""
    return {str(step.details.get("from")) for step in steps if _is_return(step)}


def _is_return(step: Step) -> bool:
    return step.action == MOVED and step.details.get("to") == MAILROOM


def _describe_return(record: DocumentRecord, steps: list[Step], words: Wording) -> str:
    """Why a document is back on the desk; empty for one that a person never moved here."""
    last = find_deed(steps)
    if record.state is not State.REVIEW or last is None or not _is_return(last):
        return ""
    told = f"{words.department(last.details.get('from'))}, {last.actor}, {words.moment(last.at)}."
    return f"{told} {last.reason}".strip()


def leaves_office(department: Department) -> bool:
    """A letter cannot be called back: the desk asks once more."""
    return department.role is Role.AUTHORITY and Delivery.EMAIL in department.channels


async def _read_fields(blobs: Blobs, document_id: str) -> list[Reading]:
    """The birth number is left out: whoever needs it finds it on the document itself."""
    try:
        fields = (await read_decision(blobs, document_id)).fields
    except UnknownDocument:
        return []
    known = {name.value: title for name, title in FIELDS.items()}
    return [Reading(known[f.name], f.value, _doubt(f)) for f in fields if f.name in known and f.value.strip()]


def _doubt(field: ReadField) -> str:
    if field.handwritten:
        return "písané rukou, overte"
    return "" if field.confidence >= 0.7 else "neisté"


async def _find_repeat(record: DocumentRecord, ledger: Ledger, words: Wording) -> Entry | None:
    if not record.repeat_of:
        return None
    try:
        return describe(await ledger.document(record.repeat_of), words)
    except UnknownDocument:
        return None

"""Moves a document to another department: the command line and the review desk decide through this."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.departments import City, Delivery
from shared.effects import place_of
from shared.errors import LedgerConflict, PermanentError
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, Event, Message, State, Step
from shared.ports import Blobs, Bus, Ledger

CORRECTIONS = "corrections"
PERSON = "person:"  # DocumentRecord.decided_by when a person decided
MOVED = "moved"  # Step.action
LEDGER_FIRST = timedelta(seconds=2)  # lets the ledger learn of a move before its message arrives


async def move_document(
    document_id: str,
    to: str,
    *,
    who: str,
    reason: str = "",
    kind: str | None = None,
    version: int | None = None,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    city: City,
    kinds: Catalogue,
    clock: Callable[[], datetime],
) -> DocumentRecord:
    """Raises PermanentError for what cannot be moved, LedgerConflict when somebody else decided at the same time.

    `kind` None keeps the kind, "" forgets it; `version` is the one the decision was made on, when it is known.
    Publishes before it writes down: a kill between the two leaves a message whose version never comes, and that
    delivery drops (shared/delivery/currency.py); the other way round the document would be nowhere.
    """
    record = await ledger.document(document_id)
    if version is not None and record.version != version:
        raise LedgerConflict(f"document {document_id} has version {record.version}, not {version}")
    _check(record, to, kind, city, kinds)
    moved, step = _decide(record, to, who, reason, kind, clock())
    await _publish(moved, place_of(record), to, bus=bus, city=city, now=clock())
    moved = await ledger.advance(moved, step)
    await _keep_correction(moved, record, step, blobs)
    return moved


def _check(record: DocumentRecord, to: str, kind: str | None, city: City, kinds: Catalogue) -> None:
    if to not in city.by_id:
        known = ", ".join(sorted(city.by_id))
        raise PermanentError(
            f"no department {to}",
            reason=f"Oddelenie „{to}“ nie je v config/departments.yaml.",
            advice=f"Zadajte: {known}.",
        )
    if kind and kind not in kinds.by_id:
        raise PermanentError(f"no kind {kind}", reason=f"Druh „{kind}“ nie je v config/document_kinds.yaml.")
    if place_of(record) == to:
        name = city.by_id[to].name
        raise PermanentError(f"{record.id} is at {to}", reason=f"Dokument {record.id} už je tam: {name}.")
    if record.state in (State.RECEIVED, State.RECOGNIZED, State.QUARANTINED, State.DUPLICATE):
        raise PermanentError(
            f"{record.id} is {record.state}",
            reason=f"Dokument {record.id} sa nedá presunúť, kým nie je zaradený.",
            advice="Počkajte na zaradenie a skúste znova.",
        )


def _decide(
    record: DocumentRecord, to: str, who: str, reason: str, kind: str | None, now: datetime
) -> tuple[DocumentRecord, Step]:
    state = State.REVIEW if to == MAILROOM else State.ROUTED
    moved = record.model_copy(
        update={
            "version": record.version + 1,
            "state": state,
            "department": to,
            "kind": record.kind if kind is None else kind or None,
            "decided_by": f"{PERSON}{who}",
            "deadline": None,
            "deadline_rule": "",
            "error": None,
        }
    )
    details = {"from": place_of(record), "to": to, "kind": moved.kind, "version": moved.version}
    return moved, Step(at=now, actor=who, action=MOVED, state=state, reason=reason, details=details)


async def _publish(moved: DocumentRecord, here: str | None, to: str, *, bus: Bus, city: City, now: datetime) -> None:
    at = now + LEDGER_FIRST
    await bus.send(city.by_id[to].topic, routing_message(moved, to, now), at=at)
    old = city.by_id.get(here or "")
    if old and Delivery.TEAMS in old.channels:
        superseding = routing_message(moved, old.id, now).model_copy(update={"event": Event.MOVED})
        await bus.send(old.topic, superseding, at=at)


async def _keep_correction(moved: DocumentRecord, before: DocumentRecord, step: Step, blobs: Blobs) -> None:
    """What the classifier learns from; the ledger's step has the same, should this be lost."""
    told = {"document_id": moved.id, "extracted": f"extracted/{moved.id}.json", **step.details}
    correction = {**told, "guess": before.department, "who": step.actor, "at": step.at.isoformat()}
    data = json.dumps(correction, ensure_ascii=False).encode()
    await blobs.write(CORRECTIONS, f"{moved.id}-{moved.version}.json", data, content_type="application/json")


def routing_message(record: DocumentRecord, department: str, now: datetime) -> Message:
    """What tells a department's library that the document is on its way to it."""
    return Message(
        event=Event.REVIEW if department == MAILROOM else Event.ROUTED,
        document_id=record.id,
        department=department,
        version=record.version,
        first_seen=now,
    )

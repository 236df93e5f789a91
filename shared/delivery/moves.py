"""Moves a document to another department: the command line and the review desk decide through this."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from shared.departments import City, Delivery
from shared.effects import place_of
from shared.errors import LedgerConflict, PermanentError
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, Event, Message, State, Step
from shared.ports import Blobs, Bus, Ledger

CORRECTIONS = "corrections"
PERSON = "person:"  # DocumentRecord.decided_by when a person decided
MOVED = "moved"  # Step.action


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
    The same call again, after a kill or a lost connection, publishes again what may not have been published.
    """
    record = await ledger.document(document_id)
    if version is not None and record.version != version:
        raise LedgerConflict(f"document {document_id} has version {record.version}, not {version}")
    _check(record, to, kind, city, kinds)
    if place_of(record) != to:
        record = await _decide(record, to, who, reason, kind, blobs=blobs, ledger=ledger, now=clock())
    elif record.version == 1:
        raise PermanentError(
            f"{record.id} is at {to}", reason=f"Dokument {record.id} už je tam: {city.by_id[to].name}."
        )
    await _publish(record, to, ledger=ledger, bus=bus, city=city, now=clock())
    return record


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
    if record.state in (State.RECEIVED, State.RECOGNIZED, State.QUARANTINED, State.DUPLICATE):
        raise PermanentError(
            f"{record.id} is {record.state}",
            reason=f"Dokument {record.id} sa nedá presunúť, kým nie je zaradený.",
            advice="Počkajte na zaradenie a skúste znova.",
        )


async def _decide(
    record: DocumentRecord,
    to: str,
    who: str,
    reason: str,
    kind: str | None,
    *,
    blobs: Blobs,
    ledger: Ledger,
    now: datetime,
) -> DocumentRecord:
    here, version = place_of(record), record.version + 1
    kind = record.kind if kind is None else kind or None
    kept = {"document_id": record.id, "extracted": f"extracted/{record.id}.json", "from": here, "to": to}
    correction = {**kept, "kind": kind, "guess": record.department, "who": who, "at": now.isoformat()}
    await blobs.write(
        CORRECTIONS,
        f"{record.id}-{version}.json",
        json.dumps(correction, ensure_ascii=False).encode(),
        content_type="application/json",
    )
    state = State.REVIEW if to == MAILROOM else State.ROUTED
    changed = record.model_copy(
        update={
            "version": version,
            "state": state,
            "department": to,
            "kind": kind,
            "decided_by": f"{PERSON}{who}",
            "deadline": None,
            "deadline_rule": "",
            "error": None,
        }
    )
    details = {"from": here, "to": to, "kind": changed.kind, "version": version}
    step = Step(at=now, actor=who, action=MOVED, state=state, reason=reason, details=details)
    return await ledger.advance(changed, step)


async def _publish(record: DocumentRecord, to: str, *, ledger: Ledger, bus: Bus, city: City, now: datetime) -> None:
    """First the new department: its document matters more than the old one's card."""
    await bus.send(city.by_id[to].topic, routing_message(record, to, now))
    steps = await ledger.steps(record.id)
    here = next((step.details.get("from") for step in reversed(steps) if step.action == MOVED), None)
    old = city.by_id.get(here or "")
    if old and old.id != to and Delivery.TEAMS in old.channels:
        moved = routing_message(record, old.id, now).model_copy(update={"event": Event.MOVED})
        await bus.send(old.topic, moved)


def routing_message(record: DocumentRecord, department: str, now: datetime) -> Message:
    """What tells a department's library that the document is on its way to it."""
    return Message(
        event=Event.REVIEW if department == MAILROOM else Event.ROUTED,
        document_id=record.id,
        department=department,
        version=record.version,
        first_seen=now,
    )

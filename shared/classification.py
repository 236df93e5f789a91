"""The classification stage: what the document is, and whether it goes to a department or to the mailroom's desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from shared.departments import City
from shared.extracted import read_text, write_decision
from shared.model import MAILROOM, Decision, DocumentRecord, Event, Message, State, Step
from shared.ports import Blobs, Bus, Classifier, Ledger

ACTOR = "classification"
SEPARATOR = "separator"  # DocumentRecord.decided_by when a department's separator sheet stood before the document
UNSURE = "Zaradenie nie je isté, rozhodne podateľňa."


async def classify_document(
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    classifier: Classifier,
    city: City,
    clock: Callable[[], datetime],
) -> None:
    """Decide and publish once; a repeated message publishes the same decision again, under the same message id."""
    record = await ledger.document(message.document_id)
    if record.state in (State.RECEIVED, State.RECOGNIZED):
        text = await read_text(blobs, record.id)
        decision = await asyncio.to_thread(classifier.classify, text)
        await write_decision(blobs, record.id, decision)
        record = await _record(record, decision, ledger=ledger, city=city, clock=clock)
    if record.version == 1 and record.state in (State.ROUTED, State.REVIEW):
        await _publish(record, message, bus=bus, city=city, clock=clock)


def decide_state(record: DocumentRecord, decision: Decision, city: City) -> tuple[State, list[str]]:
    """Routed or review, with the Slovak reasons; weak splits and confirmable authorities always ask a person."""
    department = city.by_id.get(decision.department or "")
    doubts = []
    if department is None or not decision.sure:
        doubts.append(UNSURE)
    elif department.id == MAILROOM:
        doubts.append("Vec patrí podateľni.")
    elif department.confirm:
        doubts.append(f"Vec patrí inému úradu ({department.name}); odoslanie potvrdí podateľňa.")
    doubts += [reason for reason in record.reasons if reason]
    return (State.REVIEW if doubts else State.ROUTED), [*doubts, *decision.reasons]


async def _record(
    record: DocumentRecord, decision: Decision, *, ledger: Ledger, city: City, clock: Callable[[], datetime]
) -> DocumentRecord:
    decided_by = decision.model or ACTOR
    if record.decided_by == SEPARATOR and record.department:
        # The sheet decides the department; what the text says still names the kind when both agree.
        kind = decision.kind if decision.department == record.department else None
        decision = decision.model_copy(
            update={"department": record.department, "kind": kind, "sure": True, "confidence": 1.0}
        )
        decided_by = SEPARATOR
    state, reasons = decide_state(record, decision, city)
    changed = record.model_copy(
        update={
            "state": state,
            "kind": decision.kind,
            "department": decision.department,
            "confidence": decision.confidence,
            "candidates": decision.candidates,
            "reasons": reasons,
            "decided_by": decided_by,
        }
    )
    step = Step(
        at=clock(),
        actor=ACTOR,
        action="classified",
        state=state,
        # Steps are never deleted: only our own sentences go there, not what the classifier quotes from the text.
        reason=reasons[0] if state is State.REVIEW else "",
        details={"kind": decision.kind, "department": decision.department, "confidence": round(decision.confidence, 4)},
    )
    return await ledger.advance(changed, step)


async def _publish(
    record: DocumentRecord, message: Message, *, bus: Bus, city: City, clock: Callable[[], datetime]
) -> None:
    routed = record.state is State.ROUTED
    receiver = city.by_id[record.department] if routed and record.department else city.mailroom
    event = Event.ROUTED if routed else Event.REVIEW
    following = Message(
        event=event,
        document_id=record.id,
        department=receiver.id,
        version=record.version,
        first_seen=clock(),
        traceparent=message.traceparent,
    )
    await bus.send(receiver.topic, following)

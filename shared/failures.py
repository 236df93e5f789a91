"""Giving up: the ledger says why, the mailroom is told, the message is laid aside, and the other channels go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from shared.effects import change, effect_key, failed_key
from shared.errors import PodatelnaError, TransientError, UnknownDocument
from shared.model import MAILROOM, DocumentRecord, Event, Message, State, Step
from shared.ports import Bus, Ledger

GAVE_UP = "gave-up"  # Step.action; `podatelna replay` reads its details
UNFILED = "unfiled"  # Message.detail of a `filed` whose file could not be stored
OUT_OF_TIME = "Opakované pokusy sa nepodarili ani v celom vyhradenom čase."
UNFORESEEN = "Neočakávaná chyba programu; podrobnosti sú v protokole."

logger = logging.getLogger(__name__)


async def give_up(
    message: Message,
    entity: str,
    channel: str | None,
    error: Exception,
    *,
    bus: Bus,
    ledger: Ledger,
    clock: Callable[[], datetime],
) -> None:
    """Every part may be repeated, so a kill between any two of them is made good by the next delivery."""
    logger.error("gave up %s of %s after attempt %d", channel or entity, message.document_id, message.attempt)
    try:
        record = await ledger.document(message.document_id)
    except UnknownDocument:
        await _lay_aside(message, entity, channel, error, bus)
        return
    if channel is not None and message.event is not Event.MOVED and record.version != message.version:
        return  # it was moved meanwhile; what failed is wanted no more
    await _record(record, message, entity, channel, error, ledger=ledger, now=clock())
    if channel == "sharepoint":
        await bus.send(entity, _unfiled(message, clock()))
    if message.event is not Event.NOTICE:
        await bus.send(f"dept-{MAILROOM}", _notice(message, channel, clock()))
    await _lay_aside(message, entity, channel, error, bus)


async def _record(
    record: DocumentRecord,
    message: Message,
    entity: str,
    channel: str | None,
    error: Exception,
    *,
    ledger: Ledger,
    now: datetime,
) -> None:
    reason, advice = explain(error)
    where = (message.department or "-", message.version)
    key = failed_key(channel or entity, *where)
    beside = message.event in (Event.MOVED, Event.NOTICE)  # the document itself is where it belongs
    if beside:
        key = f"lost:{effect_key(message.event.value, *where)}"

    def edit(record: DocumentRecord) -> DocumentRecord:
        since = record.effects.get(key)
        if since is not None and since >= message.first_seen and (beside or record.state is State.FAILED):
            return record  # recorded by an earlier delivery of this message; a replay begins later
        failed = {} if beside else {"state": State.FAILED, "error": f"{reason} {advice}".strip()}
        return record.model_copy(update={"effects": {**record.effects, key: now}, **failed})

    def step(record: DocumentRecord) -> Step:
        details = {"entity": entity, "channel": channel, "event": message.event.value, "version": message.version}
        return Step(
            at=now,
            actor=channel or entity,
            action=GAVE_UP,
            state=record.state,
            attempt=message.attempt,
            reason=reason,
            details={**details, "department": message.department, "advice": advice, "detail": message.detail},
        )

    await change(ledger, record, edit, step)


def explain(error: Exception) -> tuple[str, str]:
    """Reason and advice, in Slovak."""
    if isinstance(error, TransientError):
        told = "" if error.reason == str(error) else f" {error.reason}"
        return f"{OUT_OF_TIME}{told}", error.advice or "Keď bude služba dostupná, pošlite dokument znova."
    if isinstance(error, PodatelnaError):
        return error.reason, error.advice
    return UNFORESEEN, "Obráťte sa na správcu systému a potom pošlite dokument znova."


def _unfiled(message: Message, now: datetime) -> Message:
    """Lets the card go out all the same, without a link to the file."""
    update = {"event": Event.FILED, "detail": UNFILED, "attempt": 1, "target": None, "first_seen": now}
    return message.model_copy(update=update)


def _notice(message: Message, channel: str | None, now: datetime) -> Message:
    """`detail` names the failure once: channel, department, version and the first try of what failed."""
    what = f"{channel or message.event.value}:{message.department or '-'}:{message.version}"
    return Message(
        event=Event.NOTICE,
        document_id=message.document_id,
        department=MAILROOM,
        version=message.version,
        first_seen=now,
        target="teams",
        traceparent=message.traceparent,
        detail=f"{what}:{message.first_seen:%Y%m%d%H%M%S}",
    )


async def _lay_aside(message: Message, entity: str, channel: str | None, error: Exception, bus: Bus) -> None:
    copy = message.model_copy(update={"target": channel or entity})
    reason, _ = explain(error)
    await bus.dead_letter(copy, reason=f"{entity}/{channel}" if channel else entity, description=reason)

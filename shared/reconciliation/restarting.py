"""Sends again the message that a scan or a document waits for. Stages bear repeats, so one too many does no harm.

It is addressed as a deferred retry is (`target`): to the one stage that is waited for, under a message id of its own.
"""

from __future__ import annotations

from datetime import datetime

from shared.delivery.moves import routing_message
from shared.departments import City, Delivery
from shared.effects import effect_key, place_of
from shared.entities import CLASSIFY_QUEUE, INTAKE_QUEUE, RECOGNIZE_QUEUE
from shared.errors import LedgerConflict
from shared.ids import source_id
from shared.model import MAILROOM, DocumentRecord, Event, Message, SourceRecord, State, Step
from shared.pages.account import WHOLE_FILE
from shared.ports import Blobs, Bus, Ledger
from shared.storage import SCANS

ACTOR = "reconciliation"
RESTARTED = "restarted"  # Step.action
REOPENED = "Záznam dokumentu v evidencii chýbal, obnovil sa podľa skenu."


class Restarts:
    """Each method tells whether it sent something."""

    def __init__(self, *, blobs: Blobs, ledger: Ledger, bus: Bus, city: City, now: datetime) -> None:
        self._blobs, self._ledger, self._bus, self._city, self._now = blobs, ledger, bus, city, now

    async def take_in(self, name: str) -> bool:
        """As the event would have done. The ledger keeps the name, since messages carry ids only."""
        scan = await self._blobs.info(SCANS, name)
        if scan is None:
            return False
        identity = source_id(name, scan.etag, scan.last_modified, self._city.city.time_zone)
        found = SourceRecord(id=identity, name=name, etag=scan.etag, size=scan.size, received_at=scan.last_modified)
        await self._ledger.open_source(found)
        message = Message(event=Event.SCANNED, document_id=identity, first_seen=self._now, target=INTAKE_QUEUE)
        await self._bus.send(INTAKE_QUEUE, message)
        return True

    async def reopen(self, source: SourceRecord, document_id: str) -> bool:
        """A document whose row is lost begins anew with the pages the scan's account gives it."""
        pages = [fate.page for fate in source.pages if fate.document_id == document_id]
        if not pages or await self._blobs.info("documents", f"{document_id}.pdf") is None:
            return False
        record = DocumentRecord(
            id=document_id,
            source_id=source.id,
            source_name=source.name,
            pages=pages,
            received_at=source.received_at,
            split_reason=WHOLE_FILE if len(source.documents) == 1 else REOPENED,
        )
        details = {"pages": pages}
        step = Step(at=self._now, actor=ACTOR, action=RESTARTED, state=record.state, reason=REOPENED, details=details)
        await self._ledger.open_document(record, step)
        await self._bus.send(RECOGNIZE_QUEUE, self._message(record, Event.RECOGNIZE, RECOGNIZE_QUEUE))
        return True

    async def go_on(self, record: DocumentRecord) -> bool:
        """False when the document moved on in between, or its pages are gone."""
        if record.state is State.RECEIVED and await self._blobs.info("documents", f"{record.id}.pdf") is None:
            return False
        entity, messages = self._next(record)
        step = Step(at=self._now, actor=ACTOR, action=RESTARTED, state=record.state, details={"entity": entity})
        try:
            await self._ledger.advance(record, step)
        except LedgerConflict:
            return False
        for message in messages:
            await self._bus.send(entity, message)
        return True

    def _next(self, record: DocumentRecord) -> tuple[str, list[Message]]:
        """The queue or topic that the document waits for, and what it waits for."""
        if record.state is State.RECEIVED:
            return RECOGNIZE_QUEUE, [self._message(record, Event.RECOGNIZE, RECOGNIZE_QUEUE)]
        if record.state is State.RECOGNIZED:
            return CLASSIFY_QUEUE, [self._message(record, Event.CLASSIFY, CLASSIFY_QUEUE)]
        department = self._city.by_id[place_of(record) or MAILROOM]
        routed = routing_message(record, department.id, self._now)
        filed = routed.model_copy(update={"event": Event.FILED})
        waiting = [
            channel.value
            for channel in department.channels
            if effect_key(channel, department.id, record.version) not in record.effects
        ]
        if Delivery.SHAREPOINT in waiting:
            return department.topic, [routed.model_copy(update={"target": Delivery.SHAREPOINT.value})]
        return department.topic, [filed.model_copy(update={"target": channel}) for channel in waiting]

    def _message(self, record: DocumentRecord, event: Event, target: str) -> Message:
        return Message(event=event, document_id=record.id, first_seen=self._now, target=target)

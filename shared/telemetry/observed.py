"""The ledger and the bus as the stages use them, watched: one place instead of a line of telemetry in each stage."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import date, datetime

from shared.chain import Chain, Sealed
from shared.model import DocumentRecord, Message, SourceRecord, State, Step
from shared.ports import Bus, Ledger
from shared.telemetry.telemetry import Telemetry

REMEMBERED = 2000


class ObservedBus:
    """Implements ports.Bus: every message goes on in its document's trace."""

    def __init__(self, bus: Bus, telemetry: Telemetry) -> None:
        self._bus, self._telemetry = bus, telemetry

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        await self._bus.send(entity, self._telemetry.carry(message), at=at)

    async def dead_letter(self, message: Message, *, reason: str, description: str) -> None:
        await self._bus.dead_letter(message, reason=reason, description=description)

    async def clear_dead_letters(self, document_id: str) -> None:
        await self._bus.clear_dead_letters(document_id)


class ObservedLedger:
    """Implements ports.Ledger; counts what it is told once the far end has taken it."""

    def __init__(self, ledger: Ledger, telemetry: Telemetry) -> None:
        self._ledger, self._telemetry = ledger, telemetry
        # The state a record had when it was read, by its opaque tag; an advance asks for it once.
        self._states: OrderedDict[tuple[str, str], State] = OrderedDict()

    def _remember(self, record: DocumentRecord) -> DocumentRecord:
        self._states[record.id, record.etag] = record.state
        if len(self._states) > REMEMBERED:
            self._states.popitem(last=False)
        return record

    async def open_source(self, source: SourceRecord) -> SourceRecord:
        stored = await self._ledger.open_source(source)
        self._telemetry.source_seen(stored)
        return stored

    async def save_source(self, source: SourceRecord) -> None:
        await self._ledger.save_source(source)
        self._telemetry.source_saved(source)

    async def source(self, source_id: str) -> SourceRecord:
        return await self._ledger.source(source_id)

    async def claim(self, sha256: str, source_id: str) -> str:
        return await self._ledger.claim(sha256, source_id)

    async def open_document(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        stored = await self._ledger.open_document(record, step)
        self._telemetry.opened(stored)
        return self._remember(stored)

    async def document(self, document_id: str) -> DocumentRecord:
        record = await self._ledger.document(document_id)
        self._telemetry.read(record)
        return self._remember(record)

    async def advance(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        before = self._states.get((record.id, record.etag))
        stored = await self._ledger.advance(record, step)
        self._telemetry.advanced(before, stored, step)
        return self._remember(stored)

    async def steps(self, document_id: str) -> list[Step]:
        return await self._ledger.steps(document_id)

    def documents(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        state: State | None = None,
        department: str | None = None,
        source_id: str | None = None,
    ) -> AsyncIterator[DocumentRecord]:
        return self._ledger.documents(since=since, until=until, state=state, department=department, source_id=source_id)

    def sources(self, *, since: date | None = None, until: date | None = None) -> AsyncIterator[SourceRecord]:
        return self._ledger.sources(since=since, until=until)

    def chains(self, *, since: date, until: date) -> AsyncIterator[Chain]:
        return self._ledger.chains(since=since, until=until)

    def seals(self, *, since: date, until: date) -> AsyncIterator[Sealed]:
        return self._ledger.seals(since=since, until=until)

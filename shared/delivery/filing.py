"""Files a document in its department's library, then tells the other channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from shared.columns import Column, Columns, day
from shared.deadlines import Deadline, propose
from shared.delivery.contents import Contents, read_contents
from shared.delivery.currency import is_current, is_known
from shared.departments import City
from shared.effects import change, done, effect_key, place_of
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, Event, FiledItem, Message, Step
from shared.naming import document_name, month_folder
from shared.ports import Blobs, Bus, Ledger, Library
from shared.retry import guarded
from shared.settings import Settings

CHANNEL = "sharepoint"


async def file_document(
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    library: Library,
    city: City,
    kinds: Catalogue,
    settings: Settings,
    clock: Callable[[], datetime],
) -> None:
    """Handles `routed` and `review`; publishes `filed` on the same topic."""
    department = city.by_id[message.department or MAILROOM]
    filing = Filing(blobs=blobs, ledger=ledger, bus=bus, library=library, city=city, kinds=kinds, clock=clock)
    await guarded(
        message,
        department.topic,
        CHANNEL,
        partial(filing.run, department.id),
        bus=bus,
        ledger=ledger,
        clock=clock,
        settings=settings,
    )


class Filing:
    """The steps of the stage over one set of dependencies."""

    def __init__(
        self,
        *,
        blobs: Blobs,
        ledger: Ledger,
        bus: Bus,
        library: Library,
        city: City,
        kinds: Catalogue,
        clock: Callable[[], datetime],
    ) -> None:
        self._blobs, self._ledger, self._bus, self._library = blobs, ledger, bus, library
        self._city, self._kinds, self._clock = city, kinds, clock

    async def run(self, department: str, message: Message) -> None:
        record = await self._ledger.document(message.document_id)
        if not is_known(record, message, self._clock()):
            return
        if not is_current(record, message, self._clock()):
            await self._clear_leftover(record, department)
            return
        key = effect_key(CHANNEL, department, message.version)
        if key not in record.effects:
            contents = await read_contents(self._blobs, record)
            deadline = self._deadline(record, department)
            item = await self._store(record, department, contents, deadline)
            record = await self._record(record, key, item, deadline, message.attempt)
            if record.version != message.version:
                await self._clear_leftover(record, department)
                return
        await self._publish(message, department)

    async def _store(
        self, record: DocumentRecord, department: str, contents: Contents, deadline: Deadline | None
    ) -> FiledItem:
        folder, name = self._folder(record), self._name(record, record.kind)
        columns = self._columns(record, contents, deadline)
        if record.filed is None:
            return await self._library.file(department, folder, name, contents.pdf, columns)
        return await self._library.move(record.filed, department, folder, name, contents.pdf, columns)

    async def _record(
        self, record: DocumentRecord, key: str, item: FiledItem, deadline: Deadline | None, attempt: int
    ) -> DocumentRecord:
        """The record with the file in it, or as somebody moved it on meanwhile."""
        version, now = record.version, self._clock()

        def edit(current: DocumentRecord) -> DocumentRecord:
            if current.version != version or key in current.effects:
                return current
            found = {"deadline": deadline.day, "deadline_rule": deadline.rule} if deadline else {}
            return done(current.model_copy(update={"filed": item, **found}), key, now, self._city)

        def step(current: DocumentRecord) -> Step:
            return Step(
                at=now,
                actor=CHANNEL,
                action="filed",
                state=current.state,
                attempt=attempt,
                details={"department": item.department, "version": version, "missing_columns": item.missing_columns},
            )

        return await change(self._ledger, record, edit, step)

    async def _clear_leftover(self, record: DocumentRecord, department: str) -> None:
        """The document moved on while this version was being filed: what may have been left here goes away.

        The file is removed only if it did not change since the ledger, read after it, placed the document elsewhere.
        """
        names = {self._name(record, kind) for kind in await self._former_kinds(record)}
        for name in names:
            item = await self._library.find(department, self._folder(record), name)
            current = await self._ledger.document(record.id)
            if item and not self._shares_library(place_of(current), department):
                await self._library.remove(item)

    async def _former_kinds(self, record: DocumentRecord) -> set[str | None]:
        """A move may have named another kind, and the file carries the kind's name."""
        steps = await self._ledger.steps(record.id)
        return {record.kind, *(step.details["kind"] for step in steps if "kind" in step.details)}

    def _shares_library(self, one: str | None, other: str) -> bool:
        a, b = self._city.by_id.get(one or ""), self._city.by_id[other]
        return a is not None and (a.site, a.library) == (b.site, b.library)

    async def _publish(self, message: Message, department: str) -> None:
        filed = Message(
            event=Event.FILED,
            document_id=message.document_id,
            department=department,
            version=message.version,
            first_seen=self._clock(),
            traceparent=message.traceparent,
        )
        await self._bus.send(self._city.by_id[department].topic, filed)

    def _deadline(self, record: DocumentRecord, department: str) -> Deadline | None:
        """The mailroom's own pile has none: the kind is not decided there yet."""
        if department == MAILROOM:
            return None
        zone = ZoneInfo(self._city.city.time_zone)
        return propose(self._kinds.by_id.get(record.kind or ""), record.received_at.astimezone(zone).date())

    def _folder(self, record: DocumentRecord) -> str:
        return month_folder(record.received_at, self._city.city.time_zone)

    def _name(self, record: DocumentRecord, kind_id: str | None) -> str:
        kind = self._kinds.by_id.get(kind_id or "")
        return document_name(kind.title if kind else None, record.received_at, record.id, self._city.city.time_zone)

    def _columns(self, record: DocumentRecord, contents: Contents, deadline: Deadline | None) -> Columns:
        kind = self._kinds.by_id.get(record.kind or "")
        received = record.received_at.astimezone(ZoneInfo(self._city.city.time_zone)).date()
        return {
            Column.DOCUMENT_ID: record.id,
            Column.KIND: kind.title if kind else None,
            Column.RECEIVED: day(received),
            Column.CONFIDENCE: None if record.confidence is None else round(record.confidence, 2),
            Column.DEADLINE: day(deadline.day) if deadline else None,
            Column.APPLICANT: contents.applicant,
        }

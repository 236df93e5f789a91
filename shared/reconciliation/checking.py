"""Compares the scans with the ledger, names what is missing or stuck, and starts it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.departments import City
from shared.effects import place_of
from shared.errors import UnknownDocument
from shared.ids import source_id
from shared.model import MAILROOM, DocumentRecord, Fate, SourceRecord, State
from shared.operations import Checking
from shared.ports import BlobInfo, Blobs, Bus, Ledger
from shared.reconciliation.report import Count, Finding, Report, Trouble, count_of
from shared.reconciliation.restarting import Restarts
from shared.storage import SCANS

AT_ONCE = 16
# Clocks of machines differ a little.
CLOCK_SLACK = timedelta(minutes=5)


async def reconcile(
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    city: City,
    checking: Checking,
    clock: Callable[[], datetime],
    since: date | None = None,
    heal: bool = True,
) -> Report:
    """Every scan from `since` (a day of the city) on; without `heal` nothing is sent or written."""
    check = Check(blobs=blobs, ledger=ledger, bus=bus, city=city, checking=checking, now=clock(), heal=heal)
    await check.run(since or (clock() - timedelta(days=checking.look_back_days)).astimezone(check.zone).date())
    return check.report


class Check:
    """One reconciliation."""

    def __init__(
        self, *, blobs: Blobs, ledger: Ledger, bus: Bus, city: City, checking: Checking, now: datetime, heal: bool
    ) -> None:
        self._blobs, self._ledger, self._checking, self._now = blobs, ledger, checking, now
        self._restarts = Restarts(blobs=blobs, ledger=ledger, bus=bus, city=city, now=now) if heal else None
        self.zone = ZoneInfo(city.city.time_zone)
        self.report = Report()
        self._documents: dict[str, DocumentRecord] = {}

    async def run(self, since: date) -> None:
        """Blobs are listed first: what arrives meanwhile is then rather known too well than missed."""
        begin = datetime.combine(since, datetime.min.time(), self.zone).astimezone(UTC)
        until = (self._now + timedelta(days=1)).astimezone(self.zone).date()
        scans = {self._identify(one): one async for one in self._blobs.list(SCANS) if one.last_modified >= begin}
        sources = {one.id: one async for one in self._ledger.sources(since=since, until=until)}
        self._documents = {one.id: one async for one in self._ledger.documents(since=since, until=until)}
        for identity, scan in scans.items():
            if identity in sources:
                await self._account(sources[identity], scan)
            else:
                await self._look_for_event(identity, scan)
        for identity in sources.keys() - scans.keys():
            await self._account(sources[identity], None)
        await self._find_stuck(self._documents.values())

    def _identify(self, scan: BlobInfo) -> str:
        return source_id(scan.name, scan.etag, scan.last_modified, str(self.zone))

    async def _look_for_event(self, identity: str, scan: BlobInfo) -> None:
        """A scan the ledger does not know: just dropped, or nobody told us."""
        waits = self._now - scan.last_modified
        self._count(Count.SCANNED)
        if waits < timedelta(minutes=self._checking.event_minutes):
            self._count(Count.UNDER_WAY)
            return
        self._count(Count.MISSING)
        restarted = self._restarts is not None and await self._restarts.take_in(scan.name)
        self._found(Finding(Trouble.UNANNOUNCED, identity, waits=waits, restarted=restarted))

    async def _account(self, source: SourceRecord, scan: BlobInfo | None) -> None:
        """`scan` is None when the file is no longer there: replaced, deleted after its time, or gone."""
        if source.state is State.RECEIVED:
            await self._look_at_unfinished(source, scan)
            return
        if not source.documents:
            self._count(Count.SCANNED)
            self._count(count_of(source.state))
            return
        for document_id in source.documents:
            self._count(Count.SCANNED)
            record = self._documents.get(document_id)
            if record:
                self._count(count_of(record.state))
            elif self._is_being_divided(source):
                self._count(Count.UNDER_WAY)
            else:
                self._count(Count.MISSING)
                restarted = self._restarts is not None and await self._restarts.reopen(source, document_id)
                self._found(Finding(Trouble.LOST, document_id, restarted=restarted))
        if not self._is_being_divided(source):
            self._check_pages(source)

    def _is_being_divided(self, source: SourceRecord) -> bool:
        """Recognition names the documents it found in a stack before it opens them, and moves on the first one last."""
        records = [self._documents[one] for one in source.documents if one in self._documents]
        return any(record.state is State.RECEIVED for record in records)

    async def _look_at_unfinished(self, source: SourceRecord, scan: BlobInfo | None) -> None:
        self._count(Count.SCANNED)
        self._count(Count.UNDER_WAY)
        waits = self._now - source.received_at
        if waits < self._checking.limits_minutes.of(State.RECEIVED):
            return
        if scan is None:
            self._found(Finding(Trouble.VANISHED, source.id, source.state, waits))
            return
        restarted = self._restarts is not None and await self._restarts.take_in(source.name)
        self._found(Finding(Trouble.STUCK, source.id, source.state, waits, restarted=restarted))

    def _check_pages(self, source: SourceRecord) -> None:
        """Every page of the file is in one document that has it, or has another fate."""
        homes = {(page, identity) for identity in source.documents for page in self._pages(identity)}
        lost = {identity for identity in source.documents if identity not in self._documents}
        for page in source.pages:
            expected = page.fate is Fate.DOCUMENT and page.document_id not in lost
            if expected and (page.page, page.document_id) not in homes:
                self._found(Finding(Trouble.HOMELESS, source.id, source.state, page=page.page))

    def _pages(self, document_id: str) -> list[int]:
        record = self._documents.get(document_id)
        return record.pages if record else []

    async def _find_stuck(self, records: Iterable[DocumentRecord]) -> None:
        turns = asyncio.Semaphore(AT_ONCE)

        async def look(record: DocumentRecord) -> None:
            async with turns:
                await self._look_at(record)

        await asyncio.gather(*(look(record) for record in records if is_waiting(record)))

    async def _look_at(self, record: DocumentRecord) -> None:
        limit = self._checking.limits_minutes.of(record.state)
        if self._now - record.received_at < limit:
            return
        try:
            last = (await self._ledger.steps(record.id))[-1].at
        except UnknownDocument:
            return  # its steps were removed by hand, which `journal verify` tells
        if last > self._now + CLOCK_SLACK:
            self._found(Finding(Trouble.CLOCK, record.id, record.state))
            last = record.received_at
        waits = self._now - last
        if waits < limit:
            return
        restarted = self._restarts is not None and await self._restarts.go_on(record)
        self._found(Finding(Trouble.STUCK, record.id, record.state, waits, restarted=restarted))

    def _count(self, count: Count) -> None:
        self.report.counts[count] += 1

    def _found(self, finding: Finding) -> None:
        self.report.findings.append(finding)


def is_waiting(record: DocumentRecord) -> bool:
    """Not at an end: something should still be done by itself. A review waits for a person once its card is out."""
    if record.state is State.REVIEW:
        return place_of(record) == MAILROOM and f"teams:{MAILROOM}:{record.version}" not in record.effects
    return record.state in (State.RECEIVED, State.RECOGNIZED, State.ROUTED, State.FILED)

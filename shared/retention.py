"""Deletes what was scanned after the periods of config/operations.yaml, never before its delivery is confirmed.

A document's period begins when its people were told (the card, the letter); a file without documents counts from its
scan. What waits for a person, failed, or is held stays. Steps and numbers stay for good, so the chain still verifies.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shared.effects import change
from shared.errors import PermanentError
from shared.handover import handed_over
from shared.model import DocumentRecord, SourceRecord, State, Step
from shared.operations import Periods
from shared.ports import Blobs, Ledger

ACTOR = "retention"
EXPIRED = "expired"  # Step.action, and the first part of the effects' keys
DETAILS = "ledger_details"
OF_DOCUMENT = ("documents", "delivered", "extracted", "corrections")
OF_SOURCE = ("scans", "previews", "blanks", "quarantine")
AT_ONCE = 16
FIRST_DAY = date(2020, 1, 1)


@dataclass
class Expiry:
    """What was deleted, or would be: blobs by container, rows by `ledger_details`; and what was kept although its
    period is over."""

    deleted: Counter[str] = field(default_factory=Counter)
    held: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)


async def delete_expired(
    *,
    blobs: Blobs,
    ledger: Ledger,
    periods: Periods,
    clock: Callable[[], datetime],
    dry_run: bool = False,
) -> Expiry:
    """May be repeated and interrupted: blobs go first, then the ledger says so."""
    sweep = Sweep(blobs, ledger, periods, clock(), dry_run)
    await sweep.run()
    return sweep.expiry


class Sweep:
    """One pass over the ledger, file by file."""

    def __init__(self, blobs: Blobs, ledger: Ledger, periods: Periods, now: datetime, dry_run: bool) -> None:
        self._blobs, self._ledger, self._periods, self._now, self._dry_run = blobs, ledger, periods, now, dry_run
        self.expiry = Expiry()

    async def run(self) -> None:
        shortest = min(self._periods.of(what) for what in (*OF_DOCUMENT, *OF_SOURCE, DETAILS))
        until = (self._now - shortest + timedelta(days=1)).date()
        turns = asyncio.Semaphore(AT_ONCE)

        async def clear(source: SourceRecord, records: list[DocumentRecord]) -> None:
            async with turns:
                await self._clear(source, records)

        async for day in self._days(until):
            await asyncio.gather(*(clear(source, records) for source, records in day))

    async def _days(self, until: date) -> AsyncIterator[list[tuple[SourceRecord, list[DocumentRecord]]]]:
        """The scanned files of one day after another, with their documents."""
        sources: dict[str, list[SourceRecord]] = {}
        async for source in self._ledger.sources(since=FIRST_DAY, until=until):
            if f"{EXPIRED}:{DETAILS}" not in source.effects:
                sources.setdefault(source.id[:8], []).append(source)
        for name, found in sources.items():
            day = datetime.strptime(name, "%Y%m%d").date()
            records: dict[str, list[DocumentRecord]] = {}
            async for record in self._ledger.documents(since=day, until=day):
                records.setdefault(record.source_id, []).append(record)
            yield [(source, records.get(source.id, [])) for source in found]

    async def _clear(self, source: SourceRecord, records: Sequence[DocumentRecord]) -> None:
        ends = [confirmed_at(record) for record in records]
        for record, end in zip(records, ends, strict=True):
            await self._clear_document(record, end)
        if records:
            told = [end for end in ends if end is not None]
            held = any(record.hold for record in records)
            end = max(told) if len(told) == len(source.documents or records) and not held else None
        else:
            end = source.received_at if source.state in (State.QUARANTINED, State.DUPLICATE) else None
        if end is not None:
            await self._clear_source(source, end)

    async def _clear_document(self, record: DocumentRecord, end: datetime | None) -> None:
        due = self._due(record.effects, (*OF_DOCUMENT, DETAILS), end or record.received_at)
        if not due:
            return
        if end is None or record.hold:
            (self.expiry.held if record.hold else self.expiry.undelivered).append(record.id)
            return
        for container in due:
            for name in await self._blobs_of(container, record.id):
                await self._delete(container, name)
        if DETAILS in due:
            self.expiry.deleted[DETAILS] += 1
        if not self._dry_run:
            await self._record(record, due)

    async def _record(self, record: DocumentRecord, due: list[str]) -> None:
        def edit(record: DocumentRecord) -> DocumentRecord:
            marks = {f"{EXPIRED}:{what}": self._now for what in due}
            bare = {"source_name": "", "reasons": [], "candidates": []} if DETAILS in due else {}
            return record.model_copy(update={"effects": {**record.effects, **marks}, **bare})

        def step(record: DocumentRecord) -> Step:
            return Step(at=self._now, actor=ACTOR, action=EXPIRED, state=record.state, details={"what": due})

        await change(self._ledger, record, edit, step)

    async def _clear_source(self, source: SourceRecord, end: datetime) -> None:
        due = self._due(source.effects, (*OF_SOURCE, DETAILS), end)
        if not due:
            return
        for container in due:
            if container == "scans":
                scan = await self._blobs.info("scans", source.name)
                if scan is not None and scan.etag == source.etag:  # not a later file of the same name
                    await self._delete("scans", source.name)
            elif container != DETAILS:
                async for blob in self._blobs.list(container, f"{source.id}/"):
                    await self._delete(container, blob.name)
        if self._dry_run:
            return
        bare = {"name": ""} if DETAILS in due else {}
        marks = {f"{EXPIRED}:{what}": self._now for what in due}
        await self._ledger.save_source(source.model_copy(update={"effects": {**source.effects, **marks}, **bare}))

    def _due(self, effects: dict[str, datetime], what: Sequence[str], end: datetime) -> list[str]:
        """What is past its period and was not deleted yet."""
        return [one for one in what if f"{EXPIRED}:{one}" not in effects and self._now >= end + self._periods.of(one)]

    async def _blobs_of(self, container: str, document_id: str) -> list[str]:
        if container == DETAILS:
            return []
        marks = (f"{document_id}.", f"{document_id}-")  # …-1.pdf, …-1.decision.json, …-1-2.json; never …-10.pdf
        return [one.name async for one in self._blobs.list(container, document_id) if one.name.startswith(marks)]

    async def _delete(self, container: str, name: str) -> None:
        self.expiry.deleted[container] += 1
        if not self._dry_run:
            await self._blobs.delete(container, name)


def confirmed_at(record: DocumentRecord) -> datetime | None:
    """When the delivery of the present version was confirmed; None while it is not."""
    return handed_over(record) if record.state is State.DELIVERED else None


async def hold(document_id: str, reason: str, *, who: str, ledger: Ledger, clock: Callable[[], datetime]) -> None:
    """Keep everything of a document, and the scan it came in, until `release`."""
    if not reason.strip():
        raise PermanentError("a hold needs a reason", reason="Uveďte dôvod, prečo sa má dokument uchovať.")
    await _set_hold(document_id, reason, "held", who=who, ledger=ledger, now=clock())


async def release(document_id: str, *, who: str, ledger: Ledger, clock: Callable[[], datetime]) -> None:
    await _set_hold(document_id, "", "hold-released", who=who, ledger=ledger, now=clock())


async def _set_hold(document_id: str, reason: str, action: str, *, who: str, ledger: Ledger, now: datetime) -> None:
    record = await ledger.document(document_id)

    def step(record: DocumentRecord) -> Step:
        return Step(at=now, actor=who, action=action, state=record.state, reason=reason)

    await change(ledger, record, lambda record: record.model_copy(update={"hold": reason}), step)

"""Drops files in as the scanner would and follows them through the ledger until each page is accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from shared.model import MAILROOM, DocumentRecord, SourceRecord, State
from shared.ports import Blobs, Ledger
from shared.storage import SCANS

POLL_SECONDS = 0.5
ENDS = {State.QUARANTINED, State.DUPLICATE, State.FAILED}


@dataclass
class Dropped:
    """One file on its way."""

    path: Path
    blob: str
    at: float
    source: SourceRecord | None = None
    documents: dict[str, DocumentRecord] = field(default_factory=dict)
    finished: dict[str, float] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Everything that came of this file has reached an end."""
        if self.source is None or self.source.state is State.RECEIVED:
            return False
        return self.source.state in ENDS or set(self.source.documents) <= set(self.finished)


def is_finished(record: DocumentRecord) -> bool:
    """Delivered or failed; a document in review once the mailroom's channel has its card."""
    if record.state is State.REVIEW:
        return f"teams:{MAILROOM}:{record.version}" in record.effects
    return record.state in ENDS | {State.DELIVERED}


def blob_names(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """A name in the container for every file; equal names from different folders get a number before them."""
    taken: set[str] = set()
    named = []
    for number, path in enumerate(paths, start=1):
        name = path.name if path.name not in taken else f"{number}/{path.name}"
        taken.add(name)
        named.append((path, name))
    return named


class Follower:
    """Looks at the ledger again and again; every look tells what has come to its end since the last."""

    def __init__(self, paths: Sequence[Path], *, blobs: Blobs, ledger: Ledger, time_zone: str) -> None:
        self._blobs = blobs
        self._ledger = ledger
        self._waiting = {name: Dropped(path, name, monotonic()) for path, name in blob_names(paths)}
        self._zone = ZoneInfo(time_zone)
        self._since = self._today()

    async def follow(self, patience: float) -> AsyncIterator[tuple[Dropped, DocumentRecord | None]]:
        """Drop the files, then yield each document at its end and each source without documents once.

        After `patience` seconds without news, what is still under way is yielded as it stands.
        """
        await self._drop()
        news = monotonic()
        while self._waiting and monotonic() - news < patience:
            await asyncio.sleep(POLL_SECONDS)
            async for source in self._ledger.sources(since=self._since, until=self._today()):
                if source.name in self._waiting:
                    self._waiting[source.name].source = source
            moved = False
            async for one, record in self._changed():
                moved = True
                if is_finished(record):
                    one.finished[record.id] = monotonic() - one.at
                    yield one, record
            settled = [one for one in self._waiting.values() if one.settled]
            for one in settled:
                del self._waiting[one.blob]
                if not one.finished:
                    yield one, None
            if moved or settled:
                news = monotonic()
        for pair in self._unfinished():
            yield pair

    def _today(self) -> date:
        """The local day: what ids and so the ledger's partitions go by."""
        return datetime.now(self._zone).date()

    async def _drop(self) -> None:
        for one in self._waiting.values():
            data = await asyncio.to_thread(one.path.read_bytes)
            await self._blobs.write(SCANS, one.blob, data, content_type="application/octet-stream")

    def _unfinished(self) -> Iterator[tuple[Dropped, DocumentRecord | None]]:
        for one in self._waiting.values():
            for record in one.documents.values():
                if record.id not in one.finished:
                    yield one, record
            if not one.documents:
                yield one, None

    async def _changed(self) -> AsyncIterator[tuple[Dropped, DocumentRecord]]:
        """Documents of ours whose record is another than at the last look."""
        by_source = {one.source.id: one for one in self._waiting.values() if one.source}
        async for record in self._ledger.documents(since=self._since, until=self._today()):
            one = by_source.get(record.source_id)
            if one and record.id not in one.finished and one.documents.get(record.id) != record:
                one.documents[record.id] = record
                yield one, record

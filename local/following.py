"""Drops files in as the scanner would and follows them through the ledger until each page is accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from shared.model import MAILROOM, DocumentRecord, SourceRecord, State
from shared.ports import Blobs, Ledger
from shared.storage import SCANS

POLL_SECONDS = 0.4
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
        if self.source is None:
            return False
        if self.source.state in ENDS:
            return True
        known = set(self.source.documents)
        return bool(self.source.pages) and known <= set(self.finished)


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


async def follow(
    paths: Sequence[Path], *, blobs: Blobs, ledger: Ledger, patience: float
) -> AsyncIterator[tuple[Dropped, DocumentRecord | None]]:
    """Yield each document as it reaches its end, and a source without documents once; stops after `patience` seconds
    without any news. What then is still under way is yielded as it stands.
    """
    today = datetime.now(UTC).date()
    days = {"since": today - timedelta(days=1), "until": today + timedelta(days=1)}
    waiting: dict[str, Dropped] = {}
    for path, name in blob_names(paths):
        waiting[name] = Dropped(path, name, monotonic())
        data = await asyncio.to_thread(path.read_bytes)
        await blobs.write(SCANS, name, data, content_type="application/octet-stream")
    news = monotonic()
    while waiting and monotonic() - news < patience:
        await asyncio.sleep(POLL_SECONDS)
        async for source in ledger.sources(**days):
            if source.name in waiting:
                waiting[source.name].source = source
        by_source = {one.source.id: one for one in waiting.values() if one.source}
        async for record in ledger.documents(**days):
            one = by_source.get(record.source_id)
            if one is None or record.id in one.finished:
                continue
            if one.documents.get(record.id) != record:
                news = monotonic()
            one.documents[record.id] = record
            if is_finished(record):
                one.finished[record.id] = monotonic() - one.at
                yield one, record
        for name, one in list(waiting.items()):
            if one.settled:
                news = monotonic()
                del waiting[name]
                if not one.finished:
                    yield one, None
    for one in waiting.values():
        for record in one.documents.values():
            if record.id not in one.finished:
                yield one, record
        if not one.documents:
            yield one, None

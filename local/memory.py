"""The ports in memory: what `podatelna classify` runs on, and the fakes of the tests.

They keep the promises of the real ones: insert once, refuse a stale record, drop a repeated message.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from shared.chain import Chain, Ring, Sealed, digest, link
from shared.entities import GIVEN_UP_QUEUE
from shared.errors import LedgerConflict, TransientError, UnknownDocument
from shared.model import DocumentRecord, Message, SourceRecord, State, Step

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@dataclass(frozen=True)
class StoredBlob:
    name: str
    data: bytes
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    last_modified: datetime = NOON
    revision: int = 1

    @property
    def etag(self) -> str:
        return f"{hashlib.sha256(self.data).hexdigest()[:12]}-{self.revision}"

    @property
    def size(self) -> int:
        return len(self.data)


class MemoryBlobs:
    """Blobs by container and name; `drop` puts one in as a scanner would."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], StoredBlob] = {}

    def drop(self, name: str, data: bytes, *, at: datetime = NOON, container: str = "scans") -> StoredBlob:
        before = self.stored.get((container, name))
        blob = StoredBlob(name, data, last_modified=at, revision=before.revision + 1 if before else 1)
        self.stored[container, name] = blob
        return blob

    def names(self, container: str) -> list[str]:
        return sorted(name for place, name in self.stored if place == container)

    async def read(self, container: str, name: str, *, etag: str | None = None) -> bytes:
        blob = self.stored.get((container, name))
        if blob is None:
            raise UnknownDocument(f"no blob {container}/{name}")
        if etag is not None and etag != blob.etag:
            raise TransientError(f"blob {container}/{name} changed while it was read")
        return blob.data

    async def write(
        self, container: str, name: str, data: bytes, *, content_type: str, metadata: Mapping[str, str] | None = None
    ) -> None:
        before = self.stored.get((container, name))
        revision = before.revision + 1 if before else 1
        self.stored[container, name] = StoredBlob(name, data, content_type, dict(metadata or {}), revision=revision)

    async def download(self, container: str, name: str, target: Path, *, etag: str) -> str:
        data = await self.read(container, name, etag=etag)
        await asyncio.to_thread(target.write_bytes, data)
        return hashlib.sha256(data).hexdigest()

    async def upload(self, container: str, name: str, source: Path, *, content_type: str) -> None:
        data = await asyncio.to_thread(source.read_bytes)
        await self.write(container, name, data, content_type=content_type)

    async def copy(self, container: str, name: str, target_container: str, target: str, *, etag: str) -> None:
        await self.write(target_container, target, await self.read(container, name, etag=etag), content_type="")

    async def info(self, container: str, name: str) -> StoredBlob | None:
        return self.stored.get((container, name))

    async def list(self, container: str, prefix: str = "") -> AsyncIterator[StoredBlob]:
        for (place, name), blob in sorted(self.stored.items()):
            if place == container and name.startswith(prefix):
                yield blob

    async def delete(self, container: str, name: str) -> None:
        self.stored.pop((container, name), None)


class MemoryLedger:
    """Keeps the ledger's promises: insert once, append only, refuse a stale record."""

    def __init__(self) -> None:
        self.source_rows: dict[str, SourceRecord] = {}
        self.document_rows: dict[str, DocumentRecord] = {}
        self.history: dict[str, list[Step]] = {}
        self.claims: dict[str, str] = {}
        self.chained: dict[str, Chain] = {}
        self.revision = 0

    def _tag(self, record: DocumentRecord) -> DocumentRecord:
        self.revision += 1
        return record.model_copy(update={"etag": str(self.revision)})

    async def open_source(self, source: SourceRecord) -> SourceRecord:
        return self.source_rows.setdefault(source.id, source)

    async def save_source(self, source: SourceRecord) -> None:
        self.source_rows[source.id] = source

    async def source(self, source_id: str) -> SourceRecord:
        try:
            return self.source_rows[source_id]
        except KeyError:
            raise UnknownDocument(f"no source {source_id}") from None

    async def claim(self, sha256: str, source_id: str) -> str:
        return self.claims.setdefault(sha256, source_id)

    async def open_document(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        if record.id not in self.document_rows:
            self.document_rows[record.id] = self._tag(record)
            self.history[record.id] = [step]
            self._link(record, step)
        return self.document_rows[record.id]

    async def document(self, document_id: str) -> DocumentRecord:
        try:
            return self.document_rows[document_id]
        except KeyError:
            raise UnknownDocument(f"no document {document_id}") from None

    async def advance(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        stored = await self.document(record.id)
        if stored.etag != record.etag:
            raise LedgerConflict(f"document {record.id} changed since it was read")
        self.document_rows[record.id] = self._tag(record)
        self.history[record.id].append(step)
        self._link(record, step)
        return self.document_rows[record.id]

    def _link(self, record: DocumentRecord, step: Step) -> None:
        chain = self.chained.setdefault(record.id, Chain(record.id))
        chain.record, told = record.model_dump_json(), step.model_dump_json()
        mark = digest(chain.record)
        chain.count, chain.head = chain.count + 1, link(chain.head, told, mark)
        chain.rings.append(Ring(chain.count, told, mark, chain.head))

    async def chains(self, *, since: date, until: date) -> AsyncIterator[Chain]:
        for document_id in sorted(self.chained):
            if f"{since:%Y%m%d}" <= document_id[:8] <= f"{until:%Y%m%d}":
                yield self.chained[document_id]

    async def seals(self, *, since: date, until: date) -> AsyncIterator[Sealed]:
        async for source in self.sources(since=since, until=until):
            text = source.model_dump_json()
            yield Sealed(source.id, text, digest(text))

    async def steps(self, document_id: str) -> list[Step]:
        await self.document(document_id)
        return list(self.history[document_id])

    async def documents(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        state: State | None = None,
        department: str | None = None,
        source_id: str | None = None,
    ) -> AsyncIterator[DocumentRecord]:
        for record in sorted(self.document_rows.values(), key=lambda row: row.id):
            day = record.received_at.date()
            if (
                (since is None or day >= since)
                and (until is None or day <= until)
                and state in (None, record.state)
                and department in (None, record.department)
                and source_id in (None, record.source_id)
            ):
                yield record

    async def sources(self, *, since: date | None = None, until: date | None = None) -> AsyncIterator[SourceRecord]:
        for source in sorted(self.source_rows.values(), key=lambda row: row.id):
            day = source.received_at.date()
            if (since is None or day >= since) and (until is None or day <= until):
                yield source


@dataclass(frozen=True)
class Sent:
    entity: str
    message: Message
    at: datetime | None = None


class RecordingBus:
    """Remembers what was sent; drops duplicates by entity and message id, as Service Bus does."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        if all((one.entity, one.message.message_id) != (entity, message.message_id) for one in self.sent):
            self.sent.append(Sent(entity, message, at))

    async def dead_letter(self, message: Message, *, reason: str, description: str) -> None:
        await self.send(GIVEN_UP_QUEUE, message)

    async def clear_dead_letters(self, document_id: str) -> None:
        self.sent = [one for one in self.sent if one.entity != GIVEN_UP_QUEUE or one.message.document_id != document_id]

    def to(self, entity: str) -> list[Message]:
        return [one.message for one in self.sent if one.entity == entity]

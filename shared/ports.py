"""What the stages need from the outside; adapters and fakes implement these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from shared.chain import Chain, Sealed
from shared.model import (
    Decision,
    DocumentRecord,
    DocumentText,
    FiledItem,
    Message,
    SourceRecord,
    State,
    Step,
)


class BlobInfo(Protocol):
    """Properties of a stored blob."""

    @property
    def name(self) -> str: ...
    @property
    def etag(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def last_modified(self) -> datetime: ...


class Blobs(Protocol):
    """Blob Storage. Containers: scans, documents, delivered, extracted, quarantine, blanks, previews."""

    async def read(self, container: str, name: str, *, etag: str | None = None) -> bytes:
        """Raises UnknownDocument when there is none, TransientError when `etag` no longer matches."""
        ...

    async def write(
        self, container: str, name: str, data: bytes, *, content_type: str, metadata: Mapping[str, str] | None = None
    ) -> None: ...
    async def download(self, container: str, name: str, target: Path, *, etag: str) -> str:
        """Write the blob to a file piece by piece; returns its SHA-256. Raises as `read` does, also halfway."""
        ...

    async def upload(self, container: str, name: str, source: Path, *, content_type: str) -> None:
        """Write a file as a blob piece by piece."""
        ...

    async def copy(self, container: str, name: str, target_container: str, target: str, *, etag: str) -> None:
        """Copy within the storage, without the bytes passing through here. Raises as `read` does."""
        ...

    async def info(self, container: str, name: str) -> BlobInfo | None: ...
    def list(self, container: str, prefix: str = "") -> AsyncIterator[BlobInfo]: ...
    async def delete(self, container: str, name: str) -> None: ...


class Ledger(Protocol):
    """Where every document is and every step it took. Writes are atomic per source or document."""

    async def open_source(self, source: SourceRecord) -> SourceRecord:
        """Insert if new; returns what is stored, so a repeat sees how far it had come."""
        ...

    async def save_source(self, source: SourceRecord) -> None: ...
    async def source(self, source_id: str) -> SourceRecord: ...
    async def claim(self, sha256: str, source_id: str) -> str:
        """Claim these bytes for a source; returns the id of the source that came first (maybe itself)."""
        ...

    async def open_document(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        """Insert with its first step if new; returns what is stored."""
        ...

    async def document(self, document_id: str) -> DocumentRecord:
        """Raises UnknownDocument."""
        ...

    async def advance(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        """Store `record` and append `step` in one transaction; raises LedgerConflict if it changed since read."""
        ...

    async def steps(self, document_id: str) -> list[Step]: ...
    def documents(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        state: State | None = None,
        department: str | None = None,
        source_id: str | None = None,
    ) -> AsyncIterator[DocumentRecord]: ...
    def sources(self, *, since: date | None = None, until: date | None = None) -> AsyncIterator[SourceRecord]: ...
    def chains(self, *, since: date, until: date) -> AsyncIterator[Chain]:
        """Everything stored of the documents of these days, for who verifies it; nothing is taken on trust."""
        ...

    def seals(self, *, since: date, until: date) -> AsyncIterator[Sealed]: ...


class Bus(Protocol):
    """Service Bus: entity is a queue (`recognize`, `classify`) or a topic (`dept-<department>`)."""

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        """Send now, or scheduled at `at`. Raises TransientError."""
        ...

    async def dead_letter(self, message: Message, *, reason: str, description: str) -> None:
        """Keep a message that was given up among the dead letters of queue `given-up`. Raises TransientError."""
        ...

    async def clear_dead_letters(self, document_id: str) -> None:
        """Throw away what was kept of a document, once it is sent again. Raises TransientError."""
        ...


class Recognizer(Protocol):
    """An OCR engine. Takes a PDF (one page per scanned page), gives the text with boxes on upright pages."""

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        """`pages` are the source's page numbers, in the order of the PDF. Raises TransientError, UnreadableText."""
        ...


class Signatures(Protocol):
    """What documents looked like, so that the same paper scanned again is noticed (shared/repeats.py)."""

    async def find(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Document ids and signatures laid down under any of the keys; of a crowded key only the newest."""
        ...

    async def keep(self, document_id: str, keys: Sequence[str], signature: str) -> None:
        """Lay a signature down under each key; a repeat is harmless."""
        ...


class Classifier(Protocol):
    """Pure and fast (milliseconds, no input or output)."""

    def classify(self, text: DocumentText) -> Decision: ...


class Library(Protocol):
    """The departments' SharePoint document libraries. Every call may be repeated."""

    async def file(
        self, department: str, folder: str, name: str, pdf: bytes, columns: Mapping[str, str | float | None]
    ) -> FiledItem:
        """Upload (a file of the same name is replaced) and set columns. Raises TransientError, DeliveryRefused."""
        ...

    async def move(
        self,
        item: FiledItem,
        department: str,
        folder: str,
        name: str,
        pdf: bytes,
        columns: Mapping[str, str | float | None],
    ) -> FiledItem:
        """Take the file as it is now to another library; `pdf` stands in for one that is gone."""
        ...

    async def find(self, department: str, folder: str, name: str) -> FiledItem | None: ...
    async def remove(self, item: FiledItem) -> None:
        """Only if it is unchanged since it was found; one that is gone is fine. Raises TransientError when changed."""
        ...


class Turns(Protocol):
    """Counts what a far end limits, across all instances."""

    async def take(self, name: str, at: datetime, *, burst: int, seconds: float) -> float:
        """Take one of `burst` turns; one comes back every `seconds`. Returns 0, or the seconds to wait for one."""
        ...


class Channel(Protocol):
    """A department's Teams channel."""

    async def take_turn(self, department: str) -> None:
        """Before each post; raises NotYourTurn (with retry_after) when the channel has had its posts for now."""
        ...

    async def post(self, department: str, card: Mapping[str, object], *, key: str) -> None:
        """Post one Adaptive Card; `key` names the effect. Raises TransientError (with retry_after), DeliveryRefused."""
        ...


class Mailbox(Protocol):
    """The city's mailbox, for forwarding to outside authorities."""

    async def forward(self, key: str, to: str, subject: str, html: str, attachment: tuple[str, bytes] | None) -> None:
        """Send once for each `key`, however often it is called. Raises TransientError, DeliveryRefused."""
        ...

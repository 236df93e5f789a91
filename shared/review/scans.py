"""All about one scanned file: the account of its pages, why it was refused, and the file itself."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import PermanentError, UnknownDocument
from shared.model import PageFate, SourceRecord
from shared.ports import Blobs, Ledger
from shared.review.queues import Entry, Scan, describe, describe_scan
from shared.review.words import FATES, Wording
from shared.storage import SCANS

# What a function holds in memory to hand over; a bigger file is fetched from storage by the administrator.
LARGEST_FILE = 100 * 2**20


@dataclass(frozen=True)
class Page:
    number: int
    fate: str
    reason: str
    document: str | None
    picture: bool


@dataclass(frozen=True)
class Account:
    """Where every page of a scan ended."""

    scan: Scan
    pages: list[Page]
    documents: list[Entry]
    first: Scan | None
    stored: bool


@dataclass(frozen=True)
class StoredFile:
    name: str
    data: bytes


async def read_account(source: SourceRecord, *, blobs: Blobs, ledger: Ledger, words: Wording) -> Account:
    prefix = f"{source.id}/"
    pictures = {blob.name async for blob in blobs.list("previews", prefix)} if source.pages else set()
    documents = [record async for record in ledger.documents(source_id=source.id)]
    owners = [(record.id, set(record.pages)) for record in documents]
    return Account(
        scan=describe_scan(source, words),
        pages=[_describe_page(page, owners, f"{prefix}{page.page}.jpg" in pictures) for page in source.pages],
        documents=[describe(record, words) for record in documents],
        first=await _find_first(source, ledger, words),
        stored=await _find_blob(source, blobs) is not None,
    )


def _describe_page(page: PageFate, owners: list[tuple[str, set[int]]], picture: bool) -> Page:
    """A document that was split later has given pages away, so its own list of pages counts."""
    owner = next((owner for owner, pages in owners if page.page in pages), page.document_id)
    return Page(page.page, FATES[page.fate], page.reason, owner, picture)


async def _find_first(source: SourceRecord, ledger: Ledger, words: Wording) -> Scan | None:
    if not source.duplicate_of:
        return None
    try:
        return describe_scan(await ledger.source(source.duplicate_of), words)
    except UnknownDocument:
        return None


async def read_original(source: SourceRecord, blobs: Blobs) -> StoredFile:
    """The file as the scanner left it, from quarantine or, while nothing replaced it, from the scanner's container."""
    found = await _find_blob(source, blobs)
    if found is None:
        raise UnknownDocument(
            f"no file of source {source.id} in the store",
            reason="Súbor už v úložisku nie je (uplynula doba uchovania alebo ho nahradil novší).",
            advice="Naskenujte listinu znova.",
        )
    container, name, size = found
    if size > LARGEST_FILE:
        raise PermanentError(
            f"source {source.id} has {size} bytes",
            reason=f"Súbor má {size // 2**20} MB, na stiahnutie cez túto stránku je príliš veľký.",
            advice="O súbor požiadajte správcu systému.",
        )
    return StoredFile(name.rpartition("/")[2], await blobs.read(container, name))


async def _find_blob(source: SourceRecord, blobs: Blobs) -> tuple[str, str, int] | None:
    async for blob in blobs.list("quarantine", f"{source.id}/"):
        return "quarantine", blob.name, blob.size
    blob_there = await blobs.info(SCANS, source.name)
    if blob_there is not None and blob_there.etag == source.etag:
        return SCANS, source.name, blob_there.size
    return None

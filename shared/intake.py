"""The intake stage: from a dropped file to documents, so that every page of it is accounted for.

    open → read whole → refuse or claim → pages, blanks, separators → account → documents → messages

Each step may be repeated: ids follow from the blob's name and version, blobs are overwritten with the same bytes, rows
are inserted once, and messages carry the same id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from shared.departments import City
from shared.entities import RECOGNIZE_QUEUE
from shared.errors import BadScan, TransientError, UnknownDocument
from shared.ids import document_id, source_id
from shared.model import DocumentRecord, Event, Fate, Message, SourceRecord, State, Step
from shared.naming import plain_name
from shared.pages import refusals
from shared.pages.account import Account, Section, settle
from shared.pages.findings import Limits
from shared.pages.workbench import Workbench
from shared.ports import BlobInfo, Blobs, Bus, Ledger
from shared.settings import Settings

ACTOR = "intake"
SEPARATOR = "separator"  # DocumentRecord.decided_by when a sheet named the department
LONGEST_NAME = 200
REPLACED = "Súbor bol počas čítania nahradený novšou verziou; spracuje sa tá."
TOLD_LOST = "Zo skenu sa nepodarilo prečítať niektoré strany; pozrite si ho a prípadne naskenujte znova."


class Desk(NamedTuple):
    """What the steps share."""

    blobs: Blobs
    ledger: Ledger
    bus: Bus
    city: City
    clock: Callable[[], datetime]


async def take_in(
    name: str,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    city: City,
    settings: Settings,
    clock: Callable[[], datetime],
    workbench: Workbench | None = None,
) -> SourceRecord:
    """Take in one blob of the container `scans`; returns its account. Raises TransientError, UnknownDocument.

    Without a `workbench` one is started for this file alone, which costs half a second.
    """
    desk = Desk(blobs, ledger, bus, city, clock)
    scan = await blobs.info("scans", name)
    if scan is None:
        raise UnknownDocument("no such blob in scans", reason="Súbor v úložisku chýba.", advice="Naskenujte ho znova.")
    source = await ledger.open_source(_describe(scan, name, city))
    if source.state not in (State.RECEIVED, State.FAILED):
        return source
    with TemporaryDirectory(prefix="sken-") as folder:
        try:
            return await _process(source, desk, _limits(settings), Path(folder), workbench)
        except BadScan as refusal:
            return await _quarantine(source, refusal, desk)


async def _process(
    source: SourceRecord, desk: Desk, limits: Limits, folder: Path, workbench: Workbench | None
) -> SourceRecord:
    if source.size == 0:
        raise refusals.empty()
    if source.size > limits.max_file_bytes:
        raise refusals.too_large(source.size, limits.max_file_bytes)
    path = folder / "scan"
    source = source.model_copy(update={"sha256": await _read_whole(source, path, desk)})
    first = await _first_of(source, desk)
    if first != source.id:
        return await _save(source, desk, state=State.DUPLICATE, duplicate_of=first)
    bench = workbench or Workbench()
    try:
        prepared = await bench.prepare(path, folder, limits)
        path.unlink()
        account = settle(await bench.examine(folder, prepared))
        return await _hand_on(source, account, prepared.doubts, desk, folder, bench)
    finally:
        if workbench is None:
            await bench.close()


async def _read_whole(source: SourceRecord, path: Path, desk: Desk) -> str:
    """Bring the blob to `path`, all of it from one version; returns its SHA-256."""
    try:
        return await desk.blobs.download("scans", source.name, path, etag=source.etag)
    except (TransientError, UnknownDocument) as error:
        now = await desk.blobs.info("scans", source.name)
        if now is not None and now.etag != source.etag:
            newer = _describe(now, source.name, desk.city).id
            await _save(source, desk, state=State.DUPLICATE, duplicate_of=newer, error=REPLACED)
            raise TransientError(f"scan of source {source.id} was replaced while it was read") from error
        raise


async def _first_of(source: SourceRecord, desk: Desk) -> str:
    """The source that brought these bytes first; one that was refused does not count."""
    first = await desk.ledger.claim(source.sha256, source.id)
    if first == source.id:
        return first
    refused = (await desk.ledger.source(first)).state in (State.QUARANTINED, State.FAILED)
    return source.id if refused else first


async def _hand_on(
    source: SourceRecord, account: Account, doubts: list[str], desk: Desk, folder: Path, bench: Workbench
) -> SourceRecord:
    """Keep what each page shows, record the account, then open and announce each document."""
    ids = [document_id(source.id, number) for number in range(1, len(account.sections) + 1)]
    fates = account.fates(lambda number: ids[number - 1])
    source = await _save(source, desk, pages=fates, documents=ids)
    await _keep_pages(source, desk, folder, bench)
    if not ids:
        raise _nothing(source)
    for identity, section in zip(ids, account.sections, strict=True):
        part = await bench.cut(folder, section.pages, "document.pdf")
        await desk.blobs.upload("documents", f"{identity}.pdf", part, content_type="application/pdf")
        await asyncio.to_thread(part.unlink)
        await _open(source, identity, section, doubts, desk)
    if any(page.fate is Fate.BAD for page in fates):
        await _tell(source, TOLD_LOST, desk)
    return await _save(source, desk, state=State.ROUTED)


async def _keep_pages(source: SourceRecord, desk: Desk, folder: Path, bench: Workbench) -> None:
    """Thumbnails of all pages, and the pages set aside as blank: a person may look at them."""
    for page in source.pages:
        picture = folder / f"{page.page}.jpg"
        if await asyncio.to_thread(picture.exists):
            await desk.blobs.upload("previews", f"{source.id}/{page.page}.jpg", picture, content_type="image/jpeg")
        if page.fate is Fate.BLANK:
            part = await bench.cut(folder, [page.page], "blank.pdf")
            await desk.blobs.upload("blanks", f"{source.id}/{page.page}.pdf", part, content_type="application/pdf")


async def _open(source: SourceRecord, identity: str, section: Section, doubts: list[str], desk: Desk) -> None:
    department = section.department if section.department in desk.city.by_id else None
    record = DocumentRecord(
        id=identity,
        source_id=source.id,
        source_name=source.name,
        pages=section.pages,
        received_at=source.received_at,
        department=department,
        decided_by=SEPARATOR if department else "",
        reasons=doubts + section.doubts,
        split_reason=section.rests_on,
    )
    now = desk.clock()
    step = Step(at=now, actor=ACTOR, action="received", state=State.RECEIVED, details={"pages": section.pages})
    stored = await desk.ledger.open_document(record, step)
    if stored.state is State.RECEIVED:
        await desk.bus.send(RECOGNIZE_QUEUE, Message(event=Event.RECOGNIZE, document_id=identity, first_seen=now))


async def _quarantine(source: SourceRecord, refusal: BadScan, desk: Desk) -> SourceRecord:
    """Set the file aside as it is, with the reason, and tell the mailroom."""
    stored = await desk.ledger.source(source.id)
    await desk.blobs.copy("scans", source.name, "quarantine", _resting_place(source), etag=source.etag)
    reason = f"{refusal.reason} {refusal.advice}".strip()
    await _tell(source, reason, desk)
    return await _save(stored, desk, state=State.QUARANTINED, error=reason)


async def _tell(source: SourceRecord, detail: str, desk: Desk) -> None:
    mailroom = desk.city.mailroom
    notice = Message(
        event=Event.NOTICE, document_id=source.id, department=mailroom.id, first_seen=desk.clock(), detail=detail
    )
    await desk.bus.send(mailroom.topic, notice)


async def _save(source: SourceRecord, desk: Desk, **changes: object) -> SourceRecord:
    changed = source.model_copy(update=changes)
    await desk.ledger.save_source(changed)
    return changed


def _resting_place(source: SourceRecord) -> str:
    """Only the last part of the name, and only letters that every storage and browser takes."""
    last = source.name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"{source.id}/{plain_name(last)[-LONGEST_NAME:] or 'sken'}"


def _nothing(source: SourceRecord) -> BadScan:
    fates = [page.fate for page in source.pages]
    if Fate.BAD in fates:
        return refusals.nothing_readable({page.reason for page in source.pages if page.fate is Fate.BAD})
    return refusals.nothing_but(fates.count(Fate.BLANK), fates.count(Fate.SEPARATOR))


def _describe(scan: BlobInfo, name: str, city: City) -> SourceRecord:
    identity = source_id(name, scan.etag, scan.last_modified, city.city.time_zone)
    return SourceRecord(id=identity, name=name, etag=scan.etag, size=scan.size, received_at=scan.last_modified)


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_file_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        max_page_pixels=settings.max_page_pixels,
        passwords=settings.pdf_passwords,
    )

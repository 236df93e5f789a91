"""The recognition stage: what a document says, and the searchable file that will be delivered.

    documents/{id}.pdf → typed pages' own text, the rest by the OCR engine → divided where the text says so
                       → for each part: extracted/{id}.json, text layer → delivered/{id}.pdf → classify

The first part keeps the document's id. The others are opened before it is recorded, so that whatever is interrupted is
done again with the same ids (they stand in the page account) and the same bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from shared.division import Division, divide, whole
from shared.document_file import lay_text, sign_looks, write_part
from shared.entities import CLASSIFY_QUEUE
from shared.errors import TransientError, UnknownDocument
from shared.extracted import write_text
from shared.ids import document_id
from shared.model import DocumentRecord, Event, Fate, Message, PageFate, PageText, SourceRecord, State, Step
from shared.pages.cuts import SHEET_TEXT, may_cut
from shared.ports import Blobs, Bus, Ledger, Recognizer, Signatures
from shared.reading import Reading, read_document
from shared.repeats import find_repeat, keys_of

ACTOR = "recognition"
PDF = "application/pdf"
UNREAD = "Nepodarilo sa prečítať strany: {pages}."
REPEAT = "Pravdepodobne opakovaný sken dokumentu {document}."


class Desk(NamedTuple):
    """What the steps share."""

    blobs: Blobs
    ledger: Ledger
    bus: Bus
    clock: Callable[[], datetime]
    signatures: Signatures | None


async def recognize_document(
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    recognizer: Recognizer,
    clock: Callable[[], datetime],
    has_title: Callable[[PageText], bool],
    signatures: Signatures | None = None,
) -> None:
    """Read once and hand on; a repeated message overwrites the same blobs or only hands on again.

    Without `signatures` nobody looks whether the same paper was scanned before.
    """
    desk = Desk(blobs, ledger, bus, clock, signatures)
    record = await ledger.document(message.document_id)
    if record.state is State.RECEIVED or (record.state is State.FAILED and not record.engine):
        with TemporaryDirectory(prefix="dokument-") as folder:
            pdf = Path(folder) / "document.pdf"
            await _fetch(record, pdf, blobs)
            reading = await read_document(record.id, record.pages, pdf, recognizer)
            pages = reading.text.pages
            division = divide(pages, has_title) if may_cut(record.split_reason) else whole(pages)
            record = await _divide(record, division, reading, pdf, message, desk)
    if record.state is State.RECOGNIZED:
        await _hand_on(record, message, desk)


async def _fetch(record: DocumentRecord, target: Path, blobs: Blobs) -> None:
    name = f"{record.id}.pdf"
    info = await blobs.info("documents", name)
    if info is None:
        raise UnknownDocument(
            f"no blob documents/{name}",
            reason="Strany dokumentu v úložisku chýbajú.",
            advice="Naskenujte dokument znova.",
        )
    await blobs.download("documents", name, target, etag=info.etag)


async def _divide(
    record: DocumentRecord, division: Division, reading: Reading, pdf: Path, message: Message, desk: Desk
) -> DocumentRecord:
    """Deliver the parts; returns the first, recorded."""
    first, *others = division.parts
    if others or division.sheets:
        source = await desk.ledger.source(record.source_id)
        if source.state is State.RECEIVED:  # intake would write its own account over ours
            raise TransientError(f"intake of {source.id} has not finished", reason="Skenovaný súbor sa ešte preberá.")
        source = name_parts(source, record.id, division)
        await desk.ledger.save_source(source)
        owner = {fate.page: fate.document_id for fate in source.pages}
        for part in others:
            known = {"id": owner[part.pages[0]], "split_reason": part.rests_on, "pages": part.pages}
            opened = await _open(record.model_copy(update=known), division, reading, pdf, desk)
            await _hand_on(opened, message, desk)
    changed = record.model_copy(update={"pages": first.pages})
    changed, step = await _deliver(changed, division, reading, pdf, desk)
    return await desk.ledger.advance(changed, step)


async def _open(record: DocumentRecord, division: Division, reading: Reading, pdf: Path, desk: Desk) -> DocumentRecord:
    """A further part becomes a document of its own."""
    changed, step = await _deliver(record, division, reading, pdf, desk)
    return await desk.ledger.open_document(changed.model_copy(update={"etag": ""}), step)


def name_parts(source: SourceRecord, identity: str, division: Division) -> SourceRecord:
    """The page account with the parts of this document; a part that already has an id of its own keeps it."""
    fates = {fate.page: fate for fate in source.pages}
    documents = list(source.documents)
    for part in division.parts[1:]:
        name = fates[part.pages[0]].document_id
        if name is None or name == identity:
            number = max(int(one.rpartition("-")[2]) for one in [identity, *documents]) + 1
            name = document_id(source.id, number)
            documents.append(name)
        fates |= {page: PageFate(page=page, fate=Fate.DOCUMENT, document_id=name) for page in part.pages}
    fates |= {page: PageFate(page=page, fate=Fate.SEPARATOR, reason=SHEET_TEXT) for page in division.sheets}
    return source.model_copy(update={"pages": [fates[page] for page in sorted(fates)], "documents": documents})


async def _deliver(
    record: DocumentRecord, division: Division, reading: Reading, pdf: Path, desk: Desk
) -> tuple[DocumentRecord, Step]:
    """Write what belongs to one part; returns its record as recognised, and the step that says so."""
    own = reading.of(record.id, record.pages)
    part, searchable = pdf.with_name("part.pdf"), pdf.with_name("searchable.pdf")
    await asyncio.to_thread(write_part, pdf, part, reading.pages, own.pages)
    await asyncio.to_thread(lay_text, part, searchable, own)
    await write_text(desk.blobs, own.text)
    await desk.blobs.upload("delivered", f"{record.id}.pdf", searchable, content_type=PDF)
    if len(division.parts) > 1 and division.parts[0].pages != record.pages:
        await desk.blobs.upload("documents", f"{record.id}.pdf", part, content_type=PDF)
    repeat_of = await _look_for_repeat(record, own, part, desk)
    return _recognized(record, own, list(division.doubts), repeat_of, desk.clock())


async def _look_for_repeat(record: DocumentRecord, reading: Reading, part: Path, desk: Desk) -> str | None:
    if desk.signatures is None:
        return None
    signature = await asyncio.to_thread(sign_looks, part, reading)
    earlier = await find_repeat(signature, record.id, record.source_id, desk.signatures)
    await desk.signatures.keep(record.id, keys_of(signature), signature.model_dump_json())
    return earlier


def _recognized(
    record: DocumentRecord, reading: Reading, doubts: list[str], repeat_of: str | None, now: datetime
) -> tuple[DocumentRecord, Step]:
    pages = reading.text.pages
    unread = [str(page.page) for page in pages if page.error]
    doubts += [UNREAD.format(pages=", ".join(unread))] if unread else []
    chars = len(reading.text.text.strip())
    changed = record.model_copy(
        update={
            "state": State.RECOGNIZED,
            "engine": reading.text.engine,
            "text_chars": chars,
            "reasons": [*record.reasons, *doubts],
            "repeat_of": repeat_of,
            "error": None,
        }
    )
    details = {
        "engine": reading.text.engine,
        "pages": record.pages,
        "text_chars": chars,
        "turned": [page.page for page in pages if page.rotation],
        "unread": unread,
        "repeat_of": repeat_of,
    }
    reason = REPEAT.format(document=repeat_of) if repeat_of else ""
    return changed, Step(
        at=now, actor=ACTOR, action="recognized", state=State.RECOGNIZED, reason=reason, details=details
    )


async def _hand_on(record: DocumentRecord, message: Message, desk: Desk) -> None:
    following = Message(
        event=Event.CLASSIFY, document_id=record.id, first_seen=desk.clock(), traceparent=message.traceparent
    )
    await desk.bus.send(CLASSIFY_QUEUE, following)

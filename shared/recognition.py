"""The recognition stage: what a document says, and the searchable file that will be delivered.

documents/{id}.pdf → typed pages' own text, the rest by the OCR engine → extracted/{id}.json
                   → text layer, upright, metadata                     → delivered/{id}.pdf → classify
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.entities import CLASSIFY_QUEUE
from shared.errors import UnknownDocument
from shared.extracted import write_text
from shared.model import DocumentRecord, DocumentText, Event, Message, State, Step
from shared.ports import Blobs, Bus, Ledger, Recognizer
from shared.reading import Reading, read_document

ACTOR = "recognition"
PDF = "application/pdf"
UNREAD = "Nepodarilo sa prečítať strany: {pages}."


async def recognize_document(
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    recognizer: Recognizer,
    clock: Callable[[], datetime],
) -> None:
    """Read once and hand on; a repeated message overwrites the same blobs or only hands on again."""
    record = await ledger.document(message.document_id)
    if record.state is State.RECEIVED or (record.state is State.FAILED and not record.engine):
        with TemporaryDirectory(prefix="dokument-") as folder:
            pdf = Path(folder) / "document.pdf"
            await _fetch(record, pdf, blobs)
            reading = await read_document(record.id, record.pages, pdf, recognizer)
            await _keep(reading, pdf, blobs)
        record = await _record(record, reading.text, ledger, clock())
    if record.state is State.RECOGNIZED:
        following = Message(
            event=Event.CLASSIFY, document_id=record.id, first_seen=clock(), traceparent=message.traceparent
        )
        await bus.send(CLASSIFY_QUEUE, following)


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


async def _keep(reading: Reading, pdf: Path, blobs: Blobs) -> None:
    """The text, and the file that will be delivered."""
    searchable = pdf.with_name("searchable.pdf")
    await asyncio.to_thread(_make_searchable, pdf, searchable, reading)
    await write_text(blobs, reading.text)
    await blobs.upload("delivered", f"{reading.text.document_id}.pdf", searchable, content_type=PDF)


def _make_searchable(pdf: Path, target: Path, reading: Reading) -> None:
    from shared.searchable import make_searchable

    title = f"Dokument {reading.text.document_id}"
    make_searchable(pdf, target, reading.text, title=title, typed=reading.typed)


async def _record(record: DocumentRecord, text: DocumentText, ledger: Ledger, now: datetime) -> DocumentRecord:
    chars = len(text.text.strip())
    unread = [str(page.page) for page in text.pages if page.error]
    doubts = [UNREAD.format(pages=", ".join(unread))] if unread else []
    changed = record.model_copy(
        update={
            "state": State.RECOGNIZED,
            "engine": text.engine,
            "text_chars": chars,
            "reasons": [*record.reasons, *doubts],
            "error": None,
        }
    )
    turned = [page.page for page in text.pages if page.rotation]
    details = {"engine": text.engine, "text_chars": chars, "turned": turned, "unread": unread}
    step = Step(at=now, actor=ACTOR, action="recognized", state=State.RECOGNIZED, details=details)
    return await ledger.advance(changed, step)

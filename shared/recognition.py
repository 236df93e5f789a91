"""The recognition stage: what a document says, and the searchable file that will be delivered.

documents/{id}.pdf → typed pages' own text, the rest by the OCR engine → extracted/{id}.json
                   → text layer, upright, metadata                     → delivered/{id}.pdf → classify
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import datetime

from shared.entities import CLASSIFY_QUEUE
from shared.extracted import write_text
from shared.model import DocumentRecord, DocumentText, Event, Message, PageText, State, Step
from shared.ports import Blobs, Bus, Ledger, Recognizer

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
        pdf = await blobs.read("documents", f"{record.id}.pdf")
        text, typed = await read_document(record, pdf, recognizer)
        searchable = await asyncio.to_thread(_make_searchable, pdf, text, record, typed)
        await write_text(blobs, text)
        await blobs.write("delivered", f"{record.id}.pdf", searchable, content_type=PDF)
        record = await _record(record, text, ledger, clock())
    if record.state is State.RECOGNIZED:
        following = Message(
            event=Event.CLASSIFY, document_id=record.id, first_seen=clock(), traceparent=message.traceparent
        )
        await bus.send(CLASSIFY_QUEUE, following)


async def read_document(
    record: DocumentRecord, pdf: bytes, recognizer: Recognizer
) -> tuple[DocumentText, frozenset[int]]:
    """The text, and the numbers of the pages that brought it themselves."""
    typed = await asyncio.to_thread(_read_typed, pdf, record.pages)
    scanned = [page for page in record.pages if page not in typed]
    if not scanned:
        return _in_order(record, typed, "pdf-text"), frozenset(typed)
    part = await asyncio.to_thread(_extract, pdf, record.pages, scanned) if typed else pdf
    read = await recognizer.recognize(record.id, part, scanned)
    if not typed:
        return read, frozenset()
    pages = typed | {page.page: page for page in read.pages}
    return _in_order(record, pages, f"pdf-text+{read.engine}"), frozenset(typed)


def _in_order(record: DocumentRecord, pages: dict[int, PageText], engine: str) -> DocumentText:
    return DocumentText(document_id=record.id, engine=engine, pages=[pages[number] for number in record.pages])


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
    details = {
        "engine": text.engine,
        "text_chars": chars,
        "turned": [page.page for page in text.pages if page.rotation],
        "unread": unread,
    }
    step = Step(at=now, actor=ACTOR, action="recognized", state=State.RECOGNIZED, details=details)
    return await ledger.advance(changed, step)


def _read_typed(pdf: bytes, pages: list[int]) -> dict[int, PageText]:
    from shared.imaging.typed import read_typed

    return read_typed(pdf, pages)


def _make_searchable(pdf: bytes, text: DocumentText, record: DocumentRecord, typed: frozenset[int]) -> bytes:
    from shared.searchable import make_searchable

    return make_searchable(pdf, text, title=f"Dokument {record.id}", typed=typed)


def _extract(pdf: bytes, pages: list[int], wanted: list[int]) -> bytes:
    """The wanted pages of a document as a file of their own."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.new() as part:
        for number in wanted:
            part.pages.append(whole.pages[pages.index(number)])
        part.remove_unreferenced_resources()
        out = io.BytesIO()
        part.save(out, deterministic_id=True)
        return out.getvalue()

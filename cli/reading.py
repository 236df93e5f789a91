"""The text of files on disk: texts as they are, scans through intake and OCR as any scan."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

from local.following import Dropped
from local.memory import MemoryBlobs, MemoryLedger, RecordingBus
from shared.bootstrap import Services
from shared.entities import RECOGNIZE_QUEUE
from shared.extracted import read_text
from shared.intake import take_in
from shared.recognition import recognize_document

TEXTS = {".txt", ".md"}


async def read_file(path: Path, services: Services) -> str:
    """The whole text, a form feed between pages; empty for a scan that intake refuses."""
    if path.suffix.lower() in TEXTS:
        return await asyncio.to_thread(path.read_text, encoding="utf-8", errors="replace")
    blobs, bus, ledger = MemoryBlobs(), RecordingBus(), MemoryLedger()
    dropped = Dropped(path, str(path), monotonic())
    blobs.drop(dropped.blob, await asyncio.to_thread(path.read_bytes), at=services.clock())
    await take_in(
        dropped.blob,
        blobs=blobs,
        ledger=ledger,
        bus=bus,
        city=services.city,
        settings=services.settings,
        clock=services.clock,
        workbench=services.workbench,
    )
    texts = []
    for message in bus.to(RECOGNIZE_QUEUE):
        await recognize_document(
            message, blobs=blobs, ledger=ledger, bus=bus, recognizer=services.recognizer, clock=services.clock
        )
        texts.append((await read_text(blobs, message.document_id)).text)
    return "\f".join(texts)

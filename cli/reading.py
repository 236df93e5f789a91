"""The text of files on disk: texts as they are, scans through intake and OCR as any scan."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from cli.classify import open_services
from local.following import Dropped
from local.memory import MemoryBlobs, MemoryLedger, RecordingBus
from shared.bootstrap import Services
from shared.entities import CLASSIFY_QUEUE, RECOGNIZE_QUEUE
from shared.extracted import read_text
from shared.intake import take_in
from shared.recognition import recognize_document

TEXTS = {".txt", ".md"}


async def read_files(paths: Sequence[Path]) -> list[str]:
    """One text a file, a form feed between pages; empty for a scan that intake refuses. Texts alone need no OCR."""
    services = open_services() if not all(_is_text(path) for path in paths) else None
    try:
        return [await _read_scan(path, services) if services and not _is_text(path) else _read(path) for path in paths]
    finally:
        if services:
            await services.close()


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in TEXTS


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


async def _read_scan(path: Path, services: Services) -> str:
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
    for message in bus.to(RECOGNIZE_QUEUE):
        await recognize_document(
            message,
            blobs=blobs,
            ledger=ledger,
            bus=bus,
            recognizer=services.recognizer,
            clock=services.clock,
            has_title=services.titles.has_title,
        )
    # Recognition may have found more than one document in the file.
    texts = [(await read_text(blobs, message.document_id)).text for message in bus.to(CLASSIFY_QUEUE)]
    return "\f".join(texts)

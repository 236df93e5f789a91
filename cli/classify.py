"""`podatelna classify`: what the documents are and where they would go; nothing is delivered or kept."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

from rich.console import Console
from rich.progress import track

from cli.lines import describe
from cli.paths import collect
from cli.run import Json, Paths
from cli.table import open_console, print_outcome
from local.following import Dropped
from local.memory import MemoryBlobs, MemoryLedger, RecordingBus
from local.stack import ROOT
from local.tessdata import find_tessdata
from shared.bootstrap import Services
from shared.classification import classify_document
from shared.departments import load_city
from shared.entities import CLASSIFY_QUEUE, RECOGNIZE_QUEUE
from shared.intake import take_in
from shared.kinds import load_kinds
from shared.model import DocumentRecord
from shared.settings import Engine, Settings

IN_MEMORY = {"STORAGE": "in memory", "SERVICEBUS": "in memory", "REVIEW_DESK_URL": "http://localhost/api/desk"}


def classify(paths: Paths, as_json: Json = False) -> None:
    """Read and classify scans; deliver nothing."""
    files = collect(paths)
    console = open_console(aside=as_json)
    lines = asyncio.run(_classify(files, as_json, console))
    if not as_json:
        city = load_city(ROOT / "config" / "departments.yaml")
        print_outcome(console, lines, city, {kind.id: kind.title for kind in load_kinds(ROOT / "config", city).kinds})


async def _classify(files: list[Path], as_json: bool, console: Console) -> list[dict[str, Any]]:
    services = open_services()
    ledger = MemoryLedger()
    free = asyncio.Semaphore(services.settings.ocr_workers)

    async def work(path: Path) -> list[dict[str, Any]]:
        async with free:
            return [line async for line in _follow(path, services, ledger)]

    lines: list[dict[str, Any]] = []
    tasks = [asyncio.create_task(work(path)) for path in files]
    for done in track(asyncio.as_completed(tasks), "reading", len(tasks), console=console, transient=True):
        for line in await done:
            lines.append(line)
            if as_json:
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                sys.stdout.flush()
    await services.close()
    return lines


def open_services() -> Services:
    """The engine and the classifier as the environment asks, else Tesseract; the rest stays in memory."""
    environment: dict[str, Any] = {"OCR_ENGINE": Engine.TESSERACT.value, **os.environ, **IN_MEMORY}
    if environment["OCR_ENGINE"] == Engine.TESSERACT.value:
        environment["TESSDATA"] = str(find_tessdata())
    settings = Settings.model_validate(environment)
    return Services(load_city(settings.config / "departments.yaml"), settings)


async def _follow(path: Path, services: Services, ledger: MemoryLedger) -> AsyncIterator[dict[str, Any]]:
    """The stages as the triggers would call them, one file after the other."""
    from shared.recognition import recognize_document  # OpenCV and NumPy: only this command needs them here

    began = monotonic()
    blobs, bus, city = MemoryBlobs(), RecordingBus(), services.city
    dropped = Dropped(path, str(path), began)
    blobs.drop(dropped.blob, await asyncio.to_thread(path.read_bytes), at=services.clock())
    dropped.source = await take_in(
        dropped.blob,
        blobs=blobs,
        ledger=ledger,
        bus=bus,
        city=city,
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
    finished: list[DocumentRecord | None] = []
    for message in bus.to(CLASSIFY_QUEUE):
        await classify_document(
            message,
            blobs=blobs,
            ledger=ledger,
            bus=bus,
            classifier=services.classifier,
            city=city,
            clock=services.clock,
        )
        finished.append(await ledger.document(message.document_id))
    for record in finished or [None]:
        yield describe(dropped, record, monotonic() - began, dry=True)

"""What telemetry costs: `python -m bench.telemetry`. The same documents with it on and off, in turns.

On means the SDK with spans and metrics in batches, written as JSON as an exporter would. Compared is processor time,
since wall time says more about the machine's neighbours: of the whole path from intake to the card with Tesseract, and
of the telemetry alone (the same calls of ledger and bus without the work between them), which is the steadier figure.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import NoOpTracerProvider

from local.memory import MemoryLedger, RecordingBus
from local.tessdata import find_tessdata
from shared.adapters.tesseract import Tesseract
from shared.classifier import load_classifier
from shared.departments import load_city
from shared.model import DocumentRecord, Event, FiledItem, Message, State, Step
from shared.pages.workbench import Workbench
from shared.settings import Settings
from shared.telemetry import ObservedBus, ObservedLedger, Stage, Telemetry
from tests.fakes import NOON
from tests.fakes_delivery import MemoryChannel, MemoryMailbox
from tests.fakes_telemetry import Town

ROOT = Path(__file__).resolve().parents[1]
CITY = load_city(ROOT / "config" / "departments.yaml")
SCAN = ROOT / "samples" / "03-ohlasenie-psa.jpg"
DOCUMENTS, ROUNDS, CALLS = 4, 5, 300
LIMIT = 0.03
LIFE = (
    (Stage.RECOGNITION, "recognized", State.RECOGNIZED, "classify"),
    (Stage.CLASSIFICATION, "classified", State.ROUTED, "dept-skolstvo"),
    (Stage.SHAREPOINT, "filed", State.FILED, "dept-skolstvo"),
    (Stage.TEAMS, "announced", State.DELIVERED, None),
)


class TakingLibrary:
    """Takes every file and keeps none."""

    async def file(self, department: str, folder: str, name: str, pdf: bytes, columns: object) -> FiledItem:
        return FiledItem(department=department, drive_id="drive", item_id=name, name=name, url="https://skuska.example")


def switched_on() -> Telemetry:
    sink = io.StringIO()
    tracers = TracerProvider()
    tracers.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=sink)))
    meters = MeterProvider([PeriodicExportingMetricReader(ConsoleMetricExporter(out=sink))])
    return Telemetry(tracers.get_tracer("bench"), meters.get_meter("bench"))


def switched_off() -> Telemetry:
    return Telemetry(NoOpTracerProvider().get_tracer("bench"), NoOpMeterProvider().get_meter("bench"))


def processor() -> float:
    """Seconds of this process and of those it started and saw end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


async def whole_path(telemetry: Telemetry, engine: Tesseract, settings: Settings) -> None:
    """Every document is another scan; the page worker ends within, so that its time is counted."""
    classifier = load_classifier(ROOT / "config", CITY)
    offices: dict[str, Any] = {"library": TakingLibrary(), "channel": MemoryChannel(), "mailbox": MemoryMailbox()}
    watched: Any = SimpleNamespace(telemetry=telemetry)
    bench = Workbench()
    town = Town(CITY, settings, watched, recognizer=engine, classifier=classifier, workbench=bench, **offices)
    scan = SCAN.read_bytes()
    for number in range(DOCUMENTS):
        town.blobs.drop(f"{number}.jpg", scan + bytes([number]))
        await town.mailroom.take_in(f"{number}.jpg")
    await town.run()
    await bench.close()


async def calls_alone(telemetry: Telemetry) -> None:
    """What the stages of one document ask of telemetry, ledger and bus, again and again."""
    ledger, bus = ObservedLedger(MemoryLedger(), telemetry), ObservedBus(RecordingBus(), telemetry)
    for number in range(CALLS):
        source = f"20261120-{number:08d}"
        record = DocumentRecord(
            id=f"{source}-1", source_id=source, source_name="a.pdf", pages=[1], received_at=NOON, department="skolstvo"
        )
        with telemetry.running(Stage.INTAKE):
            record = await ledger.open_document(record, _step("received", State.RECEIVED))
            await bus.send("recognize", _message(record))
        for stage, action, state, entity in LIFE:
            with telemetry.running(stage, _message(record)):
                record = await ledger.document(record.id)
                record = await ledger.advance(record.model_copy(update={"state": state}), _step(action, state))
                if entity:
                    await bus.send(entity, _message(record))


def _message(record: DocumentRecord) -> Message:
    return Message(event=Event.RECOGNIZE, document_id=record.id, first_seen=NOON)


def _step(action: str, state: State) -> Step:
    return Step(at=NOON, actor="bench", action=action, state=state)


async def in_turns(work: Callable[[Telemetry], Awaitable[None]], times: int) -> tuple[float, float]:
    """Processor seconds for one of `times` documents, off and on: the medians of rounds in turn."""
    spent: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for on in (False, True):
            telemetry = switched_on() if on else switched_off()
            began = processor()
            await work(telemetry)
            spent[on].append((processor() - began) / times)
    return median(spent[False]), median(spent[True])


async def measure() -> dict[str, float]:
    known = {"STORAGE": "-", "SERVICEBUS": "-", "REVIEW_DESK_URL": "-", "OCR_ENGINE": "tesseract"}
    settings = Settings.model_validate({**known, "TESSDATA": str(find_tessdata())})
    engine = Tesseract.open(settings)
    await whole_path(switched_off(), engine, settings)  # warm
    off, on = await in_turns(lambda telemetry: whole_path(telemetry, engine, settings), DOCUMENTS)
    await engine.close()
    alone_off, alone_on = await in_turns(calls_alone, CALLS)
    return {
        "document_off_s": off,
        "document_on_s": on,
        "difference": on / off - 1,
        "telemetry_ms": (alone_on - alone_off) * 1000,
        "share": (alone_on - alone_off) / off,
    }


def main() -> None:
    found = asyncio.run(measure())
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in found.items()}) + "\n")
    sys.exit(0 if found["share"] < LIMIT else 1)


if __name__ == "__main__":
    main()

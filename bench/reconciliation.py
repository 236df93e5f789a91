"""Does one reconciliation find exactly what was lost, and heal it: `python -m bench.reconciliation [--scans 1000]`.

Scans run through the stages in memory while events are dropped, messages deleted and rows of documents lost. Looking at
pages is left out (each scan is one page), everything else is the product's own. Prints JSON; exit status 1 when a loss
was missed, something that was well was named, or anything is missing after one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from shared.departments import load_city
from shared.ids import source_id
from shared.model import Message
from shared.pages.findings import Finding, Prepared
from shared.reconciliation import Trouble
from shared.reconciliation.report import Count
from shared.settings import Settings
from tests.fakes import NOON
from tests.fakes_delivery import MemoryChannel, MemoryLibrary, MemoryMailbox, MovingClock
from tests.fakes_telemetry import Town, Watched
from tests.scans import typed_pdf
from tests.unit.test_telemetry import DecidedClassifier, SecretiveRecognizer

ROOT = Path(__file__).resolve().parents[1]
UNANNOUNCED, DELETED, LOST = 0.03, 0.01, 0.01
LATER = timedelta(hours=17)


class OnePage:
    """A workbench for which every scan is one page with text."""

    def __init__(self) -> None:
        self._page = typed_pdf(["Vec"])

    async def prepare(self, path: Path, folder: Path, limits: object) -> Prepared:
        return Prepared(format="pdf", pages=1)

    async def examine(self, folder: Path, prepared: Prepared) -> list[Finding]:
        return [Finding(page=1)]

    async def cut(self, folder: Path, pages: list[int], name: str) -> Path:
        return await asyncio.to_thread(self._write, folder / name)

    def _write(self, target: Path) -> Path:
        target.write_bytes(self._page)
        return target

    async def close(self) -> None:
        """Nothing is open."""


class LossyTown(Town):
    """Loses messages on the way while `losing`."""

    losing = True

    def __init__(self, chance: random.Random, clock: MovingClock) -> None:
        known = {"STORAGE": "-", "SERVICEBUS": "-", "REVIEW_DESK_URL": "-", "OCR_ENGINE": "tesseract", "TESSDATA": "/"}
        parts: dict[str, Any] = {
            "recognizer": SecretiveRecognizer(),
            "classifier": DecidedClassifier(),
            "library": MemoryLibrary(),
            "channel": MemoryChannel(),
            "mailbox": MemoryMailbox(),
            "workbench": OnePage(),
            "clock": clock,
        }
        city = load_city(ROOT / "config" / "departments.yaml")
        super().__init__(city, Settings.model_validate(known), Watched(), **parts)
        self.chance = chance
        self.lost: set[str] = set()

    def forget_messages(self) -> None:
        """The ten minutes of duplicate detection are over."""
        self.bus.sent.clear()
        self._handled = 0

    async def _hand_over(self, entity: str, message: Message) -> None:
        if self.losing and self.chance.random() < DELETED:
            self.lost.add(message.document_id)
        else:
            await super()._hand_over(entity, message)


async def measure(scans: int, seed: int) -> dict[str, Any]:
    chance, clock = random.Random(seed), MovingClock()
    town = LossyTown(chance, clock)
    unannounced = await drop(town, scans, chance)
    await town.run()
    town.losing = False
    rows = lose_rows(town, chance)
    injected = unannounced | (town.lost - rows) | rows
    clock.now = NOON + LATER
    town.forget_messages()
    began = perf_counter()
    report = await town.mailroom.maintenance.reconcile()
    seconds = perf_counter() - began
    found = {finding.id for finding in report.findings}
    await town.run()
    clock.now += LATER
    after = await town.mailroom.maintenance.reconcile()
    kinds = {trouble.value: sum(one.trouble is trouble for one in report.findings) for trouble in Trouble}
    return {
        "scans": scans,
        "injected": len(injected),
        "found": {name: count for name, count in kinds.items() if count},
        "missed": sorted(injected - found),
        "wrongly_named": sorted(found - injected),
        "reconciliation_s": round(seconds, 2),
        "missing_after": after.counts[Count.MISSING],
        "findings_after": len(after.findings),
        "delivered_after": after.counts[Count.DELIVERED],
        "balanced_after": after.balanced,
    }


async def drop(town: LossyTown, scans: int, chance: random.Random) -> set[str]:
    """Some scans come without an event: their ids."""
    silent = set()
    for number in range(scans):
        name = f"sken-{number:05d}.pdf"
        blob = town.blobs.drop(name, f"%PDF {number}".encode())
        if chance.random() < UNANNOUNCED:
            silent.add(source_id(name, blob.etag, blob.last_modified, town.city.city.time_zone))
        else:
            await town.mailroom.take_in(name)
    return silent


def lose_rows(town: LossyTown, chance: random.Random) -> set[str]:
    lost = {name for name in town.ledger.document_rows if chance.random() < LOST}
    for name in lost:
        del town.ledger.document_rows[name], town.ledger.history[name], town.ledger.chained[name]
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(description="Does one reconciliation heal what was lost.")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    found = asyncio.run(measure(options.scans, options.seed))
    sys.stdout.write(json.dumps(found) + "\n")
    healed = found["balanced_after"] and found["delivered_after"] == options.scans and not found["findings_after"]
    sys.exit(0 if healed and not found["missed"] and not found["wrongly_named"] else 1)


if __name__ == "__main__":
    main()

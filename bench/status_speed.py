"""How fast `podatelna status` answers on a big ledger: `python -m bench.status_speed [--documents 100000]`.

Fills the ledger of an Azurite of its own, 1,000 documents a day, and asks by id and by day. Only the day that is asked
for has its documents' steps: Azurite takes minutes for a hundred thousand rows, and other partitions' are not read.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from azure.core.exceptions import ServiceRequestError
from azure.data.tables.aio import TableClient

from local.stack import Stack
from shared.adapters.ledger import TableLedger
from shared.chain import GENESIS, Ring, digest, link
from shared.ledger_rows import document_row, step_row
from shared.model import DocumentRecord, State, Step

A_DAY = 1000
STEPS = 3
BATCH = 20  # documents, with their steps at most 100 rows, a transaction; divides a day
FIRST = date(2026, 1, 1)
TRIES = 5


async def measure(documents: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        async with Stack(Path(folder), parts=("azurite",)) as stack:
            connection = stack.environment["STORAGE"]
            began = perf_counter()
            asked = documents // A_DAY // 2
            await fill(connection, documents, asked)
            filled = perf_counter() - began
            ledger = TableLedger.connect(connection_string=connection, uri=None, credential=None)
            day = FIRST + timedelta(days=asked)
            results = {
                "fill": filled,
                "by id": await timed(lambda: by_id(ledger, day)),
                "by day": await timed(lambda: by_day(ledger, day)),
                "by day and state": await timed(lambda: by_day(ledger, day, State.REVIEW)),
            }
            await ledger.close()
            return results


async def fill(connection: str, documents: int, asked: int) -> None:
    async with TableClient.from_connection_string(connection, "documents") as table:
        for first in range(0, documents, BATCH):
            numbers = range(first, min(first + BATCH, documents))  # of one day, since a day is a multiple
            with_steps = first // A_DAY == asked
            rows = [row for number in numbers for row in rows_of(number)[: None if with_steps else 1]]
            await put(table, [("upsert", row) for row in rows])


async def put(table: TableClient, operations: list[tuple[str, dict[str, object]]]) -> None:
    """Azurite closes a connection that was idle for a moment."""
    for _ in range(TRIES):
        try:
            await table.submit_transaction(operations)
            return
        except ServiceRequestError:
            await asyncio.sleep(1)
    raise SystemExit("Azurite does not answer")


def rows_of(number: int) -> list[dict[str, object]]:
    """A document's row and its steps, as the ledger writes them."""
    at = datetime.combine(FIRST + timedelta(days=number // A_DAY), datetime.min.time(), UTC) + timedelta(hours=9)
    record = DocumentRecord(
        id=f"{at:%Y%m%d}-{number:08d}-1",
        source_id=f"{at:%Y%m%d}-{number:08d}",
        source_name=f"SKEN_{number:06d}.pdf",
        pages=[1, 2],
        received_at=at,
        state=State.REVIEW if number % 20 == 0 else State.DELIVERED,
        kind="podnet",
        department="stavebny-urad",
        confidence=0.97,
        reasons=["V názve je „Podnet“."],
        effects={"sharepoint:stavebny-urad:1": at, "teams:stavebny-urad:1": at},
    )
    text, rings, previous = record.model_dump_json(), list[Ring](), GENESIS
    for place in range(1, STEPS + 1):
        told = Step(at=at, actor="bench", action="filled", state=record.state).model_dump_json()
        previous = link(previous, told, digest(text))
        rings.append(Ring(place, told, digest(text), previous))
    steps = [step_row(record.id, ring) for ring in rings]
    return [document_row(record, text, STEPS, previous), *steps]


async def by_id(ledger: TableLedger, day: date) -> None:
    number = (day - FIRST).days * A_DAY + 7
    document_id = f"{day:%Y%m%d}-{number:08d}-1"
    await ledger.document(document_id)
    assert len(await ledger.steps(document_id)) == STEPS


async def by_day(ledger: TableLedger, day: date, state: State | None = None) -> None:
    found = [record async for record in ledger.documents(since=day, until=day, state=state)]
    assert len(found) == (A_DAY if state is None else A_DAY // 20)


async def timed(ask: Callable[[], Awaitable[None]]) -> float:
    seconds = []
    for _ in range(TRIES):
        began = perf_counter()
        await ask()
        seconds.append(perf_counter() - began)
    return median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the ledger answers on a big ledger.")
    parser.add_argument("--documents", type=int, default=100_000)
    options = parser.parse_args()
    for what, seconds in asyncio.run(measure(options.documents)).items():
        sys.stdout.write(f"{what}: {seconds:.2f} s\n")


if __name__ == "__main__":
    main()

"""After a deployment: one scan goes through the whole mailroom. A recipe that belongs to nobody, so it ends with the
mailroom's clerks and with no department.

    uv run python -m infra.smoke_test stpodprodabc123

The person who runs it is in the operators' group (it writes a blob and reads the ledger).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from shared.errors import PodatelnaError
from shared.model import DocumentRecord, State
from shared.ports import Blobs, Ledger
from shared.storage import SCANS

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "17-recept-na-orechovnik.jpg"
START_OF_IMAGE = b"\xff\xd8"
COMMENT = b"\xff\xfe"
ENDS = frozenset({State.DELIVERED, State.REVIEW, State.QUARANTINED, State.DUPLICATE, State.FAILED})


def with_comment(jpeg: bytes, text: str) -> bytes:
    """The same picture with a comment inside, so that it is no duplicate of the last smoke test's."""
    comment = text.encode()
    return START_OF_IMAGE + COMMENT + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[len(START_OF_IMAGE) :]


async def send_one(
    blobs: Blobs, ledger: Ledger, now: datetime, minutes: float, sleep: Callable[[float], Awaitable[None]]
) -> str:
    """Empty when the scan reached the clerks, else what became of it."""
    name = f"smoke-test/{now:%Y%m%d-%H%M%S}.jpg"
    await blobs.write(SCANS, name, with_comment(SAMPLE.read_bytes(), name), content_type="image/jpeg")
    seen: list[DocumentRecord] = []
    for _ in range(max(1, int(minutes * 6))):
        seen = [d async for d in ledger.documents(since=(now - timedelta(days=1)).date()) if d.source_name == name]
        if seen and all(document.state in ENDS for document in seen):
            break
        await sleep(10)
    if not seen:
        return (
            f"scan {name} never entered the ledger: the event did not reach the function. "
            "`podatelna doctor --azure` checks the event subscription"
        )
    stuck = [
        f"{d.id} is {d.state.value} ({d.error or 'no error recorded'})" for d in seen if d.state is not State.REVIEW
    ]
    return "; ".join(stuck)


async def run(account: str, minutes: float) -> str:
    from azure.identity.aio import DefaultAzureCredential

    from shared.adapters.blobs import StoredBlobs
    from shared.adapters.ledger import TableLedger

    async with DefaultAzureCredential() as credential:
        blobs = StoredBlobs.connect(
            connection_string=None, uri=f"https://{account}.blob.core.windows.net", credential=credential
        )
        ledger = TableLedger.connect(
            connection_string=None, uri=f"https://{account}.table.core.windows.net", credential=credential
        )
        try:
            return await send_one(blobs, ledger, datetime.now(UTC), minutes, asyncio.sleep)
        finally:
            await blobs.close()
            await ledger.close()


def main(storage_account: str, minutes: float = 10) -> None:
    try:
        problem = asyncio.run(run(storage_account, minutes))
    except PodatelnaError as error:
        sys.exit(f"smoke_test: {error}. Are you in the operators' group? A new membership counts after a new sign-in")
    if problem:
        sys.exit(f"smoke_test: {problem}")
    sys.stdout.write("smoke_test: the scan went through and waits for a clerk in the mailroom's channel\n")


if __name__ == "__main__":
    typer.run(main)

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from PIL import Image

from infra import smoke_test
from shared.model import DocumentRecord, State, Step
from tests.fakes import NOON, MemoryBlobs, MemoryLedger


async def smoke(state: State | None) -> str:
    """The mailroom as a fake: the document reaches `state` while the script sleeps."""
    blobs, ledger = MemoryBlobs(), MemoryLedger()

    async def work(_seconds: float) -> None:
        if state is not None:
            (name,) = [blob.name async for blob in blobs.list("scans")]
            record = DocumentRecord(
                id="20261120-AAAAAAAA-1", source_id="20261120-AAAAAAAA", source_name=name, pages=[1],
                received_at=NOON, state=state, error="Čitateľný dôvod." if state is State.FAILED else None,
            )  # fmt: skip
            await ledger.open_document(record, Step(at=NOON, actor="test", action="x", state=state))

    return await smoke_test.send_one(blobs, ledger, NOON + timedelta(seconds=1), 0.5, work)


async def test_the_smoke_test_is_good_when_the_scan_waits_for_a_clerk() -> None:
    assert await smoke(State.REVIEW) == ""


async def test_the_smoke_test_says_where_the_scan_failed() -> None:
    assert await smoke(State.FAILED) == "20261120-AAAAAAAA-1 is failed (Čitateľný dôvod.)"


async def test_the_smoke_test_says_when_no_event_came() -> None:
    assert "the event did not reach the function" in await smoke(None)


def test_two_smoke_tests_are_no_duplicates_of_each_other() -> None:
    picture = smoke_test.SAMPLE.read_bytes()
    one, two = (smoke_test.with_comment(picture, name) for name in ("a", "b"))
    assert one != two
    assert Image.open(BytesIO(one)).tobytes() == Image.open(BytesIO(picture)).tobytes()

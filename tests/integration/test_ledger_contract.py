"""One contract for the ledger: Table Storage (Azurite) and the ledger in memory keep the same promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableClient

from shared.adapters.ledger import TableLedger
from shared.chain import find_breaks
from shared.errors import LedgerConflict, UnknownDocument
from shared.ids import source_id
from shared.model import DocumentRecord, Fate, PageFate, SourceRecord, State, Step
from shared.ports import Ledger
from tests.fakes import MemoryLedger

pytestmark = pytest.mark.slow
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "table"])
async def ledger(request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    connection = request.getfixturevalue("storage")
    table = TableLedger.connect(connection_string=connection, uri=None, credential=None)
    yield table
    await table.close()


def new_source(at: datetime = NOON) -> SourceRecord:
    """A source nobody has seen: tests share one storage."""
    identity = source_id("a.pdf", uuid4().hex, at, "Europe/Bratislava")
    return SourceRecord(id=identity, name="a.pdf", etag="0x1", size=5, received_at=at)


def new_document(source: SourceRecord, number: int = 1, **known: object) -> DocumentRecord:
    record = DocumentRecord(
        id=f"{source.id}-{number}",
        source_id=source.id,
        source_name=source.name,
        pages=[1],
        received_at=source.received_at,
    )
    return record.model_copy(update=known)


def step(action: str = "received", state: State = State.RECEIVED) -> Step:
    return Step(at=NOON, actor="test", action=action, state=state, details={"pages": 1})


async def test_a_source_opened_twice_keeps_what_the_first_wrote(ledger: Ledger) -> None:
    source = new_source()
    await ledger.open_source(source)
    await ledger.save_source(source.model_copy(update={"state": State.ROUTED}))
    assert (await ledger.open_source(source)).state is State.ROUTED


async def test_an_account_of_two_thousand_pages_comes_back_whole(ledger: Ledger) -> None:
    pages = [PageFate(page=n, fate=Fate.BLANK, reason="prázdna strana, odložená nabok") for n in range(1, 2001)]
    source = new_source().model_copy(update={"pages": pages})
    await ledger.save_source(source)
    assert (await ledger.source(source.id)).pages == pages


async def test_the_first_source_with_the_same_bytes_wins_also_when_many_ask_at_once(ledger: Ledger) -> None:
    sha256 = uuid4().hex
    answers = await asyncio.gather(*(ledger.claim(sha256, f"source-{n}") for n in range(8)))
    assert len(set(answers)) == 1


async def test_a_document_is_opened_once_with_one_first_step(ledger: Ledger) -> None:
    record = new_document(new_source())
    await ledger.open_document(record, step())
    again = await ledger.open_document(record.model_copy(update={"kind": "other"}), step())
    assert again.kind is None
    assert len(await ledger.steps(record.id)) == 1


async def test_a_step_and_its_state_are_written_together(ledger: Ledger) -> None:
    record = await ledger.open_document(new_document(new_source()), step())
    await ledger.advance(record.model_copy(update={"state": State.ROUTED}), step("classified", State.ROUTED))
    assert (await ledger.document(record.id)).state is State.ROUTED
    assert [one.action for one in await ledger.steps(record.id)] == ["received", "classified"]


async def test_a_stale_record_is_refused_and_leaves_no_step(ledger: Ledger) -> None:
    record = await ledger.open_document(new_document(new_source()), step())
    await ledger.advance(record, step("recognized", State.RECOGNIZED))
    with pytest.raises(LedgerConflict):
        await ledger.advance(record, step("classified", State.ROUTED))
    assert [one.action for one in await ledger.steps(record.id)] == ["received", "recognized"]


async def test_of_two_who_advance_at_once_one_wins(ledger: Ledger) -> None:
    record = await ledger.open_document(new_document(new_source()), step())
    attempts = [ledger.advance(record, step(f"move-{n}", State.ROUTED)) for n in range(5)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(one, LedgerConflict) for one in results) == 4
    assert len(await ledger.steps(record.id)) == 2


async def test_what_advance_returns_can_be_advanced_again(ledger: Ledger) -> None:
    record = await ledger.open_document(new_document(new_source()), step())
    for number in range(3):
        record = await ledger.advance(record, step(f"step-{number}"))
    assert len(await ledger.steps(record.id)) == 4


async def test_unknown_ids_are_told_as_such(ledger: Ledger) -> None:
    for question in (ledger.document("20261120-NOTTHERE-1"), ledger.source("20261120-NOTTHERE")):
        with pytest.raises(UnknownDocument):
            await question
    with pytest.raises(UnknownDocument):
        await ledger.steps("20261120-NOTTHERE-1")


async def test_documents_are_found_by_day_state_department_and_source(ledger: Ledger) -> None:
    at = NOON + timedelta(days=uuid4().int % 3000)  # a day of its own
    day = at.date()
    source, other = new_source(at), new_source(at)
    mine = await ledger.open_document(new_document(source, state=State.REVIEW, department="skolstvo"), step())
    second = await ledger.open_document(new_document(source, 2), step())
    third = await ledger.open_document(new_document(other, department="skolstvo"), step())

    async def ids(**asked: object) -> set[str]:
        return {one.id async for one in ledger.documents(**asked)}  # type: ignore[arg-type]

    assert await ids(since=day, until=day) == {mine.id, second.id, third.id}
    assert await ids(since=day, until=day, state=State.REVIEW) == {mine.id}
    assert await ids(since=day, until=day, department="skolstvo") == {mine.id, third.id}
    assert await ids(source_id=source.id) == {mine.id, second.id}
    assert await ids(since=day + timedelta(days=1), until=day + timedelta(days=1)) == set()


async def test_sources_are_found_by_day(ledger: Ledger) -> None:
    at = NOON - timedelta(days=uuid4().int % 3000 + 10)
    source = await ledger.open_source(new_source(at))
    found = [one.id async for one in ledger.sources(since=at.date(), until=at.date())]
    assert source.id in found
    earlier: date = at.date() - timedelta(days=1)
    assert source.id not in [one.id async for one in ledger.sources(since=earlier, until=earlier)]


async def test_the_chain_of_a_document_holds_until_a_row_is_edited_by_hand(storage: str) -> None:
    at = NOON + timedelta(days=uuid4().int % 3000)
    day = at.date()
    table = TableLedger.connect(connection_string=storage, uri=None, credential=None)
    record = await table.open_document(new_document(new_source(at)), step())
    await table.advance(record, step("recognized", State.RECOGNIZED))
    (chain,) = [one async for one in table.chains(since=day, until=day) if one.document_id == record.id]
    assert (list(find_breaks(chain)), chain.count) == ([], 2)
    async with TableClient.from_connection_string(storage, "documents") as rows:
        row = await rows.get_entity(record.id[:8], f"S|{record.id}|000002")
        row["json00"] = row["json00"].replace("recognized", "recognised")
        await rows.update_entity(row)
    (chain,) = [one async for one in table.chains(since=day, until=day) if one.document_id == record.id]
    assert [(found.where, found.step) for found in find_breaks(chain)] == [(record.id, 2)]
    await table.close()


async def test_a_source_edited_by_hand_breaks_its_seal(storage: str) -> None:
    at = NOON + timedelta(days=uuid4().int % 3000)
    source = new_source(at)
    table = TableLedger.connect(connection_string=storage, uri=None, credential=None)
    await table.open_source(source)

    async def whole() -> list[bool]:
        days = {"since": at.date(), "until": at.date()}
        return [one.whole async for one in table.seals(**days) if one.source_id == source.id]

    assert await whole() == [True]
    async with TableClient.from_connection_string(storage, "sources") as rows:
        row = await rows.get_entity(source.id[:8], source.id)
        row["json00"] = row["json00"].replace('"received"', '"quarantined"')
        await rows.update_entity(row)
    assert await whole() == [False]
    await table.close()

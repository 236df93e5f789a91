"""One contract for turns: Table Storage (Azurite) and the fake count alike, across instances."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.adapters.turns import TableTurns
from shared.ports import Turns
from tests.fakes import NOON
from tests.fakes_delivery import MemoryTurns

pytestmark = pytest.mark.slow


@pytest.fixture(params=["memory", "table"])
async def turns(request: pytest.FixtureRequest) -> AsyncIterator[Turns]:
    if request.param == "memory":
        yield MemoryTurns()
        return
    table = TableTurns.connect(connection_string=request.getfixturevalue("storage"), uri=None, credential=None)
    yield table
    await table.close()


async def test_only_so_many_are_taken_at_once_however_many_ask(turns: Turns) -> None:
    name = uuid4().hex
    waits = await asyncio.gather(*(turns.take(name, NOON, burst=3, seconds=100) for _ in range(6)))
    assert sorted(waits) == [0, 0, 0, 100, 100, 100]


async def test_turns_come_back_with_time(turns: Turns) -> None:
    name = uuid4().hex
    for _ in range(3):
        assert await turns.take(name, NOON, burst=3, seconds=100) == 0
    assert await turns.take(name, NOON + timedelta(seconds=40), burst=3, seconds=100) == 60
    assert await turns.take(name, NOON + timedelta(seconds=100), burst=3, seconds=100) == 0


async def test_names_do_not_share_turns(turns: Turns) -> None:
    assert await turns.take(uuid4().hex, NOON, burst=1, seconds=100) == 0
    assert await turns.take(uuid4().hex, NOON, burst=1, seconds=100) == 0

"""One contract for the signatures: Table Storage (Azurite) and the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.adapters.signatures import NEWEST, TableSignatures
from shared.ports import Signatures
from tests.fakes_recognition import MemorySignatures

pytestmark = pytest.mark.slow


@pytest.fixture(params=["memory", "table"])
async def signatures(request: pytest.FixtureRequest) -> AsyncIterator[Signatures]:
    if request.param == "memory":
        yield MemorySignatures()
        return
    connection = request.getfixturevalue("storage")
    table = TableSignatures.connect(connection_string=connection, uri=None, credential=None)
    yield table
    await table.close()


def key() -> str:
    """A key nobody has used: tests share one storage."""
    return f"m{uuid4().hex}"


async def test_a_signature_is_found_by_any_of_its_keys(signatures: Signatures) -> None:
    one, two = key(), key()
    await signatures.keep("20261120-ABCDEFGH-1", [one, two], "{}")
    assert await signatures.find([key(), two]) == {"20261120-ABCDEFGH-1": "{}"}


async def test_nothing_is_found_by_other_keys(signatures: Signatures) -> None:
    await signatures.keep("20261120-ABCDEFGH-1", [key()], "{}")
    assert await signatures.find([key()]) == {}


async def test_kept_again_it_is_replaced(signatures: Signatures) -> None:
    one = key()
    await signatures.keep("20261120-ABCDEFGH-1", [one], "old")
    await signatures.keep("20261120-ABCDEFGH-1", [one], "new")
    assert await signatures.find([one]) == {"20261120-ABCDEFGH-1": "new"}


async def test_of_a_crowded_key_the_newest_are_found(request: pytest.FixtureRequest) -> None:
    table = TableSignatures.connect(connection_string=request.getfixturevalue("storage"), uri=None, credential=None)
    crowded = key()
    for day in range(1, 29):
        for number in (1, 2):
            await table.keep(f"202611{day:02d}-ABCDEFGH-{number}", [crowded], "{}")
    found = await table.find([crowded])
    await table.close()
    assert len(found) == NEWEST
    assert min(found) >= "20261109-ABCDEFGH-1"

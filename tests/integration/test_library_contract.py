"""One contract for libraries: SharePoint (the stand-in, over Graph) and libraries in memory keep the same promises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.microsoft365 import Microsoft365, control
from shared.adapters.graph import Graph
from shared.adapters.sharepoint import SharePointLibrary
from shared.columns import Column, Columns
from shared.errors import TransientError
from shared.ports import Library
from tests.fakes_delivery import CITY, MemoryLibrary

pytestmark = pytest.mark.slow
MONTH = "2026-11"
COLUMNS: Columns = {Column.DOCUMENT_ID: "20261120-A-1", Column.CONFIDENCE: 0.5, Column.DEADLINE: None}


@dataclass(frozen=True)
class Shelf:
    """A library, and what lies in a department's: name and bytes."""

    library: Library
    look: Callable[[str], dict[str, bytes]]


@pytest.fixture(params=["memory", "sharepoint"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    if request.param == "memory":
        memory = MemoryLibrary()

        def look_in_memory(department: str) -> dict[str, bytes]:
            wanted = CITY.by_id[department].site, CITY.by_id[department].library
            places = [(CITY.by_id[file.department], file) for file in memory.files.values()]
            return {file.name: file.pdf for place, file in places if (place.site, place.library) == wanted}

        yield Shelf(memory, look_in_memory)
        return
    server = Microsoft365(tmp_path, CITY)
    await server.start()
    graph = Graph.connect(f"{server.url}/v1.0", token="any", credential=None)

    def look(department: str) -> dict[str, bytes]:
        files = control.files(server.tenant, CITY.by_id[department], server.url)
        return {file["name"]: Path(server.tenant.database.files / file["id"]).read_bytes() for file in files}

    yield Shelf(SharePointLibrary(graph, CITY), look)
    await graph.close()
    await server.stop()


async def test_a_file_is_put_where_it_was_asked_for(shelf: Shelf) -> None:
    item = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF", COLUMNS)
    assert (item.department, item.name, item.missing_columns) == ("majetok", "a.pdf", [])
    assert item.url.startswith("http")
    assert shelf.look("majetok") == {"a.pdf": b"%PDF"}


async def test_a_repeat_replaces_the_file(shelf: Shelf) -> None:
    first = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF 1", COLUMNS)
    second = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF 2", COLUMNS)
    assert first.item_id == second.item_id
    assert shelf.look("majetok") == {"a.pdf": b"%PDF 2"}


async def test_a_move_takes_the_file_as_it_is_now(shelf: Shelf) -> None:
    item = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF stamped", COLUMNS)
    moved = await shelf.library.move(item, "skolstvo", MONTH, "b.pdf", b"%PDF as scanned", COLUMNS)
    assert (moved.department, moved.name) == ("skolstvo", "b.pdf")
    assert shelf.look("majetok") == {}
    assert shelf.look("skolstvo") == {"b.pdf": b"%PDF stamped"}


async def test_a_move_that_had_happened_changes_nothing(shelf: Shelf) -> None:
    item = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF stamped", COLUMNS)
    first = await shelf.library.move(item, "skolstvo", MONTH, "a.pdf", b"%PDF as scanned", COLUMNS)
    again = await shelf.library.move(item, "skolstvo", MONTH, "a.pdf", b"%PDF as scanned", COLUMNS)
    assert first.item_id == again.item_id
    assert shelf.look("skolstvo") == {"a.pdf": b"%PDF stamped"}


async def test_within_one_library_the_file_keeps_its_identity(shelf: Shelf) -> None:
    """Two authorities share one library of the mailroom."""
    item = await shelf.library.file("okresny-urad", MONTH, "a.pdf", b"%PDF", COLUMNS)
    moved = await shelf.library.move(item, "urad-prace", MONTH, "b.pdf", b"%PDF", COLUMNS)
    assert moved.item_id == item.item_id
    assert shelf.look("urad-prace") == {"b.pdf": b"%PDF"}


async def test_a_file_that_somebody_deleted_comes_from_the_store(shelf: Shelf) -> None:
    item = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF stamped", COLUMNS)
    await shelf.library.remove(item)
    await shelf.library.move(item, "skolstvo", MONTH, "a.pdf", b"%PDF as scanned", COLUMNS)
    assert shelf.look("skolstvo") == {"a.pdf": b"%PDF as scanned"}


async def test_what_changed_since_it_was_found_is_not_removed(shelf: Shelf) -> None:
    await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF", COLUMNS)
    found = await shelf.library.find("majetok", MONTH, "a.pdf")
    assert found is not None
    await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF newer", COLUMNS)
    with pytest.raises(TransientError):
        await shelf.library.remove(found)
    assert shelf.look("majetok") == {"a.pdf": b"%PDF newer"}


async def test_what_is_not_there_is_not_found_and_may_be_removed_again(shelf: Shelf) -> None:
    item = await shelf.library.file("majetok", MONTH, "a.pdf", b"%PDF", COLUMNS)
    for _ in range(2):
        await shelf.library.remove(item)
    assert await shelf.library.find("majetok", MONTH, "a.pdf") is None
    assert shelf.look("majetok") == {}

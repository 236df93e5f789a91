"""One contract for blobs: Blob Storage (Azurite) and the blobs in memory keep the same promises."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.adapters.blobs import StoredBlobs
from shared.errors import TransientError, UnknownDocument
from shared.ports import Blobs
from tests.fakes import MemoryBlobs

pytestmark = pytest.mark.slow
PDF = "application/pdf"


@pytest.fixture(params=["memory", "azurite"])
async def blobs(request: pytest.FixtureRequest) -> AsyncIterator[Blobs]:
    if request.param == "memory":
        yield MemoryBlobs()
        return
    connection = request.getfixturevalue("storage")
    stored = StoredBlobs.connect(connection_string=connection, uri=None, credential=None)
    yield stored
    await stored.close()


@pytest.fixture
def name() -> str:
    """As scanners and people name files."""
    return f"{uuid4().hex}/Žiadosť č. 5 „kópia“.pdf"


async def test_what_is_written_is_read_and_overwritten(blobs: Blobs, name: str) -> None:
    await blobs.write("documents", name, b"one", content_type=PDF)
    await blobs.write("documents", name, b"two", content_type=PDF)
    assert await blobs.read("documents", name) == b"two"


async def test_a_missing_blob_is_told_as_such(blobs: Blobs, name: str) -> None:
    with pytest.raises(UnknownDocument):
        await blobs.read("documents", name)
    assert await blobs.info("documents", name) is None


async def test_a_blob_replaced_while_it_is_read_is_noticed(blobs: Blobs, name: str, tmp_path: Path) -> None:
    await blobs.write("scans", name, b"half", content_type=PDF)
    before = await blobs.info("scans", name)
    assert before is not None
    await blobs.write("scans", name, b"whole", content_type=PDF)
    with pytest.raises(TransientError):
        await blobs.read("scans", name, etag=before.etag)
    with pytest.raises(TransientError):
        await blobs.download("scans", name, tmp_path / "scan", etag=before.etag)


async def test_files_go_up_and_down_piece_by_piece(blobs: Blobs, name: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000  # 10 MB: more than one piece
    (tmp_path / "up").write_bytes(data)
    await blobs.upload("documents", name, tmp_path / "up", content_type=PDF)
    info = await blobs.info("documents", name)
    assert info is not None
    assert info.size == len(data)
    digest = await blobs.download("documents", name, tmp_path / "down", etag=info.etag)
    assert (tmp_path / "down").read_bytes() == data
    assert digest == hashlib.sha256(data).hexdigest()


async def test_a_copy_is_independent_of_the_original(blobs: Blobs, name: str) -> None:
    await blobs.write("scans", name, b"scan", content_type=PDF)
    info = await blobs.info("scans", name)
    assert info is not None
    await blobs.copy("scans", name, "quarantine", name, etag=info.etag)
    await blobs.delete("scans", name)
    assert await blobs.read("quarantine", name) == b"scan"


async def test_listing_finds_by_prefix(blobs: Blobs, name: str) -> None:
    folder = name.split("/")[0]
    await blobs.write("blanks", f"{folder}/1.pdf", b"1", content_type=PDF)
    await blobs.write("blanks", f"{folder}/2.pdf", b"2", content_type=PDF)
    assert [one.name async for one in blobs.list("blanks", f"{folder}/")] == [f"{folder}/1.pdf", f"{folder}/2.pdf"]


async def test_deleting_twice_is_harmless(blobs: Blobs, name: str) -> None:
    await blobs.write("blanks", name, b"1", content_type=PDF)
    await blobs.delete("blanks", name)
    await blobs.delete("blanks", name)
    assert await blobs.info("blanks", name) is None

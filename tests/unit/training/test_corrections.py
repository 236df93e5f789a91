import json
from datetime import UTC, datetime
from pathlib import Path

from shared.departments import load_city
from shared.extracted import write_text
from shared.kinds import load_kinds
from tests.fakes import MemoryBlobs
from training.corrections import read_corrections
from training.evaluate import as_document

CONFIG = Path(__file__).parents[3] / "config"
CATALOGUE = load_kinds(CONFIG, load_city(CONFIG / "departments.yaml"))
NOW = datetime(2026, 1, 5, tzinfo=UTC)


async def keep(blobs: MemoryBlobs, document: str, version: int, to: str) -> None:
    told = {"document_id": document, "from": "majetok", "to": to, "who": "clerk", "at": NOW.isoformat()}
    data = json.dumps(told).encode()
    await blobs.write("corrections", f"{document}-{version}.json", data, content_type="application/json")


async def test_the_last_move_of_a_document_is_learned_with_its_text() -> None:
    blobs = MemoryBlobs()
    await write_text(blobs, as_document("Žiadosť o výrub lipy", "d-1"))
    await keep(blobs, "d-1", 10, "zivotne-prostredie")
    await keep(blobs, "d-1", 9, "skolstvo")
    (example,) = await read_corrections(blobs, CATALOGUE)
    assert example.text == "Žiadosť o výrub lipy"
    assert example.department == "zivotne-prostredie"


async def test_what_cannot_be_learned_from_is_left_out() -> None:
    blobs = MemoryBlobs()
    await write_text(blobs, as_document("text", "d-1"))
    await keep(blobs, "d-1", 2, "podatelna")
    await keep(blobs, "d-2", 2, "majetok")  # its text is gone after retention
    await blobs.write("corrections", "d-3-2.json", b"{broken", content_type="application/json")
    assert await read_corrections(blobs, CATALOGUE) == []

"""The intake stage with fakes: what becomes of a dropped file."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from shared.departments import load_city
from shared.errors import TransientError, UnknownDocument
from shared.intake import take_in
from shared.model import Event, Fate, SourceRecord, State
from shared.pages.sheets import print_sheets
from shared.settings import Settings
from tests.fakes import MemoryBlobs, MemoryLedger, RecordingBus, UnreachableBus, clock
from tests.fakes_pages import DirectWorkbench, blank_image, page_image, pdf_of, tiff_of

ROOT = Path(__file__).resolve().parents[2]
CITY = load_city(ROOT / "config" / "departments.yaml")
SETTINGS = Settings.model_validate(
    {
        "STORAGE": "x", "SERVICEBUS": "x", "OCR_ENGINE": "tesseract", "TESSDATA": "/x", "REVIEW_DESK_URL": "http://x",
        "MAX_FILE_BYTES": 5_000_000, "MAX_PAGES": 10,
    }
)  # fmt: skip


class Desk:
    """One mailroom: its storage, its ledger, its bus."""

    def __init__(self, bench: DirectWorkbench | None = None) -> None:
        self.blobs, self.ledger, self.bus = MemoryBlobs(), MemoryLedger(), RecordingBus()
        self.bench = bench or DirectWorkbench()

    async def take_in(self, name: str, data: bytes | None = None, **instead: Any) -> SourceRecord:
        if data is not None:
            self.blobs.drop(name, data)
        ports: dict[str, Any] = {"blobs": self.blobs, "ledger": self.ledger, "bus": self.bus} | instead
        return await take_in(name, city=CITY, settings=SETTINGS, clock=clock, workbench=self.bench, **ports)

    def fates(self, source: SourceRecord) -> list[str]:
        return [page.fate.value for page in source.pages]


def sheet(department: str | None = None) -> Image.Image:
    buffer = io.BytesIO()
    chosen = CITY.by_id[department] if department else None
    print_sheets([chosen], CITY.city.office, ROOT / "samples" / "fonts").save(buffer)
    drawn: Image.Image = pypdfium2.PdfDocument(buffer.getvalue())[0].render(scale=100 / 72).to_pil()
    return drawn.convert("L")


async def test_a_scan_becomes_one_document_announced_for_recognition() -> None:
    desk = Desk()
    source = await desk.take_in("SKEN_1.pdf", pdf_of([page_image("a"), page_image("b")]))
    (identity,) = source.documents
    assert (source.state, desk.fates(source)) == (State.ROUTED, ["document", "document"])
    assert desk.blobs.names("documents") == [f"{identity}.pdf"]
    assert desk.ledger.document_rows[identity].pages == [1, 2]
    assert [message.document_id for message in desk.bus.to("recognize")] == [identity]


async def test_separators_cut_and_a_department_on_one_is_kept_with_the_document() -> None:
    desk = Desk()
    stack = [sheet("skolstvo"), page_image("a"), sheet(), sheet(), page_image("b"), blank_image(), sheet()]
    source = await desk.take_in("stoh.tif", tiff_of(stack))
    first, second = (desk.ledger.document_rows[name] for name in source.documents)
    assert desk.fates(source) == ["separator", "document", "separator", "separator", "document", "blank", "separator"]
    assert (first.pages, first.department, first.decided_by) == ([2], "skolstvo", "separator")
    assert (second.pages, second.department, second.decided_by) == ([5], None, "")


async def test_blank_pages_and_thumbnails_are_kept_to_be_looked_at() -> None:
    desk = Desk()
    source = await desk.take_in("a.tif", tiff_of([page_image(), blank_image()]))
    assert desk.blobs.names("blanks") == [f"{source.id}/2.pdf"]
    assert desk.blobs.names("previews") == [f"{source.id}/1.jpg", f"{source.id}/2.jpg"]


async def test_a_refused_file_is_kept_in_quarantine_with_a_slovak_reason_and_the_mailroom_is_told() -> None:
    desk = Desk()
    source = await desk.take_in("../zlý/názov?.pdf", b"%PDF-1.7 nothing")
    assert source.state is State.QUARANTINED
    assert source.error is not None
    assert source.error.startswith("Súbor je neúplný")
    (kept,) = desk.blobs.names("quarantine")
    assert kept == f"{source.id}/názov .pdf"
    assert (await desk.blobs.read("quarantine", kept)) == b"%PDF-1.7 nothing"
    (notice,) = desk.bus.to("dept-podatelna")
    assert (notice.event, notice.document_id, notice.detail) == (Event.NOTICE, source.id, source.error)


@pytest.mark.parametrize(
    "name", ["a" * 255 + ".pdf", "účet „2“ 'x'.pdf", "📎.pdf", "z\u030ca\u0301dost\u030c.pdf", ".."]
)
async def test_any_name_is_taken(name: str) -> None:
    desk = Desk()
    assert (await desk.take_in(name, pdf_of([page_image()]))).state is State.ROUTED
    assert (await desk.take_in(name, b"")).state is State.QUARANTINED


async def test_a_file_over_the_limit_is_refused_without_being_read() -> None:
    desk = Desk()

    class Unreadable(MemoryBlobs):
        async def read(self, container: str, name: str, *, etag: str | None = None) -> bytes:
            assert container != "scans" or etag is not None
            return b""

    blobs = Unreadable()
    blobs.drop("big.pdf", b"%PDF-" + bytes(6_000_000))
    source = await desk.take_in("big.pdf", blobs=blobs)
    assert source.state is State.QUARANTINED
    assert source.error is not None
    assert "5 MB" not in source.error or "4 MB" in source.error
    assert source.sha256 == ""


async def test_the_same_bytes_again_are_a_duplicate_of_the_first() -> None:
    desk, data = Desk(), pdf_of([page_image()])
    first = await desk.take_in("a.pdf", data)
    second = await desk.take_in("b.pdf", data)
    assert (second.state, second.duplicate_of, second.documents) == (State.DUPLICATE, first.id, [])
    assert len(desk.bus.to("recognize")) == 1


async def test_other_bytes_under_the_same_name_are_a_new_source() -> None:
    desk = Desk()
    first = await desk.take_in("a.pdf", pdf_of([page_image("jeden")]))
    second = await desk.take_in("a.pdf", pdf_of([page_image("dva")]))
    assert first.id != second.id
    assert second.state is State.ROUTED


async def test_a_file_that_was_refused_before_is_judged_anew_when_it_comes_again() -> None:
    desk, data = Desk(), pdf_of([blank_image()])
    await desk.take_in("a.pdf", data)
    assert (await desk.take_in("b.pdf", data)).state is State.QUARANTINED


async def test_a_file_replaced_while_it_is_read_points_at_its_successor() -> None:
    desk = Desk()

    class Replacing(MemoryBlobs):
        async def download(self, container: str, name: str, target: Path, *, etag: str) -> str:
            if len(self.stored) == 1 and self.stored[container, name].revision == 1:
                self.drop(name, pdf_of([page_image("nová")]))
            return await super().download(container, name, target, etag=etag)

    blobs = Replacing()
    blobs.drop("a.pdf", pdf_of([page_image("stará")]))
    with pytest.raises(TransientError):
        await desk.take_in("a.pdf", blobs=blobs)
    after = await desk.take_in("a.pdf", blobs=blobs)
    (before,) = (source for source in desk.ledger.source_rows.values() if source.id != after.id)
    assert (before.state, before.duplicate_of, before.documents) == (State.DUPLICATE, after.id, [])
    assert after.state is State.ROUTED


async def test_a_missing_file_is_no_scan() -> None:
    with pytest.raises(UnknownDocument):
        await Desk().take_in("a.pdf")


async def test_a_page_that_kills_the_worker_is_bad_and_its_siblings_go_on() -> None:
    desk = Desk(DirectWorkbench(deadly=[2]))
    source = await desk.take_in("a.tif", tiff_of([page_image("a"), page_image("b"), page_image("c")]))
    assert desk.fates(source) == ["document", "bad", "document"]
    assert desk.ledger.document_rows[source.documents[0]].reasons == ["Zo skenu sa nepodarilo prečítať strany: 2."]
    assert [message.event for message in desk.bus.to("dept-podatelna")] == [Event.NOTICE]


async def test_a_file_that_kills_the_worker_again_and_again_is_given_up() -> None:
    desk = Desk(DirectWorkbench(deadly=[1, 2, 3]))
    source = await desk.take_in("a.tif", tiff_of([page_image(word) for word in "abcd"]))
    assert (source.state, source.documents) == (State.QUARANTINED, [])


async def test_a_file_of_blank_pages_and_separators_is_no_document_but_is_accounted_for() -> None:
    desk = Desk()
    source = await desk.take_in("a.tif", tiff_of([sheet(), blank_image()]))
    assert source.state is State.QUARANTINED
    stored = await desk.ledger.source(source.id)
    assert [page.fate for page in stored.pages] == [Fate.SEPARATOR, Fate.BLANK]


STEPS = ["save_source", "open_document", "claim", "open_source"]


class Killed(Exception):
    """The machine went away."""


def killing(ledger: MemoryLedger, step: str, time: int) -> Callable[[], None]:
    """Make the `time`-th call of a ledger's step do its work and die."""
    original: Callable[..., Awaitable[Any]] = getattr(ledger, step)
    calls = 0

    async def dying(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        result = await original(*args, **named)
        if calls == time:
            raise Killed(step)
        return result

    setattr(ledger, step, dying)
    return lambda: setattr(ledger, step, original)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("time", [1, 2])
async def test_killed_after_any_step_and_run_again_gives_the_same(step: str, time: int) -> None:
    data = tiff_of([page_image("a"), sheet(), page_image("b"), blank_image()])
    whole = Desk()
    wanted = await whole.take_in("a.tif", data)
    desk = Desk()
    revive = killing(desk.ledger, step, time)
    try:
        found = await desk.take_in("a.tif", data)
    except Killed:
        revive()
        found = await desk.take_in("a.tif")
    assert found == wanted
    assert desk.ledger.document_rows.keys() == whole.ledger.document_rows.keys()
    assert {key: blob.data for key, blob in desk.blobs.stored.items()} == {
        key: blob.data for key, blob in whole.blobs.stored.items()
    }
    assert [sent.message.message_id for sent in desk.bus.sent] == [sent.message.message_id for sent in whole.bus.sent]


async def test_an_outage_of_the_bus_leaves_nothing_that_a_retry_does_not_mend() -> None:
    desk = Desk()
    with pytest.raises(TransientError):
        await desk.take_in("a.pdf", pdf_of([page_image()]), bus=UnreachableBus())
    source = await desk.take_in("a.pdf")
    assert source.state is State.ROUTED
    assert len(desk.bus.to("recognize")) == 1

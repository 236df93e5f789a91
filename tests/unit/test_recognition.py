"""The recognition stage, on fakes: read, lay the text over, record, hand on."""

from __future__ import annotations

import io

import pikepdf
import pytest

from shared.errors import TransientError, UnknownDocument
from shared.extracted import read_text
from shared.model import DocumentRecord, Event, Message, State, Step
from shared.recognition import recognize_document
from tests.fakes import NOON, MemoryBlobs, MemoryLedger, RecordingBus, UnreachableBus, clock
from tests.fakes_recognition import ReadingRecognizer, ThrottledRecognizer
from tests.scans import join, scan_pdf, typed_pdf

DOCUMENT = "20261120-ABCDEFGH-1"


def blank_pdf(pages: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out)
    return out.getvalue()


class Desk:
    """A document that waits to be read, and what the stage needs."""

    def __init__(self, pages: list[int]) -> None:
        self.blobs, self.ledger, self.bus = MemoryBlobs(), MemoryLedger(), RecordingBus()
        self.pages = pages

    async def receive(self) -> None:
        record = DocumentRecord(
            id=DOCUMENT, source_id=DOCUMENT[:-2], source_name="sken.pdf", pages=self.pages, received_at=NOON
        )
        self.blobs.drop(f"{DOCUMENT}.pdf", blank_pdf(len(self.pages)), container="documents")
        await self.ledger.open_document(record, Step(at=NOON, actor="intake", action="received", state=State.RECEIVED))

    async def recognize(self, recognizer: object) -> None:
        message = Message(event=Event.RECOGNIZE, document_id=DOCUMENT, first_seen=NOON, traceparent="00-a-b-01")
        await recognize_document(
            message,
            blobs=self.blobs,
            ledger=self.ledger,
            bus=self.bus,
            recognizer=recognizer,  # type: ignore[arg-type]
            clock=clock,
        )


@pytest.fixture
async def desk() -> Desk:
    desk = Desk([1, 3])
    await desk.receive()
    return desk


async def test_a_read_document_is_recorded_and_handed_to_classification(desk: Desk) -> None:
    await desk.recognize(ReadingRecognizer())
    record = await desk.ledger.document(DOCUMENT)
    assert (record.state, record.engine, record.text_chars) == (State.RECOGNIZED, "fake", 16)
    [message] = desk.bus.to("classify")
    assert (message.event, message.document_id, message.traceparent) == (Event.CLASSIFY, DOCUMENT, "00-a-b-01")


async def test_the_text_keeps_the_page_numbers_of_the_scanned_file(desk: Desk) -> None:
    await desk.recognize(ReadingRecognizer())
    text = await read_text(desk.blobs, DOCUMENT)
    assert [page.page for page in text.pages] == [1, 3]


async def test_the_delivered_file_carries_the_text_and_the_document_id(desk: Desk) -> None:
    await desk.recognize(ReadingRecognizer())
    delivered = await desk.blobs.read("delivered", f"{DOCUMENT}.pdf")
    with pikepdf.open(io.BytesIO(delivered)) as pdf:
        assert pdf.open_metadata()["dc:identifier"] == DOCUMENT
        assert "/Unseen" in pdf.pages[1].Resources.Font


async def test_a_repeated_message_reads_nothing_again_and_sends_nothing_new(desk: Desk) -> None:
    recognizer = ReadingRecognizer()
    await desk.recognize(recognizer)
    await desk.recognize(recognizer)
    assert recognizer.asked == [[1, 3]]
    assert len(desk.bus.sent) == 1
    assert len(await desk.ledger.steps(DOCUMENT)) == 2


async def test_when_the_bus_fails_after_reading_the_repeat_only_hands_on(desk: Desk) -> None:
    recognizer = ReadingRecognizer()
    bus, desk.bus = desk.bus, UnreachableBus()
    with pytest.raises(TransientError):
        await desk.recognize(recognizer)
    desk.bus = bus
    await desk.recognize(recognizer)
    assert len(recognizer.asked) == 1
    assert len(desk.bus.to("classify")) == 1


async def test_an_unreadable_page_does_not_stop_its_siblings_and_asks_a_person(desk: Desk) -> None:
    await desk.recognize(ReadingRecognizer(bad={3}))
    record = await desk.ledger.document(DOCUMENT)
    assert record.state is State.RECOGNIZED
    assert record.reasons == ["Nepodarilo sa prečítať strany: 3."]


async def test_a_wholly_unreadable_document_goes_on_with_no_text(desk: Desk) -> None:
    await desk.recognize(ReadingRecognizer(bad={1, 3}))
    assert (await read_text(desk.blobs, DOCUMENT)).text.strip() == ""
    assert len(desk.bus.to("classify")) == 1


async def test_a_throttled_engine_leaves_the_document_as_it_was(desk: Desk) -> None:
    with pytest.raises(TransientError):
        await desk.recognize(ThrottledRecognizer())
    assert (await desk.ledger.document(DOCUMENT)).state is State.RECEIVED
    assert desk.blobs.names("extracted") == []


async def test_typed_pages_give_their_own_text_and_only_scans_go_to_the_engine(desk: Desk) -> None:
    typed = typed_pdf(["Ziadost o vydanie stavebneho povolenia", "podava stavebnik Jana Horna"])
    desk.blobs.drop(f"{DOCUMENT}.pdf", join(typed, scan_pdf()), container="documents")
    recognizer = ReadingRecognizer()
    await desk.recognize(recognizer)
    text = await read_text(desk.blobs, DOCUMENT)
    assert recognizer.asked == [[3]]
    assert text.engine == "pdf-text+fake"
    assert [page.text.split()[0] for page in text.pages] == ["Ziadost", "Žiadosť"]


async def test_a_wholly_typed_document_needs_no_engine(desk: Desk) -> None:
    typed = typed_pdf(["Ziadost o vydanie stavebneho povolenia", "podava stavebnik Jana Horna"])
    desk.blobs.drop(f"{DOCUMENT}.pdf", join(typed, typed), container="documents")
    recognizer = ReadingRecognizer()
    await desk.recognize(recognizer)
    assert recognizer.asked == []
    assert (await desk.ledger.document(DOCUMENT)).engine == "pdf-text"


async def test_a_thick_document_is_read_in_groups_of_pages() -> None:
    desk = Desk(list(range(2, 122)))
    await desk.receive()
    recognizer = ReadingRecognizer()
    await desk.recognize(recognizer)
    assert [(pages[0], pages[-1]) for pages in recognizer.asked] == [(2, 51), (52, 101), (102, 121)]
    assert [page.page for page in (await read_text(desk.blobs, DOCUMENT)).pages] == desk.pages


async def test_missing_pages_in_the_storage_are_said_in_slovak(desk: Desk) -> None:
    await desk.blobs.delete("documents", f"{DOCUMENT}.pdf")
    with pytest.raises(UnknownDocument) as caught:
        await desk.recognize(ReadingRecognizer())
    assert caught.value.reason == "Strany dokumentu v úložisku chýbajú."

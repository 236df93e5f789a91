"""The recognition stage, on fakes: read, lay the text over, record, hand on."""

from __future__ import annotations

import io

import pikepdf
import pytest

from shared.errors import TransientError, UnknownDocument
from shared.extracted import read_text
from shared.model import (
    DocumentRecord,
    DocumentText,
    Event,
    Fate,
    Line,
    Message,
    PageFate,
    SourceRecord,
    State,
    Step,
    Word,
)
from shared.pages.account import AFTER_SHEET, WHOLE_FILE
from shared.pages.cuts import TITLED
from shared.recognition import recognize_document
from tests.fakes import NOON, MemoryBlobs, MemoryLedger, RecordingBus, UnreachableBus, clock
from tests.fakes_recognition import MemorySignatures, ReadingRecognizer, ThrottledRecognizer
from tests.scans import join, scan_pdf, typed_pdf

SOURCE = "20261120-ABCDEFGH"
DOCUMENT = f"{SOURCE}-1"


def blank_pdf(pages: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out)
    return out.getvalue()


class Desk:
    """A document that waits to be read, and what the stage needs."""

    def __init__(self, pages: list[int], source: str = SOURCE) -> None:
        self.blobs, self.ledger, self.bus = MemoryBlobs(), MemoryLedger(), RecordingBus()
        self.signatures = MemorySignatures()
        self.pages = pages
        self.source = source

    async def receive(self, split_reason: str = "") -> None:
        document = f"{self.source}-1"
        record = DocumentRecord(
            id=document,
            source_id=self.source,
            source_name="sken.pdf",
            pages=self.pages,
            received_at=NOON,
            split_reason=split_reason,
        )
        fates = [
            PageFate(page=page, fate=Fate.DOCUMENT, document_id=document)
            if page in self.pages
            else PageFate(page=page, fate=Fate.BLANK)
            for page in range(1, max(self.pages) + 1)
        ]
        source = SourceRecord(
            id=self.source, name="sken.pdf", etag="1", size=1, received_at=NOON, state=State.ROUTED, pages=fates
        )
        await self.ledger.open_source(source.model_copy(update={"documents": [document]}))
        self.blobs.drop(f"{document}.pdf", blank_pdf(len(self.pages)), container="documents")
        await self.ledger.open_document(record, Step(at=NOON, actor="intake", action="received", state=State.RECEIVED))

    async def recognize(self, recognizer: object) -> None:
        message = Message(
            event=Event.RECOGNIZE, document_id=f"{self.source}-1", first_seen=NOON, traceparent="00-a-b-01"
        )
        await recognize_document(
            message,
            blobs=self.blobs,
            ledger=self.ledger,
            bus=self.bus,
            recognizer=recognizer,  # type: ignore[arg-type]
            clock=clock,
            has_title=lambda page: page.text.startswith("NÁZOV"),
            signatures=self.signatures,
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


class Titled(ReadingRecognizer):
    """Pages 1 and 4 begin with a title."""

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        text = await super().recognize(document_id, pdf, pages)
        word = Word(text="NÁZOV", box=(0.1, 0.05, 0.3, 0.08), confidence=0.9)
        named = [
            page.model_copy(update={"lines": [Line(words=[word]), *page.lines]}) if page.page in (1, 4) else page
            for page in text.pages
        ]
        return text.model_copy(update={"pages": named})


async def stack() -> Desk:
    """Four pages that intake took for one document; page 3 was blank."""
    desk = Desk([1, 2, 4, 5])
    await desk.receive(split_reason=WHOLE_FILE)
    return desk


async def test_a_second_title_makes_a_second_document_with_its_own_file_and_text() -> None:
    desk = await stack()
    await desk.recognize(Titled())
    second = await desk.ledger.document(f"{SOURCE}-2")
    assert (second.pages, second.state, second.split_reason) == ([4, 5], State.RECOGNIZED, TITLED)
    assert (await desk.ledger.document(DOCUMENT)).pages == [1, 2]
    assert [page.page for page in (await read_text(desk.blobs, second.id)).pages] == [4, 5]
    with pikepdf.open(io.BytesIO(await desk.blobs.read("delivered", f"{second.id}.pdf"))) as pdf:
        assert len(pdf.pages) == 2
    assert {message.document_id for message in desk.bus.to("classify")} == {DOCUMENT, second.id}


async def test_after_the_cut_every_page_is_still_in_exactly_one_place() -> None:
    desk = await stack()
    await desk.recognize(Titled())
    source = await desk.ledger.source(SOURCE)
    assert [(fate.page, fate.document_id) for fate in source.pages] == [
        (1, DOCUMENT), (2, DOCUMENT), (3, None), (4, f"{SOURCE}-2"), (5, f"{SOURCE}-2")
    ]  # fmt: skip
    assert source.documents == [DOCUMENT, f"{SOURCE}-2"]


async def test_a_cut_that_was_interrupted_ends_with_the_same_ids() -> None:
    desk = await stack()
    bus, desk.bus = desk.bus, UnreachableBus()
    with pytest.raises(TransientError):
        await desk.recognize(Titled())
    desk.bus = bus
    await desk.recognize(Titled())
    assert (await desk.ledger.source(SOURCE)).documents == [DOCUMENT, f"{SOURCE}-2"]
    assert sorted(desk.ledger.document_rows) == [DOCUMENT, f"{SOURCE}-2"]
    assert len(desk.bus.to("classify")) == 2


async def test_what_separators_delimited_is_not_cut_by_its_text() -> None:
    desk = Desk([1, 2, 4, 5])
    await desk.receive(split_reason=AFTER_SHEET)
    await desk.recognize(Titled())
    assert (await desk.ledger.document(DOCUMENT)).pages == [1, 2, 4, 5]


async def test_while_intake_is_still_writing_its_account_nothing_is_cut() -> None:
    desk = await stack()
    source = await desk.ledger.source(SOURCE)
    await desk.ledger.save_source(source.model_copy(update={"state": State.RECEIVED}))
    with pytest.raises(TransientError, match="not finished"):
        await desk.recognize(Titled())


async def test_the_same_paper_scanned_again_is_flagged_and_goes_on() -> None:
    says = "Žiadosť 12.3.2026 parcela 4512/77 rodné 715512/1234 tel 0905111222 suma 34,50 číslo 88/2026 dom 2233/15"
    first = Desk([1])
    await first.receive()
    await first.recognize(ReadingRecognizer(says=says))
    again = Desk([1], source="20261121-ZZZZZZZZ")
    again.signatures = first.signatures
    await again.receive()
    await again.recognize(ReadingRecognizer(says=says))
    record = await again.ledger.document("20261121-ZZZZZZZZ-1")
    assert (record.repeat_of, record.reasons, record.state) == (DOCUMENT, [], State.RECOGNIZED)


async def test_another_persons_form_of_the_same_kind_is_no_repeat() -> None:
    first = Desk([1])
    await first.receive()
    form = "Žiadosť parcela {} tel {} dňa {} číslo {} suma {} dom {} dátum narodenia podpis"
    await first.recognize(ReadingRecognizer(says=form.format(4512, "0905111222", "12.3.2026", 8812, 3450, 2233)))
    other = Desk([1], source="20261121-ZZZZZZZZ")
    other.signatures = first.signatures
    await other.receive()
    await other.recognize(ReadingRecognizer(says=form.format(9913, "0918555777", "14.4.2025", 9020, 7110, 1144)))
    assert (await other.ledger.document("20261121-ZZZZZZZZ-1")).repeat_of is None

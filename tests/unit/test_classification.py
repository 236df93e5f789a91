"""The classification stage decides once, publishes safely, and asks a person where it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.classification import SEPARATOR, classify_document
from shared.departments import City, load_city
from shared.extracted import read_decision, write_text
from shared.model import Decision, DocumentRecord, DocumentText, Event, Message, State, Step
from tests.fakes import NOON, MemoryBlobs, MemoryLedger, RecordingBus, clock

ID = "20261120-AAAAAAAA-1"
MESSAGE = Message(event=Event.CLASSIFY, document_id=ID, first_seen=NOON, traceparent="00-aa-bb-01")


class FixedClassifier:
    """Says what it was told to say, and counts how often it was asked."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.asked = 0

    def classify(self, text: DocumentText) -> Decision:
        self.asked += 1
        return self.decision


SURE = Decision(kind="vyrub-dreviny", department="zivotne-prostredie", confidence=0.97, sure=True, reasons=["výrub"])
UNSURE = SURE.model_copy(update={"sure": False, "confidence": 0.4})


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(Path(__file__).parents[2] / "config" / "departments.yaml")


class Room:
    """One document that has been read, and the stage's dependencies."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.blobs, self.ledger, self.bus = MemoryBlobs(), MemoryLedger(), RecordingBus()

    async def receive(self, **known: object) -> None:
        record = DocumentRecord(id=ID, source_id=ID[:-2], source_name="a.pdf", pages=[1], received_at=NOON)
        record = record.model_copy(update={"state": State.RECOGNIZED, **known})
        await self.ledger.open_document(record, Step(at=NOON, actor="test", action="received", state=record.state))
        await write_text(self.blobs, DocumentText(document_id=ID, engine="test", pages=[]))

    async def classify(self, decision: Decision) -> DocumentRecord:
        await classify_document(
            MESSAGE,
            blobs=self.blobs,
            ledger=self.ledger,
            bus=self.bus,
            classifier=FixedClassifier(decision),
            city=self.city,
            clock=clock,
        )
        return await self.ledger.document(ID)


@pytest.fixture
async def room(city: City) -> Room:
    room = Room(city)
    await room.receive()
    return room


async def test_a_sure_decision_goes_to_the_department(room: Room) -> None:
    record = await room.classify(SURE)
    assert (record.state, record.department, record.kind) == (State.ROUTED, "zivotne-prostredie", "vyrub-dreviny")
    (message,) = room.bus.to("dept-zivotne-prostredie")
    assert (message.event, message.document_id, message.traceparent) == (Event.ROUTED, ID, MESSAGE.traceparent)


async def test_an_unsure_decision_goes_to_the_mailroom_and_keeps_the_best_guess(room: Room) -> None:
    record = await room.classify(UNSURE)
    assert (record.state, record.department) == (State.REVIEW, "zivotne-prostredie")
    assert record.reasons[0] == "Zaradenie nie je isté, rozhodne podateľňa."
    assert [message.event for message in room.bus.to("dept-podatelna")] == [Event.REVIEW]
    assert room.bus.to("dept-zivotne-prostredie") == []


async def test_an_outside_authority_is_confirmed_by_a_person_first(room: Room) -> None:
    record = await room.classify(SURE.model_copy(update={"department": "okresny-urad"}))
    assert (record.state, record.department) == (State.REVIEW, "okresny-urad")
    assert "Okresný úrad Banská Bystrica" in record.reasons[0]
    assert room.bus.to("dept-okresny-urad") == []


async def test_a_department_the_city_does_not_know_is_never_published_to(room: Room) -> None:
    record = await room.classify(SURE.model_copy(update={"department": "ministerstvo"}))
    assert record.state is State.REVIEW
    assert [sent.entity for sent in room.bus.sent] == ["dept-podatelna"]


async def test_a_doubt_of_an_earlier_stage_outweighs_a_sure_decision(city: City) -> None:
    room = Room(city)
    await room.receive(reasons=["Strany možno nepatria k sebe."])
    record = await room.classify(SURE)
    assert record.state is State.REVIEW
    assert record.reasons[0] == "Strany možno nepatria k sebe."


async def test_a_separator_sheet_decides_the_department_against_the_text(city: City) -> None:
    room = Room(city)
    await room.receive(department="skolstvo", decided_by=SEPARATOR)
    record = await room.classify(UNSURE)
    assert (record.state, record.department, record.kind, record.confidence) == (State.ROUTED, "skolstvo", None, 1.0)
    assert len(room.bus.to("dept-skolstvo")) == 1


async def test_a_repeated_message_decides_nothing_anew_and_publishes_the_same_message(room: Room) -> None:
    await room.classify(SURE)
    record = await room.classify(SURE.model_copy(update={"department": "skolstvo"}))
    assert record.department == "zivotne-prostredie"
    assert [sent.entity for sent in room.bus.sent] == ["dept-zivotne-prostredie"]


async def test_a_lost_publication_is_made_up_by_the_repeat(room: Room) -> None:
    await room.classify(SURE)
    room.bus.sent.clear()  # as if the instance had died between the ledger and the bus
    await room.classify(SURE)
    assert len(room.bus.to("dept-zivotne-prostredie")) == 1


async def test_what_was_read_off_the_document_stays_out_of_ledger_and_messages(room: Room) -> None:
    await room.classify(SURE)
    assert (await read_decision(room.blobs, ID)).reasons == ["výrub"]
    assert "fields" not in (await room.ledger.document(ID)).model_dump()

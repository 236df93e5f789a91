"""What a document's page knows."""

from __future__ import annotations

from typing import Any

from shared.errors import DeliveryRefused
from shared.extracted import write_decision
from shared.failures import give_up
from shared.model import Candidate, Decision, DocumentRecord, Event, Message, ReadField, State
from shared.review.dossier import Dossier, list_choices, read_dossier
from shared.review.words import Wording
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, Office
from tests.fakes_review import put_on_desk

WORDS = Wording(CITY, KINDS, NOON)


async def read(office: Office, record: DocumentRecord) -> Dossier:
    return await read_dossier(record, blobs=office.blobs, ledger=office.ledger, city=CITY, words=WORDS)


async def test_the_best_guess_comes_first_and_runners_up_follow_with_their_confidence_in_words() -> None:
    office = Office()
    dossier = await read(office, await put_on_desk(office))
    assert [(choice.id, choice.sureness) for choice in dossier.choices] == [
        ("majetok", "neisté"),
        ("stavebny-urad", "veľmi neisté"),
    ]


async def test_a_guess_without_candidates_is_a_choice_all_the_same() -> None:
    record = await put_on_desk(Office(), candidates=[], confidence=1.0)
    assert [choice.id for choice in list_choices(record, CITY)] == ["majetok"]


async def test_neither_the_present_place_nor_noise_nor_a_removed_department_is_a_choice() -> None:
    office = Office()
    likely = {"stavebny-urad": 0.6, "skolstvo": 0.3, "podatelna": 0.2, "zrusene": 0.1, "majetok": 0.001}
    candidates = [Candidate(department=name, confidence=value) for name, value in likely.items()]
    record = await office.route("stavebny-urad", candidates=candidates)
    assert [choice.id for choice in list_choices(record, CITY)] == ["skolstvo"]


async def test_what_goes_out_by_mail_is_marked() -> None:
    candidates = [Candidate(department="okresny-urad", confidence=0.9)]
    record = await put_on_desk(Office(), candidates=candidates)
    leaves = {choice.id: choice.leaves for choice in list_choices(record, CITY)}
    assert leaves == {"majetok": False, "okresny-urad": True}


async def test_readings_are_told_with_their_doubts_and_without_the_birth_number() -> None:
    office = Office()
    record = await put_on_desk(office)
    fields = [
        ReadField(name="birth_number", value="000000/0000", page=1, confidence=0.9),
        ReadField(name="applicant", value="Ján Vymyslený", page=1, confidence=0.9, handwritten=True),
        ReadField(name="subject", value="Nájom", page=1, confidence=0.5),
    ]
    decision = Decision(kind=None, department=None, confidence=0, sure=False, fields=fields)
    await write_decision(office.blobs, record.id, decision)
    dossier = await read(office, record)
    assert [(reading.name, reading.doubt) for reading in dossier.readings] == [
        ("Žiadateľ", "písané rukou, overte"),
        ("Vec", "neisté"),
    ]


async def test_a_likely_repeat_says_which_and_where_that_is() -> None:
    office = Office()
    first = await office.route("stavebny-urad")
    await office.deliver_all()
    dossier = await read(office, await put_on_desk(office, repeat_of=first.id))
    assert dossier.repeat is not None
    assert (dossier.repeat.id, dossier.repeat.state, dossier.repeat.where) == (first.id, "doručený", "Stavebný úrad")


async def test_history_is_told_in_slovak_and_leaves_out_bookkeeping() -> None:
    office = Office()
    record = await put_on_desk(office)
    await office.move(record.id, "majetok", reason="ide o nájom")
    told = [event.what for event in (await read(office, await office.ledger.document(record.id))).history]
    assert told == [
        "Zaradený (Žiadosť o nájom).",
        "Uložený do knižnice: Podateľňa.",
        "Oznámený v kanáli: Podateľňa.",
        "Presunutý: Podateľňa → Oddelenie majetku mesta. ide o nájom",
    ]


async def test_what_failed_can_be_tried_again_and_moved() -> None:
    office = Office()
    record = await office.route("majetok")
    message = Message(event=Event.ROUTED, document_id=record.id, department="majetok", first_seen=NOON)
    error = DeliveryRefused("403", reason="Knižnica odmietla zápis.", advice="Zavolajte správcovi.")
    ports: dict[str, Any] = {"bus": office.bus, "ledger": office.ledger, "clock": office.clock}
    await give_up(message, "dept-majetok", "sharepoint", error, **ports)
    dossier = await read(office, await office.ledger.document(record.id))
    assert dossier.record.state is State.FAILED
    assert (dossier.retries, dossier.movable, dossier.closable) == (["uloženie do knižnice"], True, False)
    assert dossier.entry.error == "Knižnica odmietla zápis. Zavolajte správcovi."


async def test_a_returned_document_says_who_returned_it_and_why_and_proposes_them_no_more() -> None:
    office = Office()
    likely = [Candidate(department="stavebny-urad", confidence=0.9), Candidate(department="majetok", confidence=0.1)]
    record = await office.route("stavebny-urad", candidates=likely)
    await office.move(record.id, "podatelna", reason="nie je to stavba")
    dossier = await read(office, await office.ledger.document(record.id))
    assert [choice.id for choice in dossier.choices] == ["majetok"]
    assert dossier.returned.startswith("Stavebný úrad, tester, ")
    assert dossier.returned.endswith("nie je to stavba")
    assert dossier.entry.reasons == ["Vrátené podateľni (tester)."]


async def test_a_document_that_was_sent_on_is_not_told_as_returned() -> None:
    office = Office()
    record = await put_on_desk(office)
    await office.move(record.id, "majetok")
    assert (await read(office, await office.ledger.document(record.id))).returned == ""


async def test_only_what_is_elsewhere_can_be_given_back_to_the_mailroom() -> None:
    office = Office()
    here, there = await put_on_desk(office), await office.route("stavebny-urad")
    assert [(await read(office, record)).returnable for record in (here, there)] == [False, True]

"""The desk's lists."""

from __future__ import annotations

from datetime import timedelta

from shared.classification import UNSURE
from shared.model import MAILROOM, State
from shared.review import queues
from shared.review.words import Wording
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, Office
from tests.fakes_review import CLERK, COLLEAGUE, act, put_on_desk, scanned

WORDS = Wording(CITY, KINDS, NOON)


async def waiting(office: Office, everything: bool = False) -> list[queues.Entry]:
    return await queues.read_documents(State.REVIEW, ledger=office.ledger, words=WORDS, now=NOON, everything=everything)


async def test_only_what_waits_is_listed_the_oldest_first() -> None:
    office = Office()
    later = await put_on_desk(office, received_at=NOON - timedelta(minutes=1))
    earlier = await put_on_desk(office, received_at=NOON - timedelta(hours=1))
    await office.route("stavebny-urad")
    await office.deliver_all()
    assert [entry.id for entry in await waiting(office)] == [earlier.id, later.id]


async def test_an_entry_says_in_words_why_it_is_asked_and_what_is_guessed() -> None:
    office = Office()
    await put_on_desk(office, reasons=[UNSURE, "Text je nečitateľný."], pages=[3, 4, 5])
    (entry,) = await waiting(office)
    assert entry.reasons == ["Text je nečitateľný."]
    assert (entry.kind, entry.guess, entry.sureness) == ("Žiadosť o nájom", "Oddelenie majetku mesta", "neisté")
    assert (entry.pages, entry.age) == ("strany 3 – 5", "dnes")


async def test_the_general_reason_is_told_when_there_is_no_other() -> None:
    office = Office()
    await put_on_desk(office, reasons=[UNSURE])
    (entry,) = await waiting(office)
    assert entry.reasons == [UNSURE]


async def test_what_is_older_than_the_list_looks_back_is_shown_on_request() -> None:
    office = Office()
    old = NOON - timedelta(days=queues.DAYS + 5)
    record = await put_on_desk(office, received_at=old, id=f"{old:%Y%m%d}-00000001-1")
    assert await waiting(office) == []
    assert [entry.id for entry in await waiting(office, everything=True)] == [record.id]


async def test_the_next_document_is_the_next_of_the_list_also_on_a_later_day() -> None:
    office = Office()
    day = NOON - timedelta(days=1)
    second = await put_on_desk(office, received_at=day, id=f"{day:%Y%m%d}-00000009-1")
    first = await put_on_desk(office, received_at=day - timedelta(hours=1), id=f"{day:%Y%m%d}-00000010-1")
    third = await put_on_desk(office)
    found = [
        await queues.find_next(record, State.REVIEW, ledger=office.ledger, now=NOON)
        for record in (first, second, third)
    ]
    assert found == [second.id, third.id, None]


async def test_scans_that_became_no_document_are_listed_with_the_reason() -> None:
    office = Office()
    office.ledger.source_rows = {
        source.id: source
        for source in (
            scanned("BAD00001", error="Súbor je prázdny (0 bajtov). Naskenujte dokument znova."),
            scanned("DVP00001", state=State.DUPLICATE, duplicate_of="20261120-GXXD0001"),
            scanned("GXXD0001", state=State.ROUTED),
        )
    }
    found = await queues.read_scans(ledger=office.ledger, words=WORDS, now=NOON, days=14)
    assert {scan.id: (scan.state, scan.repeat_of) for scan in found} == {
        "20261120-BAD00001": ("odložený", None),
        "20261120-DVP00001": ("opakovaný", "20261120-GXXD0001"),
    }
    assert any("Naskenujte dokument znova." in scan.reason for scan in found)


async def test_decisions_are_listed_with_who_where_and_why_the_newest_first() -> None:
    office = Office()
    first, second = await put_on_desk(office), await put_on_desk(office)
    await act(office, first, krok="rozhodnut", navrh="majetok", poznamka="ide o nájom")
    office.clock.now += timedelta(minutes=5)
    await act(office, second, who=COLLEAGUE, krok="vybavit", dovod="reklama")
    closed, sent = await queues.read_decided(ledger=office.ledger, words=WORDS, now=NOON)
    assert (sent.who, sent.to, sent.note) == (CLERK, "Oddelenie majetku mesta", "ide o nájom")
    assert (closed.who, closed.to) == (COLLEAGUE, "nikam, vybavené v podateľni")
    assert closed.note == "Reklama alebo nevyžiadaná zásielka."


async def test_a_document_that_came_back_to_the_mailroom_names_no_guess() -> None:
    office = Office()
    await office.route("stavebny-urad")
    await office.deliver_all()
    await office.move("20261120-00000001-1", MAILROOM)
    (entry,) = await waiting(office)
    assert (entry.guess, entry.state) == ("", "čaká na rozhodnutie")

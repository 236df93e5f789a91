"""What a person decides, also when two decide at once."""

from __future__ import annotations

from typing import Any

import pytest

from shared.effects import place_of
from shared.model import DocumentRecord, State, Step
from tests.fakes_delivery import Interrupted, Office
from tests.fakes_review import CLERK, COLLEAGUE, act, put_on_desk


def moves_of(office: Office, document_id: str) -> list[Step]:
    return [step for step in office.ledger.history[document_id] if step.action == "moved"]


async def stored(office: Office, record: DocumentRecord) -> DocumentRecord:
    return await office.ledger.document(record.id)


async def test_a_decision_sends_the_document_and_keeps_who_and_why() -> None:
    office = Office()
    record = await put_on_desk(office)
    reply = await act(office, record, krok="rozhodnut", navrh="majetok", poznamka="ide  o\nnájom")
    await office.deliver_all()
    (step,) = moves_of(office, record.id)
    assert reply.status == 303
    assert (step.actor, step.reason) == (CLERK, "ide o nájom")
    assert (await stored(office, record)).state is State.DELIVERED
    assert [place for place, _ in office.places(record.id)] == ["majetok"]


async def test_a_guessed_kind_of_another_department_is_forgotten_and_its_own_kept() -> None:
    office = Office()
    wrong, right = await put_on_desk(office), await put_on_desk(office)
    await act(office, wrong, krok="rozhodnut", kam="skolstvo")
    await act(office, right, krok="rozhodnut", kam="majetok")
    assert (await stored(office, wrong)).kind is None
    assert (await stored(office, right)).kind == "najom"


async def test_a_kind_that_the_clerk_names_is_taken() -> None:
    office = Office()
    record = await put_on_desk(office)
    await act(office, record, krok="rozhodnut", kam="skolstvo", druh="podnet")
    assert (await stored(office, record)).kind == "podnet"


async def test_the_second_clerk_learns_who_came_first_and_changes_nothing() -> None:
    office = Office()
    record = await put_on_desk(office)
    await act(office, record, krok="rozhodnut", navrh="majetok")
    late = await act(office, record, who=COLLEAGUE, krok="rozhodnut", navrh="skolstvo")
    assert late.status == 409
    assert CLERK in late.body.decode()
    assert "Oddelenie majetku mesta" in late.body.decode()
    assert (await stored(office, record)).department == "majetok"


async def test_of_two_clerks_at_the_same_moment_one_is_told_of_the_other() -> None:
    office = Office()
    record = await put_on_desk(office)
    bus: Any = Interrupted(office.bus, "send", lambda: office.move(record.id, "majetok"))
    office.bus = bus
    late = await act(office, record, krok="rozhodnut", navrh="skolstvo")
    assert (late.status, "tester o " in late.body.decode()) == (409, True)
    assert (await stored(office, record)).department == "majetok"


async def test_a_closing_after_a_decision_is_refused_too() -> None:
    office = Office()
    record = await put_on_desk(office)
    await act(office, record, krok="rozhodnut", navrh="majetok")
    assert (await act(office, record, who=COLLEAGUE, krok="vybavit", dovod="reklama")).status == 409


async def test_a_double_click_is_one_decision() -> None:
    office = Office()
    record = await put_on_desk(office)
    replies = [await act(office, record, krok="rozhodnut", navrh="majetok") for _ in range(2)]
    await office.deliver_all()
    assert [reply.status for reply in replies] == [303, 303]
    assert len(moves_of(office, record.id)) == 1
    assert len(office.channel.of("majetok")) == 1


async def test_a_stage_that_notes_something_meanwhile_is_no_other_clerk() -> None:
    office = Office()
    record = await put_on_desk(office)

    async def note() -> None:
        now = await office.ledger.document(record.id)
        step = Step(at=office.clock(), actor="teams", action="announced", state=now.state)
        await office.ledger.advance(now, step)

    bus: Any = Interrupted(office.bus, "send", note)
    office.bus = bus
    assert (await act(office, record, krok="rozhodnut", navrh="majetok")).status == 303
    assert (await stored(office, record)).department == "majetok"


async def test_a_closed_document_goes_nowhere_and_waits_no_more() -> None:
    office = Office()
    record = await put_on_desk(office)
    sent = len(office.bus.sent)
    await act(office, record, krok="vybavit", dovod="opakovane", poznamka="prišlo aj poštou")
    closed = await stored(office, record)
    step = office.ledger.history[record.id][-1]
    assert (closed.state, place_of(closed)) == (State.DELIVERED, "podatelna")
    assert (step.actor, step.reason) == (CLERK, "Opakované doručenie, podanie už máme. prišlo aj poštou")
    assert len(office.bus.sent) == sent
    assert [place for place, _ in office.places(record.id)] == ["podatelna"]


async def test_a_card_still_on_its_way_does_not_reopen_a_closed_document() -> None:
    office = Office()
    record = await office.route("podatelna")
    await office.deliver_some(1)
    assert (office.channel.of("podatelna"), len(office.bus.waiting)) == ([], 1)
    assert (await act(office, await stored(office, record), krok="vybavit", dovod="reklama")).status == 303
    await office.deliver_all()
    assert (await stored(office, record)).state is State.DELIVERED


async def test_a_closed_document_can_still_be_sent() -> None:
    office = Office()
    record = await put_on_desk(office)
    await act(office, record, krok="vybavit", dovod="reklama")
    reply = await act(office, await stored(office, record), krok="rozhodnut", kam="skolstvo")
    await office.deliver_all()
    assert reply.status == 303
    assert [place for place, _ in office.places(record.id)] == ["skolstvo"]


@pytest.mark.parametrize("way", ["", "nic"])
async def test_closing_needs_a_reason(way: str) -> None:
    office = Office()
    record = await put_on_desk(office)
    assert (await act(office, record, krok="vybavit", dovod=way)).status == 400
    assert (await stored(office, record)).state is State.REVIEW


async def test_what_is_in_no_library_yet_cannot_be_closed() -> None:
    office = Office()
    record = await office.route("podatelna")
    reply = await act(office, record, krok="vybavit", dovod="reklama")
    assert (reply.status, "uložený v knižnici" in reply.body.decode()) == (400, True)


async def test_what_leaves_the_office_is_asked_about_once_more() -> None:
    office = Office()
    record = await put_on_desk(office)
    asked = await act(office, record, krok="rozhodnut", kam="okresny-urad", poznamka="patrí im")
    assert (asked.status, "podatelna@urad.example" in asked.body.decode()) == (200, True)
    assert (await stored(office, record)).state is State.REVIEW
    await act(office, record, krok="rozhodnut", navrh="okresny-urad", poznamka="patrí im", potvrdene="ano")
    await office.deliver_all()
    assert len(office.mailbox.letters) == 1


@pytest.mark.parametrize("form", [{}, {"kam": "nikde"}, {"navrh": "majetok", "verzia": "x"}, {"krok": "zmazat"}])
async def test_an_incomplete_form_changes_nothing(form: dict[str, str]) -> None:
    office = Office()
    record = await put_on_desk(office)
    assert (await act(office, record, **{"krok": "rozhodnut", **form})).status == 400
    assert (await stored(office, record)).version == 1


async def test_after_a_decision_the_next_waiting_document_opens_and_at_the_end_the_list() -> None:
    office = Office()
    first, second = await put_on_desk(office), await put_on_desk(office)
    replies = [await act(office, record, krok="rozhodnut", navrh="majetok") for record in (first, second)]
    assert [reply.headers["Location"] for reply in replies] == [
        f"/api/desk/dokument/{second.id}?hotovo={first.id}",
        f"/api/desk?hotovo={second.id}",
    ]


async def test_a_department_that_says_not_ours_sees_the_document_again() -> None:
    office = Office()
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    reply = await act(office, record, krok="rozhodnut", navrh="podatelna", poznamka="nepatrí nám")
    assert reply.headers["Location"] == f"/api/desk/dokument/{record.id}?hotovo={record.id}"
    assert (await stored(office, record)).state is State.REVIEW

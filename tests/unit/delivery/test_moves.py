"""Moves between departments: the file goes along, the old card is superseded, the correction kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.errors import LedgerConflict, PermanentError
from shared.model import MAILROOM, DocumentRecord, State
from tests.fakes_delivery import Interrupted, Killed, Office


async def delivered(department: str = "stavebny-urad") -> tuple[Office, DocumentRecord]:
    office = Office()
    record = await office.route(department)
    await office.deliver_all()
    return office, record


async def test_the_file_moves_and_both_departments_learn_of_it() -> None:
    office, record = await delivered()
    await office.move(record.id, "majetok", reason="ide o nájom", kind="najom")
    await office.deliver_all()
    assert office.places(record.id) == [("majetok", f"2026-11-20 Žiadosť o nájom {record.id}.pdf")]
    first, superseding = office.channel.of("stavebny-urad")
    assert "Oddelenie majetku mesta" in superseding
    assert len(superseding) < len(first)
    assert len(office.channel.of("majetok")) == 1


async def test_what_people_wrote_into_the_file_goes_along() -> None:
    office, record = await delivered()
    (file,) = office.files.files.values()
    file.pdf = b"%PDF with a stamp"
    await office.move(record.id, "majetok")
    await office.deliver_all()
    (moved,) = office.files.files.values()
    assert moved.pdf == b"%PDF with a stamp"


async def test_a_second_and_a_third_move_work_too() -> None:
    office, record = await delivered()
    for goal in ("majetok", "skolstvo", "stavebny-urad"):
        await office.move(record.id, goal)
        await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert (stored.version, stored.state) == (4, State.DELIVERED)
    assert [place for place, _ in office.places(record.id)] == ["stavebny-urad"]
    assert len(office.channel.of("stavebny-urad")) == 3  # its first card, where it went, its new card


async def test_the_ledger_and_the_corrections_keep_who_and_why() -> None:
    office, record = await delivered()
    await office.move(record.id, "majetok", reason="ide o nájom", kind="najom")
    step = (await office.ledger.steps(record.id))[-1]
    kept = json.loads(await office.blobs.read("corrections", f"{record.id}-2.json"))
    assert (step.actor, step.reason, step.details["from"]) == ("tester", "ide o nájom", "stavebny-urad")
    assert (kept["from"], kept["to"], kept["kind"], kept["who"]) == ("stavebny-urad", "majetok", "najom", "tester")
    assert kept["extracted"] == f"extracted/{record.id}.json"


async def test_the_deadline_follows_the_new_kind() -> None:
    office, record = await delivered()
    assert (await office.ledger.document(record.id)).deadline is not None
    await office.move(record.id, "majetok", kind="najom")
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).deadline is None


async def test_a_decision_of_the_mailroom_is_a_move() -> None:
    office, record = await delivered(MAILROOM)
    assert (await office.ledger.document(record.id)).state is State.REVIEW
    await office.move(record.id, "okresny-urad")
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert (stored.state, stored.decided_by) == (State.DELIVERED, "person:tester")
    (letter,) = office.mailbox.letters
    assert letter[1] == "podatelna@urad.example"
    assert "§ 20 zákona č. 71/1967 Zb." in letter[3]
    assert letter[4] is not None
    assert letter[4][1].startswith(b"%PDF")


async def test_back_to_the_mailroom_means_review() -> None:
    office, record = await delivered()
    await office.move(record.id, MAILROOM, reason="nepatrí nám")
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.REVIEW
    assert "Kam patrí?" in office.channel.of(MAILROOM)[0]


@pytest.mark.parametrize("calls", range(1, 6))
async def test_a_kill_in_the_middle_of_a_move_leaves_the_document_at_one_end_or_the_other(calls: int) -> None:
    office, record = await delivered()
    office.peril.kill_at = office.peril.calls + calls
    with pytest.raises(Killed):
        await office.move(record.id, "majetok", in_peril=True)
    office.peril.dead = False
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert stored.state is State.DELIVERED
    assert [place for place, _ in office.places(record.id)] == [stored.department]
    assert len(office.channel.of("majetok")) == (stored.department == "majetok")
    assert not office.bus.given_up


async def test_a_move_that_never_came_about_may_be_made_again() -> None:
    office, record = await delivered()
    office.peril.kill_at = office.peril.calls + 4  # published, not written down
    with pytest.raises(Killed):
        await office.move(record.id, "majetok", in_peril=True)
    office.peril.dead = False
    assert (await office.ledger.document(record.id)).version == 1
    await office.move(record.id, "majetok")
    await office.deliver_all()
    assert [place for place, _ in office.places(record.id)] == ["majetok"]
    assert len(office.channel.of("majetok")) == 1


async def test_of_two_decisions_at_once_one_is_refused() -> None:
    office, record = await delivered()
    bus: Any = Interrupted(office.bus, "send", lambda: office.move(record.id, "majetok"))
    office.bus = bus
    with pytest.raises(LedgerConflict):
        await office.move(record.id, "skolstvo")
    await office.deliver_all()
    assert [place for place, _ in office.places(record.id)] == ["majetok"]
    assert office.channel.of("skolstvo") == []


@pytest.mark.parametrize(
    ("to", "kind", "told"),
    [("neznáme", None, "nie je v config/departments.yaml"), ("majetok", "nic", "nie je v config/document_kinds.yaml")],
)
async def test_unknown_goals_are_refused_with_what_to_write(to: str, kind: str | None, told: str) -> None:
    office, record = await delivered()
    with pytest.raises(PermanentError) as refused:
        await office.move(record.id, to, kind=kind)
    assert told in refused.value.reason


async def test_a_document_that_is_there_already_is_not_moved() -> None:
    office, record = await delivered()
    with pytest.raises(PermanentError) as refused:
        await office.move(record.id, "stavebny-urad")
    assert "už je tam" in refused.value.reason

"""Whatever dies, fails, comes twice or in another order: one file, one card, one letter."""

from __future__ import annotations

import asyncio
import random

import pytest

from shared.effects import place_of
from shared.errors import LedgerConflict
from shared.model import MAILROOM, State
from tests.fakes_delivery import CITY, Interrupted, Office

DEPARTMENTS = ("stavebny-urad", "majetok", "skolstvo", MAILROOM, "okresny-urad")


async def check_delivered(office: Office, document_id: str) -> None:
    """One file and it is where the ledger says; the present department was told."""
    record = await office.ledger.document(document_id)
    department = place_of(record)
    assert record.state in (State.DELIVERED, State.REVIEW), record
    assert department is not None
    assert [place for place, _ in office.places(document_id)] == [department]
    told = [key for place, key, _ in office.channel.cards if place == department and document_id in str(_)]
    if "teams" in CITY.by_id[department].channels:
        assert told
    for other in {place for place, _, _ in office.channel.cards} - {department}:
        about = [key for place, key, card in office.channel.cards if place == other and document_id in str(card)]
        assert not about or about[-1].startswith("moved:"), f"{other} still believes it has {document_id}"


def cards_about(office: Office, document_id: str) -> list[str]:
    """The effects of the cards that name the document, repeats included."""
    return [key for _, key, card in office.channel.cards if document_id in str(card)]


async def test_a_kill_at_any_single_call_leaves_one_file_and_at_most_one_doubled_card() -> None:
    calls = await _calls_of_a_quiet_delivery()
    doubled = 0
    for moment in range(1, calls + 1):
        office = Office()
        office.peril.kill_at = moment
        record = await office.route("stavebny-urad")
        await office.deliver_all()
        assert office.kills == 1
        await check_delivered(office, record.id)
        doubled += len(office.channel.cards) - 1
    # Only dying between the post and its record: right after the post, or before the ledger took the record.
    assert doubled <= 2


async def _calls_of_a_quiet_delivery() -> int:
    office = Office()
    await office.route("stavebny-urad")
    await office.deliver_all()
    assert len(office.channel.cards) == 1
    return office.peril.calls


@pytest.mark.parametrize("seed", range(40))
async def test_repeats_in_any_order_and_at_once_give_one_file_and_one_card(seed: int) -> None:
    office = Office(seed=seed, at_once=6, instances=3, repeating=0.5)
    records = [await office.route(department) for department in DEPARTMENTS for _ in range(2)]
    await office.deliver_all()
    for record in records:
        await check_delivered(office, record.id)
        expected = 0 if record.department == "okresny-urad" else 1
        assert len(cards_about(office, record.id)) == expected
    assert len(office.mailbox.letters) == 2


@pytest.mark.parametrize("seed", range(60))
async def test_faults_and_kills_lose_nothing_and_double_no_file(seed: int) -> None:
    office = Office(seed=seed, at_once=5, instances=2, repeating=0.3)
    records = [await office.route(department) for department in DEPARTMENTS for _ in range(2)]
    office.peril.kill, office.peril.fail, office.peril.lose = 0.01, 0.05, 0.02
    await office.deliver_all()
    for record in records:
        await check_delivered(office, record.id)
    assert not office.bus.given_up


@pytest.mark.parametrize("seed", range(60))
async def test_moves_in_the_middle_of_everything_leave_one_file_at_the_last_department(seed: int) -> None:
    office = Office(seed=seed, at_once=4, instances=2, repeating=0.3)
    records = [await office.route(office.random.choice(DEPARTMENTS)) for _ in range(4)]
    office.peril.kill, office.peril.fail, office.peril.lose = 0.01, 0.03, 0.01
    goals = {}
    for _ in range(office.random.randint(1, 3)):
        await office.deliver_some(office.random.randint(0, 12))
        for record in records:
            move = _move_somewhere(office, record.id)
            goals[record.id], _ = await asyncio.gather(move, office.deliver_some(office.random.randint(0, 2)))
    await office.deliver_all()
    for record in records:
        await check_delivered(office, record.id)
        assert place_of(await office.ledger.document(record.id)) == goals[record.id]


async def test_a_kill_after_a_digest_card_doubles_it_only_before_it_is_marked_as_posted() -> None:
    async def run(kill_at: int | None) -> Office:
        office = Office(at_once=10)
        office.peril.kill_at = kill_at
        for _ in range(6):
            await office.route("stavebny-urad")
        await office.deliver_all()
        return office

    quiet = await run(None)
    assert len(quiet.channel.cards) == 1
    doubled = [moment for moment in range(1, quiet.peril.calls + 1) if _announced_twice(await run(moment))]
    assert len(doubled) <= 2


def _announced_twice(office: Office) -> bool:
    told = [any(f"-{n:08d}-1" in str(card) for n in range(1, 7)) for _, _, card in office.channel.cards]
    documents = sum(str(card).count("Nepatrí nám") for _, _, card in office.channel.cards)
    assert all(told)
    return documents > 6


async def test_a_move_while_the_file_is_being_stored_leaves_nothing_behind() -> None:
    office = Office()
    record = await office.route("stavebny-urad")
    office.library = Interrupted(office.files, "file", lambda: office.move(record.id, "majetok"))
    await office.deliver_all()
    await check_delivered(office, record.id)
    assert office.channel.of("stavebny-urad") == []


async def test_a_move_while_the_card_is_being_posted_supersedes_it_afterwards() -> None:
    office = Office(at_once=3)
    record = await office.route("stavebny-urad")

    async def move_and_deliver() -> None:
        await office.move(record.id, "majetok")
        await office.deliver_some(3)

    office.channel = Interrupted(office.channel, "post", move_and_deliver)
    await office.deliver_all()
    await check_delivered(office, record.id)
    assert [key.split(":")[0] for place, key, _ in office.channel.cards if place == "stavebny-urad"] == [
        "teams",
        "moved",
    ]


async def test_a_document_that_comes_back_at_once_is_announced_anew_and_not_superseded() -> None:
    office = Office()
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    await office.move(record.id, "majetok")
    await office.move(record.id, "stavebny-urad")
    await office.deliver_all()
    await check_delivered(office, record.id)
    assert [key for _, key, _ in office.channel.cards] == ["teams:stavebny-urad:1", "teams:stavebny-urad:3"]


async def _move_somewhere(office: Office, document_id: str) -> str:
    here = place_of(await office.ledger.document(document_id))
    chance: random.Random = office.random
    goal = chance.choice([department for department in (*DEPARTMENTS, "urad-prace") if department != here])
    for _ in range(office.random.randint(0, 40)):
        await asyncio.sleep(0)
    while True:
        try:
            await office.move(document_id, goal)
            return goal
        except LedgerConflict:
            continue

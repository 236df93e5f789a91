"""What the announcing stage does with batches, and with a ledger that fails between the post and the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.delivery import post_cards
from shared.errors import TransientError
from shared.model import MAILROOM, DocumentRecord, Event, Message, State, Step
from tests.fakes import NOON, MemoryLedger
from tests.fakes_delivery import CITY, KINDS, Office


class LedgerDownAfter(MemoryLedger):
    """Takes so many writes and then none until it is mended."""

    writes_left: int | None = None

    async def advance(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        if self.writes_left == 0:
            raise TransientError("Table Storage does not answer")
        if self.writes_left is not None:
            self.writes_left -= 1
        return await super().advance(record, step)

    async def claim(self, sha256: str, source_id: str) -> str:
        if self.writes_left == 0:
            raise TransientError("Table Storage does not answer")
        return await super().claim(sha256, source_id)


async def filed(office: Office, count: int = 1) -> list[Message]:
    """Messages of documents that are filed and not announced yet."""
    records = [await office.route("majetok", kind="najom") for _ in range(count)]
    channel, office.channel = office.channel, Silent()
    await office.deliver_all(until=NOON + timedelta(minutes=1))
    office.channel = channel
    office.bus.waiting.clear()
    return [office.message(await office.ledger.document(record.id), "majetok", event=Event.FILED) for record in records]


class Silent:
    async def take_turn(self, department: str) -> None:
        return

    async def post(self, *values: object, **named: object) -> None:
        raise TransientError("no answer")


async def announce(office: Office, messages: list[Message]) -> None:
    await post_cards(
        messages,
        blobs=office.blobs,
        ledger=office.ledger,
        bus=office.bus,
        channel=office.channel,
        city=CITY,
        kinds=KINDS,
        settings=office.settings,
        clock=office.clock,
    )


async def test_a_card_whose_record_could_not_be_written_is_not_posted_again() -> None:
    for count in (1, 5):
        office = Office()
        ledger: Any = LedgerDownAfter()
        office.ledger = ledger
        messages = await filed(office, count)
        ledger.writes_left = count  # the claims, and no record
        await announce(office, messages)
        assert len(office.channel.cards) == 1
        ledger.writes_left = None
        await office.deliver_all()
        assert len(office.channel.cards) == 1
        states = {(await office.ledger.document(message.document_id)).state for message in messages}
        assert states == {State.DELIVERED}


async def test_of_repeats_in_one_batch_the_latest_attempt_goes_on() -> None:
    """The retry of the earlier one was sent before; sent again it would be dropped as a duplicate, and be lost."""
    office = Office()
    (first,) = await filed(office)
    retry = first.model_copy(update={"attempt": 2, "target": "teams"})
    await office.bus.send("dept-majetok", retry)
    office.bus.waiting.clear()  # it is in the hands of the same instance as the first, in one batch
    channel, office.channel = office.channel, Silent()
    await announce(office, [first, retry])
    office.channel = channel
    await office.deliver_all()
    assert len(office.channel.cards) == 1


async def test_who_waited_for_a_turn_takes_along_all_that_waits() -> None:
    """One message at a time, as a host may cut its batches; one turn in 27 seconds."""
    office = Office()
    office.channel.turns, office.channel.clock = office.turns, office.clock
    records = [await office.route("majetok", kind="najom") for _ in range(20)]
    records += [await office.route(MAILROOM) for _ in range(20)]
    await office.deliver_all()
    for record in records:
        assert sum(record.id in str(card) for _, _, card in office.channel.cards) == 1
    assert len(office.channel.of("majetok")) == 2
    assert len(office.channel.of(MAILROOM)) == 2
    assert office.clock() - NOON < timedelta(minutes=2)


async def test_a_guest_whose_card_failed_is_still_announced_by_its_own_message() -> None:
    office = Office()
    messages = await filed(office, 3)
    late = messages[0].model_copy(update={"attempt": 2, "target": "teams"})
    channel, office.channel = office.channel, Silent()
    await announce(office, [late])  # takes the two others along, and fails
    assert [envelope.message.document_id for envelope in office.bus.waiting] == [late.document_id]
    office.channel = channel
    for message in messages[1:]:
        await announce(office, [message])
    await office.deliver_all()
    assert len(office.channel.cards) == 3

"""What is given up: known, announced, laid aside, the rest delivered, and replayable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.delivery import replay_document
from shared.delivery.replay import plan_replay
from shared.errors import DeliveryRefused, PermanentError, TransientError
from shared.failures import GAVE_UP
from shared.model import MAILROOM, DocumentRecord, Event, Message, SourceRecord, State
from tests.fakes_delivery import MemoryLibrary, Office

REFUSED = DeliveryRefused("403", reason="Knižnica: chýba oprávnenie.", advice="Požiadajte správcu.")


class RefusingLibrary(MemoryLibrary):
    """Refuses every file until `mended`."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    async def file(self, *values: object, **named: object) -> object:  # type: ignore[override]
        if self.error:
            raise self.error
        return await super().file(*values, **named)  # type: ignore[arg-type]


async def refused(error: Exception = REFUSED) -> tuple[Office, DocumentRecord]:
    office = Office()
    office.library = office.files = RefusingLibrary(error)
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    return office, await office.ledger.document(record.id)


async def test_the_ledger_says_why_and_what_to_do() -> None:
    office, record = await refused()
    assert (record.state, record.error) == (State.FAILED, "Knižnica: chýba oprávnenie. Požiadajte správcu.")
    (step,) = [step for step in await office.ledger.steps(record.id) if step.action == GAVE_UP]
    assert (step.reason, step.details["channel"]) == ("Knižnica: chýba oprávnenie.", "sharepoint")


async def test_the_mailroom_is_told_once_and_the_message_laid_aside() -> None:
    office, _ = await refused()
    (notice,) = office.channel.of(MAILROOM)
    assert "uloženie do knižnice" in notice
    assert "chýba oprávnenie" in notice
    assert [message.target for message in office.bus.given_up] == ["sharepoint"]


async def test_the_other_channel_still_learns_of_the_document() -> None:
    office, record = await refused()
    (card,) = office.channel.of("stavebny-urad")
    assert f"/dokument/{record.id}" in card
    assert "nepodarilo uložiť" in card


async def test_a_long_outage_is_given_up_when_the_budget_is_spent() -> None:
    office, record = await refused(TransientError("503", reason="Knižnica neodpovedá."))
    assert record.state is State.FAILED
    assert record.error is not None
    assert "Knižnica neodpovedá." in record.error
    (step,) = [step for step in await office.ledger.steps(record.id) if step.action == GAVE_UP]
    assert step.at - record.received_at >= timedelta(hours=24)


async def test_replay_delivers_what_was_given_up_without_a_second_card() -> None:
    office, record = await refused()
    office.library.error = None
    replays = await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert [replay.stage for replay in replays] == ["sharepoint"]
    assert (stored.state, stored.error) == (State.DELIVERED, None)
    assert office.bus.given_up == []
    assert len(office.places(record.id)) == 1
    assert len(office.channel.of("stavebny-urad")) == 1


async def test_a_replay_that_fails_again_is_announced_again() -> None:
    office, record = await refused()
    office.clock.now += timedelta(minutes=1)
    await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)
    await office.deliver_all()
    assert len(office.channel.of(MAILROOM)) == 2
    assert (await office.ledger.document(record.id)).state is State.FAILED


async def test_there_is_nothing_to_replay_of_a_delivered_document() -> None:
    office = Office()
    record = await office.route("majetok")
    await office.deliver_all()
    assert await plan_replay(record.id, ledger=office.ledger, now=office.clock()) == []
    with pytest.raises(PermanentError):
        await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)


async def test_a_replay_of_a_deleted_document_says_so() -> None:
    office, record = await refused()
    office.library.error = None
    await office.blobs.delete("delivered", f"{record.id}.pdf")
    office.clock.now += timedelta(minutes=1)
    await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert stored.state is State.FAILED
    assert "Naskenujte listinu znova." in (stored.error or "")


async def test_a_refusing_channel_leaves_the_file_delivered_and_is_replayable() -> None:
    office = Office()
    office.channel.refusal = DeliveryRefused("410", reason="Pracovný postup neexistuje.")
    record = await office.route("majetok", kind="najom")
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert stored.state is State.FAILED
    assert [place for place, _ in office.places(record.id)] == ["majetok"]
    office.channel.refusal = None
    await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.DELIVERED
    assert len(office.channel.of("majetok")) == 1


async def test_a_moved_document_is_delivered_although_its_first_department_refused() -> None:
    office, record = await refused()
    office.library.error = None
    await office.move(record.id, "majetok", reason="patrí inam")
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert (stored.state, stored.error, stored.version) == (State.DELIVERED, None, 2)
    assert [place for place, _ in office.places(record.id)] == ["majetok"]


async def test_the_mailroom_is_told_of_a_scan_of_which_no_document_came() -> None:
    office = Office()
    reason = "Súbor je zaheslovaný. Naskenujte ho znova."
    now = office.clock()
    scan = SourceRecord(
        id="20261120-AAAAAAAA", name="SKEN_*7*.pdf", etag="1", size=9, received_at=now, state=State.QUARANTINED
    )
    await office.ledger.open_source(scan)
    message = Message(event=Event.NOTICE, document_id=scan.id, department=MAILROOM, first_seen=now, detail=reason)
    await office.bus.send(f"dept-{MAILROOM}", message)
    await office.deliver_all()
    (card,) = office.channel.of(MAILROOM)
    assert "Sken sa nedal spracovať" in card
    assert "Súbor je zaheslovaný." in card
    assert f"/dokument/{scan.id}" in card
    assert "SKEN_*7*" not in card  # a name may not format the card
    assert office.bus.given_up == []

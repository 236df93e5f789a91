"""Letters to outside authorities."""

from __future__ import annotations

import pytest

from shared.delivery import forwarding
from shared.errors import DeliveryRefused
from shared.model import MAILROOM, DocumentRecord, State
from tests.fakes_delivery import MemoryMailbox, Office


class RefusingMailbox(MemoryMailbox):
    """Sends nothing, for good."""

    async def forward(self, *values: object, **named: object) -> None:
        raise DeliveryRefused("404", reason="Poštová schránka neexistuje.")


async def forwarded(office: Office) -> DocumentRecord:
    record = await office.route("okresny-urad")
    await office.deliver_all()
    return await office.ledger.document(record.id)


async def test_the_document_is_filed_by_the_mailroom_and_sent_with_its_name() -> None:
    office = Office()
    record = await forwarded(office)
    ((key, to, subject, html, attachment),) = office.mailbox.letters
    assert record.state is State.DELIVERED
    assert (key, to) == (f"{record.id}.1", "podatelna@urad.example")
    assert attachment == (f"2026-11-20 Podnet {record.id}.pdf", b"%PDF " + record.id.encode())
    assert record.id in subject
    assert "Oprava cesty" not in html


async def test_a_document_too_big_for_mail_goes_as_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "LARGEST_ATTACHMENT", 3)
    office = Office()
    record = await forwarded(office)
    ((_, _, _, html, attachment),) = office.mailbox.letters
    assert record.filed is not None
    assert attachment is None
    assert record.filed.url in html


async def test_a_refused_letter_leaves_the_file_and_tells_the_mailroom() -> None:
    office = Office()
    office.mailbox = RefusingMailbox()
    record = await forwarded(office)
    assert record.state is State.FAILED
    assert record.error == "Poštová schránka neexistuje."
    assert [place for place, _ in office.places(record.id)] == ["okresny-urad"]
    assert "odoslanie inému úradu" in office.channel.of(MAILROOM)[0]

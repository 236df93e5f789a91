"""Forwards a document to an outside authority from the city's mailbox (§ 20 zákona č. 71/1967 Zb.)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from shared.cards.wording import local_day, long_day
from shared.delivery.contents import read_contents
from shared.delivery.currency import is_current
from shared.departments import City, Department
from shared.effects import change, claim, done, effect_key, release
from shared.errors import DeliveryRefused
from shared.kinds import Catalogue
from shared.letters import covering_letter
from shared.model import DocumentRecord, Message, Step
from shared.ports import Blobs, Bus, Ledger, Mailbox
from shared.retry import guarded
from shared.settings import Settings

CHANNEL = "email"
# Exchange Online takes messages of 35 MB unless the administrator says otherwise, and sending adds a third to an
# attachment: learn.microsoft.com/graph/api/attachment-createuploadsession
LARGEST_ATTACHMENT = 24 * 2**20


async def forward_document(
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    mailbox: Mailbox,
    city: City,
    kinds: Catalogue,
    settings: Settings,
    clock: Callable[[], datetime],
) -> None:
    """Handles `filed` of a department that is an outside authority."""
    authority = city.by_id[message.department or ""]
    stage = partial(
        _forward, authority, blobs=blobs, ledger=ledger, mailbox=mailbox, city=city, kinds=kinds, clock=clock
    )
    await guarded(message, authority.topic, CHANNEL, stage, bus=bus, ledger=ledger, clock=clock, settings=settings)


async def _forward(
    authority: Department,
    message: Message,
    *,
    blobs: Blobs,
    ledger: Ledger,
    mailbox: Mailbox,
    city: City,
    kinds: Catalogue,
    clock: Callable[[], datetime],
) -> None:
    record = await ledger.document(message.document_id)
    key = effect_key(CHANNEL, authority.id, message.version)
    if not is_current(record, message, clock()) or key in record.effects:
        return
    if not authority.email:
        raise DeliveryRefused(
            f"{authority.id} has no address",
            reason=f"{authority.name} nemá v nastavení e-mailovú adresu.",
            advice="Doplňte `email` v config/departments.yaml.",
        )
    contents = await read_contents(blobs, record)
    record = await claim(ledger, record, key, actor=CHANNEL, now=clock())
    kind = kinds.by_id.get(record.kind or "")
    fits = len(contents.pdf) <= LARGEST_ATTACHMENT
    link = None if fits or not record.filed else record.filed.url
    received = long_day(local_day(record.received_at, city.city.time_zone))
    letter = covering_letter(city.city, authority.name, record.id, kind.title if kind else None, received, link)
    attachment = (record.filed.name if record.filed else f"{record.id}.pdf", contents.pdf) if fits else None
    try:
        await mailbox.forward(f"{record.id}.{record.version}", authority.email, letter.subject, letter.html, attachment)
    except Exception:
        await release(ledger, record, key, actor=CHANNEL, now=clock())
        raise
    await _record(record, message, key, ledger=ledger, city=city, now=clock())


async def _record(
    record: DocumentRecord, message: Message, key: str, *, ledger: Ledger, city: City, now: datetime
) -> None:
    def step(record: DocumentRecord) -> Step:
        details = {"department": message.department, "effect": key}
        return Step(
            at=now, actor=CHANNEL, action="forwarded", state=record.state, attempt=message.attempt, details=details
        )

    await change(ledger, record, lambda r: r if key in r.effects else done(r, key, now, city), step)

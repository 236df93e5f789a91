"""Tells a department's Teams channel: one card a document, or one digest card when many wait.

A card is claimed in the ledger, posted, and recorded. Nobody posts what another has claimed; only a process that dies
between the post and the record (or an answer of Teams that is lost) leaves a card that the next try doubles. A digest
card is recorded in one write too, before its documents are: who finds a dead claim on one asks for that mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from shared.cards import Looks, build_card, build_digest, build_scan_card
from shared.delivery.batch import Waiting, for_each, latest_of_each
from shared.delivery.telling import arrival, find_news, unannounced
from shared.departments import City
from shared.effects import change, claim, claimed_together, done, release
from shared.errors import LedgerConflict, TransientError
from shared.ids import is_source
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, Event, Message, Step
from shared.ports import Blobs, Bus, Channel, Ledger
from shared.retry import settle
from shared.settings import Settings

CHANNEL = "teams"
# Up to so many waiting documents get a card each.
MOST_CARDS = 3
MOST_GUESTS = 40
# Message.detail of a retry that has only the record left to write, with the effect's key after it.
ANNOUNCED = "announced:"
# What becomes of a digest card, whichever is claimed first under its id.
POSTED, ABANDONED = "posted", "abandoned"


async def post_cards(
    messages: Sequence[Message],
    *,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    channel: Channel,
    city: City,
    kinds: Catalogue,
    settings: Settings,
    clock: Callable[[], datetime],
) -> None:
    """Handles `filed`, `moved` and `notice`, all of one department."""
    announcing = Announcing(
        blobs=blobs, ledger=ledger, bus=bus, channel=channel, city=city, kinds=kinds, settings=settings, clock=clock
    )
    await announcing.run(messages)


class Announcing:
    """The steps of the stage over one set of dependencies."""

    def __init__(
        self,
        *,
        blobs: Blobs,
        ledger: Ledger,
        bus: Bus,
        channel: Channel,
        city: City,
        kinds: Catalogue,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._blobs, self._ledger, self._bus, self._channel = blobs, ledger, bus, channel
        self._city, self._kinds, self._settings, self._clock = city, kinds, settings, clock

    async def run(self, messages: Sequence[Message]) -> None:
        waiting = await for_each(self._find, latest_of_each(messages))
        if any(one.message.attempt > 1 for one in waiting):
            waiting += await self._find_guests(waiting)
        if len(waiting) <= MOST_CARDS:
            for one in waiting:
                await self._tell([one])
            return
        while waiting:
            _, room = build_digest([one.telling.news for one in waiting], self._looks)
            await self._tell(waiting[:room])
            waiting = waiting[room:]

    @property
    def _looks(self) -> Looks:
        return Looks(desk_url=self._settings.desk_url, time_zone=self._city.city.time_zone)

    async def _find_guests(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Who waited for a turn takes along all that waits for one, however the host cut its batches."""
        department = waiting[0].message.department or MAILROOM
        known = {one.record.id for one in waiting}
        try:
            records = await unannounced(self._ledger, department, self._clock(), most=MOST_GUESTS)
        except TransientError:
            return []
        messages = [arrival(record, department, self._clock()) for record in records if record.id not in known]
        return await for_each(lambda message: self._find(message, guest=True), messages)

    async def _find(self, message: Message, guest: bool = False) -> Waiting | None:
        """None when there is nothing to tell (any more), or when it must be tried later."""
        try:
            if message.event is Event.NOTICE and is_source(message.document_id):
                await self._tell_of_scan(message)
                return None
            record = await self._ledger.document(message.document_id)
            if message.detail.startswith(ANNOUNCED):
                await self._write_down(record, message, message.detail.removeprefix(ANNOUNCED))
                return None
            telling = await find_news(
                record, message, blobs=self._blobs, city=self._city, kinds=self._kinds, now=self._clock()
            )
        except Exception as error:
            if not guest:
                await self._settle(message, error)
            return None
        return Waiting(message, record, telling, guest) if telling else None

    async def _tell_of_scan(self, message: Message) -> None:
        """A scan has no effects to record: a kill between the post and the completion doubles the card."""
        source = await self._ledger.source(message.document_id)
        await self._channel.take_turn(message.department or MAILROOM)
        card = build_scan_card(source, message.detail, self._looks)
        await self._channel.post(message.department or MAILROOM, card, key=message.message_id)

    async def _claim(self, one: Waiting, together: str | None) -> Waiting | None:
        """Right before the post, since a claim runs out. A record that changed is looked at again."""
        found: Waiting | None = one
        while found:
            try:
                key = found.telling.key
                earlier = claimed_together(found.record, key)
                record = await claim(
                    self._ledger, found.record, key, actor=CHANNEL, now=self._clock(), together=together
                )
                claimed = Waiting(found.message, record, found.telling, found.guest)
                if earlier and await self._ledger.claim(earlier, ABANDONED) == POSTED:
                    await self._record(claimed, 1)
                    return None
                return claimed
            except LedgerConflict:
                found = await self._find(one.message, one.guest)
            except TransientError as error:
                if not one.guest:
                    await self._settle(one.message, error)
                return None
        return None

    async def _tell(self, waiting: Sequence[Waiting]) -> None:
        """One card about all of them."""
        department = waiting[0].message.department or MAILROOM
        try:
            await self._channel.take_turn(department)
        except TransientError as error:
            crowded = error
            await for_each(lambda one: self._settle(one.message, crowded), [w for w in waiting if not w.guest])
            return
        together = sha256(uuid4().bytes).hexdigest() if len(waiting) > 1 else None
        claimed = await for_each(lambda one: self._claim(one, together), waiting)
        if not claimed:
            return
        first = claimed[0]
        if len(claimed) == 1:
            card = build_card(first.telling.news, self._looks)
        else:
            card, _ = build_digest([one.telling.news for one in claimed], self._looks)
        try:
            await self._channel.post(department, card, key=first.telling.key)
        except Exception as error:
            trouble = error
            await for_each(lambda one: self._fail(one, trouble), claimed)
            return
        if together:
            with suppress(TransientError):
                await self._ledger.claim(together, POSTED)
        await for_each(lambda one: self._record(one, len(claimed)), claimed)

    async def _fail(self, one: Waiting, error: Exception) -> None:
        maybe = isinstance(error, TransientError)
        await release(self._ledger, one.record, one.telling.key, actor=CHANNEL, now=self._clock(), maybe=maybe)
        if not one.guest:
            await self._settle(one.message, error)

    async def _record(self, one: Waiting, together: int) -> None:
        """When the ledger does not answer now, the retry knows that the card is posted."""
        try:
            await self._write_down(one.record, one.message, one.telling.key, together)
        except TransientError as error:
            await self._settle(one.message.model_copy(update={"detail": f"{ANNOUNCED}{one.telling.key}"}), error)

    async def _write_down(self, record: DocumentRecord, message: Message, key: str, together: int = 1) -> None:
        now = self._clock()

        def step(record: DocumentRecord) -> Step:
            return Step(
                at=now,
                actor=CHANNEL,
                action="announced",
                state=record.state,
                attempt=message.attempt,
                details={"department": message.department, "effect": key, "together": together},
            )

        def edit(record: DocumentRecord) -> DocumentRecord:
            return record if key in record.effects else done(record, key, now, self._city)

        await change(self._ledger, record, edit, step)

    async def _settle(self, message: Message, error: Exception) -> None:
        topic = self._city.by_id[message.department or MAILROOM].topic
        await settle(
            message,
            topic,
            CHANNEL,
            error,
            bus=self._bus,
            ledger=self._ledger,
            clock=self._clock,
            settings=self._settings,
        )

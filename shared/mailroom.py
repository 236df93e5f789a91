"""The mailroom: every stage with what it needs, one method a trigger.

Stages are imported when they are first called, so that a cold start pays only for the stage that runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from shared.departments import City
from shared.entities import CLASSIFY_QUEUE, INTAKE_QUEUE, RECOGNIZE_QUEUE
from shared.maintenance import Maintenance
from shared.model import Message
from shared.retry import guarded
from shared.telemetry import Stage

if TYPE_CHECKING:
    from shared.bootstrap import Services
    from shared.review.exchange import Ask, Reply, View


class Mailroom:
    """What function_app.py composes its triggers on."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def city(self) -> City:
        return self._services.city

    @property
    def maintenance(self) -> Maintenance:
        return Maintenance(self._services)

    async def close(self) -> None:
        await self._services.close()

    async def take_in(self, scan: str) -> None:
        """`scan` is the blob's name within the container `scans`."""
        with self._services.telemetry.running(Stage.INTAKE):
            await self._take_in(scan)

    async def take_in_found(self, message: Message) -> None:
        """A scan that reconciliation found and opened in the ledger."""

        async def stage(message: Message) -> None:
            await self._take_in((await self._services.ledger.source(message.document_id)).name)

        with self._services.telemetry.running(Stage.INTAKE, message):
            await self._guard(message, INTAKE_QUEUE, stage)

    async def _take_in(self, scan: str) -> None:
        from shared.intake import take_in

        s = self._services
        await take_in(
            scan,
            blobs=s.blobs,
            ledger=s.ledger,
            bus=s.bus,
            city=s.city,
            settings=s.settings,
            clock=s.clock,
            workbench=s.workbench,
        )

    async def record_poisoned(self, body: bytes) -> None:
        from shared.poison import record_poisoned

        s = self._services
        await record_poisoned(body, blobs=s.blobs, ledger=s.ledger, bus=s.bus, city=s.city, clock=s.clock)

    async def recognize(self, message: Message) -> None:
        from shared.recognition import recognize_document

        s = self._services
        stage = partial(
            recognize_document,
            blobs=s.blobs,
            ledger=s.ledger,
            bus=s.bus,
            recognizer=s.recognizer,
            clock=s.clock,
            has_title=s.titles.has_title,
            signatures=s.signatures,
        )
        with s.telemetry.running(Stage.RECOGNITION, message):
            await self._guard(message, RECOGNIZE_QUEUE, stage)

    async def classify(self, message: Message) -> None:
        from shared.classification import classify_document

        s = self._services
        stage = partial(
            classify_document,
            blobs=s.blobs,
            ledger=s.ledger,
            bus=s.bus,
            classifier=s.classifier,
            city=s.city,
            clock=s.clock,
        )
        with s.telemetry.running(Stage.CLASSIFICATION, message):
            await self._guard(message, CLASSIFY_QUEUE, stage)

    async def _guard(self, message: Message, queue: str, stage: Callable[[Message], Awaitable[None]]) -> None:
        s = self._services
        await guarded(message, queue, None, stage, bus=s.bus, ledger=s.ledger, clock=s.clock, settings=s.settings)

    async def file(self, message: Message) -> None:
        from shared.delivery import file_document

        s = self._services
        with s.telemetry.running(Stage.SHAREPOINT, message):
            await file_document(
                message,
                blobs=s.blobs,
                ledger=s.ledger,
                bus=s.bus,
                library=s.library,
                city=s.city,
                kinds=s.kinds,
                settings=s.settings,
                clock=s.clock,
            )

    async def post_cards(self, messages: Sequence[Message]) -> None:
        from shared.delivery import post_cards

        s = self._services
        with s.telemetry.running(Stage.TEAMS, *messages):
            await post_cards(
                list(messages),
                blobs=s.blobs,
                ledger=s.ledger,
                bus=s.bus,
                channel=s.channel,
                city=s.city,
                kinds=s.kinds,
                settings=s.settings,
                clock=s.clock,
            )

    async def forward(self, message: Message) -> None:
        from shared.delivery import forward_document

        s = self._services
        with s.telemetry.running(Stage.EMAIL, message):
            await forward_document(
                message,
                blobs=s.blobs,
                ledger=s.ledger,
                bus=s.bus,
                mailbox=s.mailbox,
                city=s.city,
                kinds=s.kinds,
                settings=s.settings,
                clock=s.clock,
            )

    async def serve_desk(self, view: View, ask: Ask) -> Reply:
        from shared.review.answering import answer
        from shared.review.desk import Desk

        s = self._services
        desk = Desk(
            blobs=s.blobs,
            ledger=s.ledger,
            bus=s.bus,
            city=s.city,
            kinds=s.kinds,
            desk_url=s.settings.desk_url,
            clock=s.clock,
        )
        return await answer(desk, view, ask)

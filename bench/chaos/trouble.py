"""What goes wrong: faults of Microsoft 365, deaths of the host, outages of storage and broker, repeats and moves."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bench.chaos.documents import persist
from local.processes import StartFailure
from local.stack import Stack
from shared.bootstrap import Services
from shared.delivery import move_document
from shared.delivery.moves import routing_message
from shared.departments import Role
from shared.effects import place_of
from shared.errors import LedgerConflict
from shared.model import DocumentRecord, Event

GRAPH = ("graph.read", "graph.write", "graph.upload", "graph.chunk", "mail")
# Fault, probability of a request to meet it, and what else the rule says.
EVERYWHERE: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("throttled", 0.04, {"retry_after": [1, 20]}),
    ("server-error", 0.03, {}),
    ("unavailable", 0.03, {"retry_after": [1, 10]}),
    ("gateway-timeout", 0.02, {}),
    ("slow", 0.02, {"seconds": 4}),
    ("reset", 0.03, {}),
)
GRAPH_ONLY: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("locked", 0.02, {}),
    ("conflict", 0.01, {}),
    ("lost-answer", 0.03, {}),
    ("unauthorized", 0.01, {}),
)


def fault_plan(seed: int, lost_cards: int) -> dict[str, Any]:
    """`lost_cards` answers of Teams are lost after the card was taken: no client can tell that from one not taken."""
    rules: list[dict[str, Any]] = [{"route": "*", "fault": "hang", "probability": 0.002, "times": 5}]
    rules += [{"route": "*", "fault": name, "probability": chance, **more} for name, chance, more in EVERYWHERE]
    rules += [
        {"route": route, "fault": name, "probability": chance, **more}
        for route in GRAPH
        for name, chance, more in GRAPH_ONLY
    ]
    rules.append({"route": "teams", "fault": "unauthorized", "probability": 0.01, "times": 1})
    rules.append({"route": "teams", "fault": "lost-answer", "probability": 0.05, "times": lost_cards})
    return {"seed": seed, "teams_rate": {"posts": 25, "seconds": 300}, "rules": rules}


class Trouble:
    """Runs until cancelled; `counts` says what was done. One part is down at a time, the host dies at any time."""

    def __init__(
        self, stack: Stack, services: Services, records: list[DocumentRecord], seconds: float, chance: random.Random
    ) -> None:
        self._stack, self._services, self._records, self._random = stack, services, records, chance
        self._between_kills = min(10.0, seconds / 6), min(40.0, seconds / 2.5)
        self.counts: Counter[str] = Counter()
        self._starts: list[asyncio.Future[None]] = []

    async def kill_hosts(self) -> None:
        while True:
            await asyncio.sleep(self._random.uniform(*self._between_kills))
            await self._stack.stop_part("host", at_once=True)
            self.counts["host killed"] += 1
            await self._bring_back("host")

    async def stop_parts(self) -> None:
        while True:
            part = self._random.choice(("azurite", "servicebus"))
            await asyncio.sleep(self._random.uniform(8, 20))
            await self._stack.stop_part(part)
            self.counts[f"{part} stopped"] += 1
            await asyncio.sleep(self._random.uniform(1, 6))
            await self._bring_back(part)

    async def repeat_messages(self) -> None:
        """As an at-least-once far end would, under another message id."""
        while True:
            await asyncio.sleep(self._random.uniform(0.2, 1))
            record = await persist(lambda: self._services.ledger.document(self._random.choice(self._records).id))
            department = self._services.city.by_id[place_of(record) or "podatelna"]
            message = routing_message(record, department.id, datetime.now(UTC))
            channel, event = self._random.choice([("sharepoint", message.event), ("teams", Event.FILED)])
            if event is Event.FILED and record.filed is None:
                continue  # nobody says `filed` before it is
            copy = message.model_copy(update={"target": channel, "event": event})
            await persist(lambda c=copy, d=department: self._services.bus.send(d.topic, c))  # type: ignore[misc]
            self.counts["message repeated"] += 1

    async def move_documents(self) -> None:
        s = self._services
        goals = [department.id for department in s.city.departments if department.role is Role.DEPARTMENT]
        while True:
            await asyncio.sleep(self._random.uniform(1, 4))
            document, goal = self._random.choice(self._records).id, self._random.choice(goals)
            record = await persist(lambda d=document: s.ledger.document(d))  # type: ignore[misc]
            if place_of(record) == goal:
                continue
            with suppress(LedgerConflict):
                await persist(
                    lambda d=document, g=goal: move_document(  # type: ignore[misc]
                        d,
                        g,
                        who="chaos",
                        blobs=s.blobs,
                        ledger=s.ledger,
                        bus=s.bus,
                        city=s.city,
                        kinds=s.kinds,
                        clock=s.clock,
                    )
                )
                self.counts["document moved"] += 1

    async def _bring_back(self, part: str) -> None:
        """An instance may fail to start while something else is down; the platform starts another."""
        while True:
            start = asyncio.ensure_future(self._stack.start_part(part))
            self._starts.append(start)
            try:
                await asyncio.shield(start)
                return
            except StartFailure:
                await asyncio.sleep(1)

    async def end(self) -> None:
        """What was just starting when the trouble was cancelled has started, or failed to."""
        await asyncio.gather(*self._starts, return_exceptions=True)

"""One run: the local stack, documents, trouble, its end, and the account."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from bench.chaos.documents import make_document, persist, publish
from bench.chaos.trouble import Trouble, fault_plan
from bench.chaos.verdict import Verdict, is_over, judge
from local.stack import Stack
from shared.bootstrap import Services, build_services
from shared.model import DocumentRecord

# Waiting is short here so that many retries fit into minutes; the proportions are those of Azure.
OVERRIDES = {"RETRY_FIRST_SECONDS": "1", "RETRY_LONGEST_SECONDS": "15"}
LOCK = "PT20S"
PATIENCE_SECONDS = 300.0
LOOK_SECONDS = 2.0
LOOKS_BETWEEN_NEWS = 5


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    recovery_seconds: float
    trouble: Counter[str]


class ImpatientStack(Stack):
    """Gives the messages of a dead host back after seconds instead of minutes."""

    def describe_bus(self) -> dict[str, Any]:
        described = super().describe_bus()
        for namespace in described["UserConfig"]["Namespaces"]:
            topics = [subscription for topic in namespace["Topics"] for subscription in topic["Subscriptions"]]
            for entity in (*namespace["Queues"], *topics):
                entity["Properties"]["LockDuration"] = LOCK
        return described


async def run(
    directory: Path,
    *,
    documents: int,
    seconds: float,
    chance: random.Random,
    lost_cards: int = 0,
    tell: Callable[[str], None] = print,
) -> Outcome:
    async with ImpatientStack(directory, overrides=OVERRIDES) as stack:
        services = build_services(stack.environment)
        try:
            tell(f"{documents} documents, {seconds:.0f} s of trouble")
            records = [await make_document(services, number, chance) for number in range(1, documents + 1)]
            trouble = await _cause(stack, services, records, seconds, lost_cards, chance)
            tell("the faults have ended")
            recovery = await _recover(services, tell)
            verdict = await _judge(stack, services)
        finally:
            await services.close()
    return Outcome(verdict, recovery, trouble)


async def _cause(
    stack: Stack,
    services: Services,
    records: list[DocumentRecord],
    seconds: float,
    lost_cards: int,
    chance: random.Random,
) -> Counter[str]:
    """Publish everything while everything fails; at the end every part runs and nothing fails any more."""
    trouble = Trouble(stack, services, records, seconds, chance)
    async with httpx.AsyncClient(base_url=stack.page_url) as page:
        plan = fault_plan(chance.randrange(1000), lost_cards)
        (await page.put("/control/faults", json=plan)).raise_for_status()
        work = (trouble.kill_hosts, trouble.stop_parts, trouble.repeat_messages, trouble.move_documents)
        tasks = [asyncio.create_task(one()) for one in work]
        end = monotonic() + seconds
        pause = seconds / 2 / len(records)
        for record in records:
            await publish(services, record)
            await asyncio.sleep(pause)
        await asyncio.sleep(max(0.0, end - monotonic()))
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await trouble.end()
        for part in ("azurite", "servicebus", "host"):
            if part not in stack.children or not stack.children[part].alive:
                await stack.start_part(part)
        (await page.delete("/control/faults")).raise_for_status()
        counts = (await page.get("/control/counters")).json()
    for name, count in counts.items():
        answer = name.rsplit(" ", 1)[-1]
        if not answer.startswith("2"):
            trouble.counts[f"Microsoft 365: {answer}"] += count
    return trouble.counts


async def _recover(services: Services, tell: Callable[[str], None]) -> float:
    """Seconds until every document has come to its end."""
    begun = monotonic()
    looks = 0
    while monotonic() - begun < PATIENCE_SECONDS:
        open_ones = [record.id for record in await _records(services) if not is_over(record, services.city)]
        if not open_ones:
            break
        if looks % LOOKS_BETWEEN_NEWS == 0:
            tell(f"{monotonic() - begun:.0f} s: {len(open_ones)} under way, among them {open_ones[0]}")
        looks += 1
        await asyncio.sleep(LOOK_SECONDS)
    elapsed = monotonic() - begun
    await asyncio.sleep(LOOK_SECONDS)  # what is on its way twice shows now
    return elapsed


async def _records(services: Services) -> list[DocumentRecord]:
    async def read() -> list[DocumentRecord]:
        return [record async for record in services.ledger.documents()]

    return await persist(read)


async def _judge(stack: Stack, services: Services) -> Verdict:
    places = {department.id: department.site for department in services.city.departments}
    async with httpx.AsyncClient(base_url=stack.page_url, timeout=60) as page:
        files = (await page.get("/control/files")).json()
        cards = (await page.get("/control/cards")).json()
    files = [{**file, "site": places[file["department"]]} for file in files]
    return judge(await _records(services), files, cards, services.city)

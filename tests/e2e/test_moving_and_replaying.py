"""`podatelna move` and `podatelna replay` against the running stack."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic

import httpx
import pytest

from bench.chaos.documents import make_document, publish
from local.stack import Stack
from shared.bootstrap import Services, build_services
from shared.departments import Role
from shared.model import DocumentRecord, State

pytestmark = pytest.mark.slow
PATIENCE = 60.0


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    quick = {"RETRY_FIRST_SECONDS": "1", "RETRY_LONGEST_SECONDS": "2"}
    async with Stack(tmp_path, overrides=quick) as stack:
        yield stack


@pytest.fixture
async def services(stack: Stack) -> AsyncIterator[Services]:
    services = build_services(stack.environment)
    yield services
    await services.close()


async def podatelna(stack: Stack, *words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from cli.main import main; main()", *words,
        env=os.environ | stack.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, output.decode()


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    end = monotonic() + PATIENCE
    while not await reached():
        assert monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.3)


async def deliver(services: Services, wanted: State, number: int) -> DocumentRecord:
    """A document for a department, followed until the state."""
    record = await make_document(services, number, random.Random(number), review_share=0)
    await publish(services, record)

    async def reached() -> bool:
        return (await services.ledger.document(record.id)).state is wanted

    await until(reached)
    return await services.ledger.document(record.id)


async def test_a_document_is_moved_and_what_failed_is_replayed(stack: Stack, services: Services) -> None:
    record = await deliver(services, State.DELIVERED, 1)
    goal = next(d.id for d in services.city.departments if d.role is Role.DEPARTMENT and d.id != record.department)
    code, told = await podatelna(stack, "move", record.id, "--to", goal, "--reason", "skúška", "--json")
    assert (code, json.loads(told)["department"]) == (0, goal)

    async def moved() -> bool:
        stored = await services.ledger.document(record.id)
        return stored.state is State.DELIVERED and stored.filed is not None and stored.filed.department == goal

    await until(moved)
    code, told = await podatelna(stack, "move", record.id, "--to", "neznáme")
    assert code == 1
    assert "nie je v config/departments.yaml" in told

    async with httpx.AsyncClient(base_url=stack.page_url) as page:
        files = (await page.get("/control/files")).json()
        assert [file["department"] for file in files if record.id in file["name"]] == [goal]
        await page.put("/control/faults", json={"rules": [{"route": "teams", "fault": "gone"}]})
        failed = await deliver(services, State.FAILED, 2)
        await page.delete("/control/faults")
    code, told = await podatelna(stack, "replay", "--all", "--dry-run", "--json")
    assert code == 0
    assert [(line["document_id"], line["stage"]) for line in map(json.loads, told.splitlines())] == [
        (failed.id, "teams")
    ]
    assert (await services.ledger.document(failed.id)).state is State.FAILED
    code, told = await podatelna(stack, "replay", failed.id)
    assert code == 0, told

    async def delivered() -> bool:
        return (await services.ledger.document(failed.id)).state is State.DELIVERED

    await until(delivered)

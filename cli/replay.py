"""`podatelna replay`: send again what was given up."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.run import Json
from cli.state import reach_services
from shared.bootstrap import Services
from shared.delivery.replay import Replay, plan_replay, replay_document
from shared.effects import place_of
from shared.model import State

FURTHEST = timedelta(days=90)


def replay(
    document: Annotated[str | None, typer.Argument(help="The document's id; or use --all or --department.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every document that was given up.")] = False,
    department: Annotated[str | None, typer.Option(help="What was given up for this department.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
    as_json: Json = False,
) -> None:
    """Send what was given up to the stage that gave it up, after its cause was mended."""
    if sum((document is not None, everything, department is not None)) != 1:
        raise typer.BadParameter("name one document, or say --all, or --department DEPARTMENT")
    asyncio.run(_replay(document, department, dry_run, as_json))


async def _replay(document: str | None, department: str | None, dry_run: bool, as_json: bool) -> None:
    async with reach_services() as services:
        documents = [document] if document else await _failed(services, department)
        sent = [one for name in documents for one in await _send(services, name, dry_run)]
        for one in sent:
            _tell(one, dry_run, as_json)
        if not as_json:
            done = "would be sent" if dry_run else "sent"
            sys.stdout.write(f"{len(sent)} of {len(documents)} documents' stages {done} again\n")


async def _send(services: Services, document: str, dry_run: bool) -> list[Replay]:
    if dry_run:
        return await plan_replay(document, ledger=services.ledger, now=services.clock())
    return await replay_document(
        document, who=getpass.getuser(), ledger=services.ledger, bus=services.bus, clock=services.clock
    )


async def _failed(services: Services, department: str | None) -> list[str]:
    today = datetime.now(UTC).date()
    rows = services.ledger.documents(since=today - FURTHEST, until=today + timedelta(days=1), state=State.FAILED)
    return [record.id async for record in rows if department in (None, place_of(record))]


def _tell(one: Replay, dry_run: bool, as_json: bool) -> None:
    told = {"document_id": one.message.document_id, "stage": one.stage, "entity": one.entity, "sent": not dry_run}
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write(f"{one.message.document_id}: {one.stage} on {one.entity}\n")

"""`podatelna status`: where a document is and every step it took; where a file's pages went; what waits."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.run import Json
from cli.state import reach_services
from shared.bootstrap import Services
from shared.errors import UnknownDocument
from shared.model import DocumentRecord, SourceRecord, State, Step

WEEK = timedelta(days=7)
# shared/ids.py; typed in either case.
SOURCE = re.compile(r"\d{8}-[0-9A-Z]{8}")
DOCUMENT = re.compile(r"\d{8}-[0-9A-Z]{8}-\d+")


def status(
    what: Annotated[str | None, typer.Argument(help="A document's id, or the name of a scanned file.")] = None,
    department: Annotated[str | None, typer.Option(help="Only documents of this department.")] = None,
    state: Annotated[State | None, typer.Option(help="Only documents in this state.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (default: a week ago).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say where a document or a scanned file is, or list documents."""
    asyncio.run(_answer(what, department, state, since.date() if since else None, as_json))


async def _answer(
    what: str | None, department: str | None, state: State | None, since: date | None, as_json: bool
) -> None:
    async with reach_services() as services:
        today = services.clock().astimezone(ZoneInfo(services.city.city.time_zone)).date()
        since = since or today - WEEK
        if department is not None and department not in services.city.by_id:
            raise typer.BadParameter(f"no department '{department}'; one of {', '.join(sorted(services.city.by_id))}")
        if what is None:
            found = services.ledger.documents(since=since, until=today, state=state, department=department)
            _show_list([record async for record in found], services, as_json)
        elif DOCUMENT.fullmatch(what.upper()):
            record = await services.ledger.document(what.upper())
            _show_document(record, await services.ledger.steps(record.id), services, as_json)
        elif SOURCE.fullmatch(what.upper()):
            _show_source(await services.ledger.source(what.upper()), as_json)
        else:
            for source in await _by_name(what, since, today, services):
                _show_source(source, as_json)


async def _by_name(name: str, since: date, today: date, services: Services) -> list[SourceRecord]:
    sources = [one async for one in services.ledger.sources(since=since, until=today)]
    named = [one for one in sources if name in (one.name, one.name.rsplit("/", 1)[-1])]
    if not named:
        raise UnknownDocument(
            f"'{name}' is neither a document's id nor a file scanned since {since}; look back with --since"
        )
    return named


def _emit(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _show_list(records: list[DocumentRecord], services: Services, as_json: bool) -> None:
    if as_json:
        for record in records:
            _emit(record.model_dump(mode="json"))
        return
    table = Table(header_style="bold")
    for name in ("document", "file", "pages", "state", "department", "received"):
        table.add_column(name)
    zone = ZoneInfo(services.city.city.time_zone)
    for record in records:
        place = services.city.by_id.get(record.department or "")
        table.add_row(
            record.id,
            record.source_name,
            ", ".join(map(str, record.pages)),
            record.state.value,
            place.name if place else "–",
            f"{record.received_at.astimezone(zone):%d.%m.%Y %H:%M}",
        )
    Console().print(table)


def _show_document(record: DocumentRecord, steps: list[Step], services: Services, as_json: bool) -> None:
    if as_json:
        _emit(record.model_dump(mode="json") | {"steps": [step.model_dump(mode="json") for step in steps]})
        return
    console = Console()
    place = services.city.by_id.get(record.department or "")
    console.print(f"[bold]{record.id}[/]  {record.source_name}, pages {', '.join(map(str, record.pages))}")
    console.print(
        f"state {record.state.value}; {place.name if place else 'no department'}; {record.kind or 'kind unknown'}"
    )
    if record.filed:
        console.print(f"filed as {record.filed.url}")
    table = Table(header_style="bold")
    for name in ("time", "who", "did", "state", "attempt", "why"):
        table.add_column(name)
    zone = ZoneInfo(services.city.city.time_zone)
    for step in steps:
        moment = f"{step.at.astimezone(zone):%d.%m.%Y %H:%M:%S}"
        table.add_row(moment, step.actor, step.action, step.state.value, str(step.attempt), step.reason)
    console.print(table)


def _show_source(source: SourceRecord, as_json: bool) -> None:
    if as_json:
        _emit(source.model_dump(mode="json"))
        return
    console = Console()
    console.print(
        f"[bold]{source.name}[/] ({source.id}): {source.state.value}" + (f" – {source.error}" if source.error else "")
    )
    table = Table(header_style="bold")
    for name in ("page", "is", "document", "why"):
        table.add_column(name)
    for page in source.pages:
        table.add_row(str(page.page), page.fate.value, page.document_id or "", page.reason)
    console.print(table)

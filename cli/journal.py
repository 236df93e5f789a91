"""`podatelna journal`: is the ledger as it was written, and the journal of a day or a month as a file."""

from __future__ import annotations

import asyncio
import calendar
import json
import sys
from dataclasses import asdict
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.run import Json
from cli.sheets import write_csv, write_xlsx
from cli.state import reach_services
from shared.bootstrap import Services
from shared.journal import COLUMNS, Cell, collect
from shared.journal import verify as find_breaks

journal = typer.Typer(help="Verify the ledger, or write its journal as a file.", no_args_is_help=True)
MONTH = timedelta(days=31)


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    BOTH = "both"


Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="One day, as 2026-11-20.")]
Month = Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="One month, as 2026-11.")]


@journal.command()
def verify(
    day: Day = None,
    month: Month = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on (default: a month back).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find what was edited, removed or put in by hand. Exit status 1 when something was."""
    raise typer.Exit(asyncio.run(_verify(day, month, since, as_json)))


async def _verify(day: datetime | None, month: datetime | None, since: datetime | None, as_json: bool) -> int:
    async with reach_services() as services:
        first, last = _span(day, month, services)
        if since and not day and not month:
            first = since.date()
        elif not day and not month:
            first = last - MONTH
        broken = 0
        async for found in find_breaks(services.ledger, first, last):
            broken += 1
            step = f", step {found.step}" if found.step else ""
            sys.stdout.write(f"{json.dumps(asdict(found)) if as_json else f'{found.where}{step}: {found.what}'}\n")
    if not as_json:
        sys.stdout.write(f"{first} to {last}: {f'{broken} places do not hold' if broken else 'every chain holds'}.\n")
    return 1 if broken else 0


@journal.command()
def export(
    day: Day = None,
    month: Month = None,
    output: Annotated[Path, typer.Option(help="Folder to write into; made when it is missing.")] = Path(),
    form: Annotated[Format, typer.Option("--format", help="csv, xlsx or both.")] = Format.BOTH,
    names: Annotated[bool, typer.Option(help="With who sent it and what about, as read off the document.")] = True,
) -> None:
    """Write the journal of a day or a month (default: today) with the columns of a registratúrny denník."""
    first, rows = asyncio.run(_collect(day, month, names))
    period = f"{first:%Y-%m}" if month else f"{first:%Y-%m-%d}"
    output.mkdir(parents=True, exist_ok=True)
    base = output / f"registraturny-dennik-{period}"
    if form is not Format.XLSX:
        write_csv(base.with_suffix(".csv"), COLUMNS, rows)
        sys.stdout.write(f"{base}.csv\n")
    if form is not Format.CSV:
        write_xlsx(base.with_suffix(".xlsx"), f"Denník {period}", COLUMNS, rows)
        sys.stdout.write(f"{base}.xlsx\n")
    told = f"{len(rows)} records" if rows else "nothing was scanned, so the files hold the headings only"
    sys.stdout.write(f"{period}: {told}.\n")


async def _collect(day: datetime | None, month: datetime | None, names: bool) -> tuple[date, list[list[Cell]]]:
    async with reach_services() as services:
        first, last = _span(day, month, services)
        ledger, blobs, city = services.ledger, services.blobs, services.city
        return first, await collect(ledger, blobs, city, services.kinds, first, last, names=names)


def _span(day: datetime | None, month: datetime | None, services: Services) -> tuple[date, date]:
    """The city's days; today when neither is asked for."""
    if day and month:
        raise typer.BadParameter("give --day or --month, not both")
    if month:
        return month.date(), month.date().replace(day=calendar.monthrange(month.year, month.month)[1])
    chosen = day.date() if day else services.clock().astimezone(ZoneInfo(services.city.city.time_zone)).date()
    return chosen, chosen

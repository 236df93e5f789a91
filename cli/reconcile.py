"""`podatelna reconcile`: is everything that was scanned somewhere; what is not is started again."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.run import Json
from cli.state import reach_services
from shared.maintenance import Maintenance
from shared.reconciliation import Report
from shared.reconciliation.report import ENDS, Count, Finding

TOLD = {
    Count.DELIVERED: "delivered",
    Count.REVIEW: "in review",
    Count.QUARANTINED: "quarantined",
    Count.DUPLICATE: "duplicates",
    Count.FAILED: "failed",
    Count.UNDER_WAY: "under way",
}


def reconcile(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day (default: as config/operations.yaml says)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; start nothing again, tell nobody.")] = False,
    as_json: Json = False,
) -> None:
    """Compare the scans with the ledger. Exit status 1 when something is missing or could not be started again."""
    report = asyncio.run(_reconcile(since, dry_run))
    if as_json:
        for finding in report.findings:
            sys.stdout.write(json.dumps(_describe(finding)) + "\n")
        sys.stdout.write(json.dumps({**report.figures(), "balanced": report.balanced}) + "\n")
    else:
        _print(report, dry_run)
    raise typer.Exit(0 if all(finding.restarted for finding in report.findings) else 1)


async def _reconcile(since: datetime | None, dry_run: bool) -> Report:
    async with reach_services() as services:
        day = since.date() if since else None
        return await Maintenance(services).reconcile(since=day, heal=not dry_run, tell=not dry_run)


def _describe(finding: Finding) -> dict[str, object]:
    return asdict(finding) | {"waits": int(finding.waits.total_seconds())}


def _print(report: Report, dry_run: bool) -> None:
    console = Console()
    parts = " + ".join(f"{report.counts[end]} {TOLD[end]}" for end in ENDS)
    missing = f" + [red]{report.counts[Count.MISSING]} missing[/]" if report.counts[Count.MISSING] else ""
    console.print(f"{report.counts[Count.SCANNED]} scanned = {parts}{missing}")
    if not report.findings:
        console.print("[green]Nothing is missing, nothing is stuck.[/]")
        return
    table = Table(header_style="bold")
    for name in ("document or scan", "trouble", "state", "waits", "done"):
        table.add_column(name)
    for finding in report.findings:
        done = "started again" if finding.restarted else "dry run" if dry_run else "[red]look at it[/]"
        trouble = finding.trouble.value + (f" (page {finding.page})" if finding.page else "")
        waits = str(finding.waits).split(".")[0] if finding.waits else ""
        table.add_row(finding.id, trouble, finding.state or "", waits, done)
    console.print(table)

"""`podatelna demo` and `podatelna run`: the whole pipeline on this machine, from the scanner to the departments."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.lines import describe
from cli.paths import collect
from cli.state import fresh
from cli.table import open_console, print_outcome
from local.following import Follower
from local.stack import ROOT, Stack
from shared.bootstrap import build_services
from shared.departments import load_city
from shared.kinds import load_kinds
from shared.model import Fate

SAMPLES = ROOT / "samples"
SCANS = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"}
PATIENCE = 120.0

Paths = Annotated[list[Path], typer.Argument(help="Scans, or folders of scans.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON lines on standard output, and nothing else there.")]


@dataclass
class Outcome:
    """What a run came to."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)


def demo(as_json: Json = False) -> None:
    """Send the samples through the whole pipeline and show where each document went."""
    files = sorted(path for path in SAMPLES.iterdir() if path.suffix in SCANS)
    _finish(asyncio.run(_drive(files, "demo", as_json)), as_json)


def run(paths: Paths, as_json: Json = False) -> None:
    """Send your own scans through the whole pipeline on this machine."""
    _finish(asyncio.run(_drive(collect(paths), "run", as_json)), as_json)


def _finish(outcome: Outcome, as_json: bool) -> None:
    console = open_console(aside=as_json)
    for problem in outcome.unaccounted:
        console.print(f"[red]not accounted for:[/] {problem}")
    raise typer.Exit(1 if outcome.unaccounted else 0)


async def _drive(files: list[Path], name: str, as_json: bool) -> Outcome:
    console = open_console(aside=as_json)
    city = load_city(ROOT / "config" / "departments.yaml")
    outcome = Outcome()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=len(files))
        directory = fresh(name)
        async with Stack(directory, tell=lambda part: progress.update(task, description=f"starting {part}")) as stack:
            progress.update(task, description="reading and delivering")
            await _collect(files, stack, outcome, as_json, lambda: progress.advance(task))
    if not as_json:
        titles = {kind.id: kind.title for kind in load_kinds(ROOT / "config", city).kinds}
        print_outcome(console, outcome.lines, city, titles)
        _print_summary(console, outcome, len(files))
        console.print(
            f"Look at it again: [bold]podatelna up --state {name}[/]; one document: [bold]podatelna status ID[/]"
        )
    return outcome


async def _collect(files: list[Path], stack: Stack, outcome: Outcome, as_json: bool, advance: Any) -> None:
    services = build_services(stack.environment)
    seen: set[Path] = set()
    started = monotonic()
    try:
        zone = services.city.city.time_zone
        follower = Follower(files, blobs=services.blobs, ledger=services.ledger, time_zone=zone)
        async for dropped, record in follower.follow(PATIENCE):
            line = describe(dropped, record, dropped.finished.get(record.id, 0.0) if record else monotonic() - started)
            outcome.lines.append(line)
            if as_json:
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                sys.stdout.flush()
            outcome.unaccounted += _unaccounted(dropped, line)
            if dropped.path not in seen:
                seen.add(dropped.path)
                advance()
    finally:
        await services.close()


def _unaccounted(dropped: Any, line: dict[str, Any]) -> list[str]:
    """What nobody could say where it is: a source without a row, pages without a fate, work that did not end."""
    source = dropped.source
    if source is None:
        return [f"{dropped.path}: the pipeline never saw it"]
    if line["state"] == "failed":
        return [f"{dropped.path}: {line['error']}"]
    homeless = [one.page for one in source.pages if one.fate is Fate.DOCUMENT and not one.document_id]
    return [f"{dropped.path}: page {page} is in no document" for page in homeless]


def _print_summary(console: Console, outcome: Outcome, files: int) -> None:
    states: dict[str, int] = {}
    for line in outcome.lines:
        states[line["state"]] = states.get(line["state"], 0) + 1
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    console.print(f"{files} files, {len(outcome.lines)} outcomes: {told}.")

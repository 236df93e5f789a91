"""What the person at the terminal sees: progress while it works, a table at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.departments import City

PLAIN_WIDTH = 110  # where output goes to a file or a log, whose width nobody knows
COLOURS = {"delivered": "green", "routed": "green", "review": "yellow", "duplicate": "cyan"}


def open_console(*, aside: bool) -> Console:
    """On standard output, or aside on standard error when standard output is for JSON."""
    console = Console(stderr=aside)
    return console if console.is_terminal else Console(stderr=aside, width=PLAIN_WIDTH)


def print_outcome(console: Console, lines: list[dict[str, Any]], city: City, titles: Mapping[str, str]) -> None:
    """One row a document, in the order of the files; `titles` are the Slovak names of kinds by id."""
    options: dict[str, Any] = {"title_justify": "left", "header_style": "bold", "box": SIMPLE, "padding": (0, 1, 0, 0)}
    table = Table(title="Where each document went", expand=True, **options)
    table.add_column("file", overflow="ellipsis", no_wrap=True, max_width=30)
    table.add_column("page", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("department and kind, or why not", overflow="fold", ratio=1)
    table.add_column("sure", justify="right", no_wrap=True)
    for line in sorted(lines, key=lambda one: (one["source"], one["pages"])):
        table.add_row(
            Path(line["source"]).name,
            _span(line["pages"]),
            f"[{COLOURS.get(line['state'], 'red')}]{line['state']}[/]",
            escape(_tell(line, city, titles)),
            f"{line['confidence']:.0%}" if line["confidence"] is not None else "",
        )
    console.print(table)


def _tell(line: dict[str, Any], city: City, titles: Mapping[str, str]) -> str:
    department = city.by_id.get(line["department"] or "")
    if line["error"] or not department:
        return str(line["error"] or (line["reasons"] or ["–"])[0])
    where = f"{department.name}: {titles.get(line['kind'] or '', 'druh neurčený')}"
    return f"{where}\n{line['reasons'][0]}" if line["state"] == "review" and line["reasons"] else where


def _span(pages: list[int]) -> str:
    """`1–3, 5`."""
    spans: list[list[int]] = []
    for page in sorted(pages):
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)

"""What the person at the terminal sees: progress while it works, a table at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.departments import City

COLOURS = {"delivered": "green", "routed": "green", "review": "yellow", "duplicate": "cyan"}


def print_outcome(console: Console, lines: list[dict[str, Any]], city: City) -> None:
    """One row a document, in the order of the files."""
    table = Table(title="Where each document went", title_justify="left", header_style="bold")
    table.add_column("file", overflow="fold")
    for name in ("pages", "state", "department"):
        table.add_column(name)
    table.add_column("sure", justify="right")
    table.add_column("why", overflow="fold")
    for line in sorted(lines, key=lambda one: (one["source"], one["pages"])):
        department = city.by_id.get(line["department"] or "")
        colour = COLOURS.get(line["state"], "red")
        table.add_row(
            Path(line["source"]).name,
            ", ".join(str(page) for page in line["pages"]),
            f"[{colour}]{line['state']}[/]",
            department.name if department else "–",
            f"{line['confidence']:.0%}" if line["confidence"] is not None else "",
            line["error"] or (line["reasons"] or [""])[0],
        )
    console.print(table)

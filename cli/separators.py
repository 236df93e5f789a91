"""`podatelna separators`: a PDF of separator sheets to print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from shared.departments import City, Department, load_city
from shared.errors import ConfigurationError
from shared.settings import config_dir

FONTS = Path(__file__).resolve().parent.parent / "samples" / "fonts"

Departments = Annotated[list[str] | None, typer.Argument(help="Ids of departments; none: one sheet for any document.")]
Every = Annotated[bool, typer.Option("--all", help="One sheet for any document and one for every department.")]
Copies = Annotated[int, typer.Option(help="Copies of each sheet.", min=1, max=100)]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where to write the PDF.")]


def separators(
    departments: Departments = None, every: Every = False, copies: Copies = 1, output: Output = Path("oddelovace.pdf")
) -> None:
    """Write separator sheets: put one before the first page of each document in the feeder."""
    from shared.pages.sheets import print_sheets

    city = load_city(config_dir() / "departments.yaml")
    chosen = [sheet for sheet in _choose(city, departments or [], every) for _ in range(copies)]
    with print_sheets(chosen, city.city.office, FONTS) as sheets:
        sheets.save(output)
    sys.stdout.write(f"{len(chosen)} sheets in {output}\n")


def _choose(city: City, ids: list[str], every: bool) -> list[Department | None]:
    """None stands for the sheet that leaves the department open."""
    if unknown := [name for name in ids if name not in city.by_id]:
        known = ", ".join(city.by_id)
        raise ConfigurationError([f"no department {', '.join(unknown)}; there are {known}"])
    if every:
        return [None, *city.departments]
    return [city.by_id[name] for name in ids] or [None]

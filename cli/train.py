"""`podatelna train`: rebuilds the classifier from the material, bit for bit, or makes a candidate from corrections."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.run import Json
from cli.state import HOME, reach_services
from cli.table import open_console
from local.tessdata import find_tessdata
from shared.classifier.policy import load_policy
from shared.departments import load_city
from shared.kinds import Catalogue, load_kinds
from shared.settings import config_dir
from training.corpus import Example

CANDIDATE = HOME / "candidate"

Corrections = Annotated[
    bool, typer.Option(help="Learn from clerks' corrections too; the result is a candidate, see `evaluate`.")
]
ScanAgain = Annotated[bool, typer.Option(help="First print, degrade and read the scanned material anew (slow).")]
Output = Annotated[Path | None, typer.Option(help="Folder to write to (default: the configuration).")]


def train(
    with_corrections: Corrections = False, scan_again: ScanAgain = False, output: Output = None, as_json: Json = False
) -> None:
    """Rebuild the classifier's model, its threshold and its report."""
    from training.scanned import read_scanned
    from training.train import train as fit
    from training.train import write_training

    console = open_console(aside=as_json)
    folder = config_dir()
    catalogue = load_kinds(folder, load_city(folder / "departments.yaml"))
    if scan_again:
        asyncio.run(_scan(catalogue))
    corrections = asyncio.run(_corrections(catalogue)) if with_corrections else []
    target = output or (CANDIDATE if with_corrections else folder)
    with console.status("learning"):
        costs = load_policy(folder).wrong_delivery_costs
        training = fit(catalogue, costs, read_scanned("training"), corrections)
    write_training(training, target)
    report: dict[str, Any] = {**training.report, "written_to": str(target)}
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    console.print_json(data=report)
    if with_corrections:
        console.print("Compare it with the model in use: [bold]podatelna evaluate --candidate[/]")


async def _scan(catalogue: Catalogue) -> None:
    from shared.adapters.tesseract import Tesseract
    from training.scanned import make_scanned

    engine = Tesseract(find_tessdata(), 2)
    try:
        await make_scanned("training", catalogue, engine, 2)
        await make_scanned("held_out", catalogue, engine, 1)
    finally:
        await engine.close()


async def _corrections(catalogue: Catalogue) -> list[Example]:
    from training.corrections import read_corrections

    async with reach_services() as services:
        return await read_corrections(services.blobs, catalogue)

"""`podatelna evaluate`: how good the classifier is, on what it has not seen and on the user's own labelled files."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.run import Json
from cli.state import HOME, reach_services
from cli.table import open_console
from cli.train import CANDIDATE
from shared.classifier import MODEL_FILE, load_classifier
from shared.classifier.policy import FILE_NAME
from shared.departments import City, load_city
from shared.errors import ConfigurationError
from shared.kinds import load_kinds
from shared.settings import config_dir
from training.measuring import Case, Measurement

REPORT = HOME / "evaluation.html"

Data = Annotated[Path | None, typer.Option(help="A folder with labels.csv (columns file, department).")]
Candidate = Annotated[bool, typer.Option(help="Compare the candidate of `train --with-corrections` with the model.")]
Promote = Annotated[bool, typer.Option(help="Put the candidate in the model's place, unless it is worse.")]
Peer = Annotated[bool, typer.Option(help="Measure paperless-ngx's method on the same data as well (a minute).")]
Decisions = Annotated[int, typer.Option(help="Also try the last N documents that reached a department.", min=0)]
Report = Annotated[Path, typer.Option(help="Where to write the report with plots.")]


def evaluate(
    data: Data = None,
    candidate: Candidate = False,
    promote: Promote = False,
    peer: Peer = False,
    decisions: Decisions = 0,
    report: Report = REPORT,
    as_json: Json = False,
) -> None:
    """Measure the classifier; with a candidate, say whether it may replace the model."""
    from training.evaluate import compare
    from training.plots import report_page

    console = open_console(aside=as_json)
    folder = config_dir()
    city = load_city(folder / "departments.yaml")
    sets = asyncio.run(_collect(data, decisions, folder, city, console))
    measurements = _measure(sets, folder, folder, city)
    if peer:
        measurements += _measure_peer(sets, folder, city, console)
    reasons: list[str] = []
    if candidate or promote:
        if not (CANDIDATE / MODEL_FILE).exists():
            raise ConfigurationError([f"{CANDIDATE}: there is no candidate; run `podatelna train --with-corrections`"])
        other = _measure(sets, folder, CANDIDATE, city)
        reasons = compare(measurements, other)
        measurements += [replace(one, title=f"{one.title} (candidate)") for one in other]
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(report_page("podatelna: the classifier measured", measurements), encoding="utf-8")
    _tell(measurements, report, console, as_json)
    if reasons:
        raise ConfigurationError(["the candidate is worse and stays a candidate:", *reasons])
    if promote:
        _promote(folder)
        console.print("The candidate is now the model.")


async def _collect(
    data: Path | None, decisions: int, folder: Path, city: City, console: Console
) -> list[tuple[str, list[Case]]]:
    from training.corrections import read_decisions
    from training.evaluate import held_out_cases, held_out_scans, read_labels

    catalogue = load_kinds(folder, city)
    sets = [("held-out texts", held_out_cases(catalogue)), ("held-out scans", held_out_scans())]
    if data:
        labelled = read_labels(data, catalogue.departments)
        with console.status(f"reading {len(labelled)} files"):
            from cli.reading import read_files  # OpenCV: the other commands need not wait for it

            texts = await read_files([one.path for one in labelled])
        cases = [Case(one.path.name, text, one.department) for one, text in zip(labelled, texts, strict=True)]
        sets.append((str(data), cases))
    if decisions:
        async with reach_services() as services:
            sets.append(("last decisions", await read_decisions(services.blobs, services.ledger, decisions)))
    return [(title, cases) for title, cases in sets if cases]


def _measure(sets: Sequence[tuple[str, list[Case]]], folder: Path, trained: Path, city: City) -> list[Measurement]:
    from training.evaluate import evaluate as measure

    classifier = load_classifier(folder, city, trained)
    return [measure(classifier, title, cases) for title, cases in sets]


def _measure_peer(
    sets: Sequence[tuple[str, list[Case]]], folder: Path, city: City, console: Console
) -> list[Measurement]:
    from training.corpus import training_examples
    from training.measuring import measure
    from training.peer import train_peer
    from training.scanned import read_scanned
    from training.train import EXAMPLES

    examples = [*training_examples(load_kinds(folder, city), EXAMPLES), *read_scanned("training")]
    with console.status("training the peer"):
        classify = train_peer(examples, load_classifier(folder, city).threshold)
    return [measure(f"{title} (paperless-ngx method)", cases, classify) for title, cases in sets]


def _tell(measurements: Sequence[Measurement], report: Path, console: Console, as_json: bool) -> None:
    if as_json:
        for one in measurements:
            sys.stdout.write(json.dumps(one.as_dict(), ensure_ascii=False) + "\n")
        return
    heads = ("set", "documents", "right first", "sent without asking", "right of sent")
    table = Table(*heads, box=None, header_style="bold")
    for one in measurements:
        right = "–" if one.right_of_sent is None else f"{one.right_of_sent:.1%}"
        table.add_row(one.title, str(one.documents), f"{one.right_first:.1%}", f"{one.sent:.1%}", right)
    console.print(table)
    console.print(f"Report with plots: [bold]{report}[/]")


def _promote(folder: Path) -> None:
    from training.train import REPORT_FILE

    for name in (MODEL_FILE, REPORT_FILE, Path(FILE_NAME)):
        shutil.copyfile(CANDIDATE / name, folder / name)

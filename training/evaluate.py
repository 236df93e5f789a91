"""Measures the classifier on held-out and labelled texts, and compares a candidate with the current model."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.classifier import CityClassifier
from shared.errors import ConfigurationError
from shared.kinds import Catalogue
from shared.model import MAILROOM, Decision, DocumentText, Line, PageText, Word
from training.corpus import held_out_examples
from training.measuring import Case, Measurement, measure
from training.scanned import read_scanned

LABELS = "labels.csv"
HELD_OUT_EXAMPLES = 6
WHOLE_PAGE = (0.0, 0.0, 1.0, 1.0)
TOLERANCE = 0.005


@dataclass(frozen=True)
class Labelled:
    """A file of a folder with labels.csv."""

    path: Path
    department: str


def as_document(text: str, name: str = "text") -> DocumentText:
    """A plain text as an engine would give it; a form feed starts a page."""
    pages = [
        PageText(
            page=number,
            lines=[
                Line(words=[Word(text=word, box=WHOLE_PAGE, confidence=1.0) for word in line.split()])
                for line in page.splitlines()
                if line.strip()
            ],
        )
        for number, page in enumerate(text.split("\f"), 1)
    ]
    return DocumentText(document_id=name, engine="text", pages=pages)


def read_labels(folder: Path, departments: Sequence[str]) -> list[Labelled]:
    """Raises ConfigurationError with every bad row at once."""
    path = folder / LABELS
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read; write a CSV with columns file, department"]) from error
    if not rows or not {"file", "department"} <= rows[0].keys():
        raise ConfigurationError([f"{path}: needs columns file, department and at least one row"])
    problems, labelled = [], []
    for number, row in enumerate(rows, 2):
        found = next(
            (folder / place / row["file"] for place in (".", "texts") if (folder / place / row["file"]).is_file()), None
        )
        department = row["department"] or MAILROOM
        if found is None:
            problems.append(f"{path}:{number}: there is no file '{row['file']}' in {folder}")
        elif department not in (*departments, MAILROOM):
            problems.append(f"{path}:{number}: no department '{department}'; write one of {', '.join(departments)}")
        else:
            labelled.append(Labelled(found, department))
    if problems:
        raise ConfigurationError(problems)
    return labelled


def held_out_cases(catalogue: Catalogue) -> list[Case]:
    examples = held_out_examples(catalogue, HELD_OUT_EXAMPLES)
    return [
        Case(f"{example.label} {number}", example.text, example.department) for number, example in enumerate(examples)
    ]


def held_out_scans() -> list[Case]:
    return [Case(f"{e.label} {number}", e.text, e.department) for number, e in enumerate(read_scanned("held_out"))]


def evaluate(classifier: CityClassifier, title: str, cases: Sequence[Case]) -> Measurement:
    def classify(text: str) -> Decision:
        return classifier.classify(as_document(text))

    return measure(title, cases, classify)


def compare(current: Sequence[Measurement], candidate: Sequence[Measurement]) -> list[str]:
    """Why the candidate must not replace the current model, over all sets; `current` may hold more than `candidate`."""
    by_title = {measurement.title: measurement for measurement in current}
    return [reason for one in candidate for reason in refusals(by_title[one.title], one)]


def refusals(current: Measurement, candidate: Measurement) -> list[str]:
    """Why a candidate must not replace the current model; empty when it is at least as good, within noise."""
    reasons = []
    if candidate.right_first < current.right_first - TOLERANCE:
        reasons.append(f"right first falls from {current.right_first:.1%} to {candidate.right_first:.1%}")
    if (candidate.right_of_sent or 1.0) < (current.right_of_sent or 1.0) - TOLERANCE:
        reasons.append(f"right of sent falls from {current.right_of_sent:.1%} to {candidate.right_of_sent:.1%}")
    return [f"{current.title}: {reason}" for reason in reasons]

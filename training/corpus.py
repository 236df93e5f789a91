"""Examples to learn from and to be measured on, made from the material; the same seed gives the same texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from shared.kinds import Catalogue
from training import held_out_layouts, layouts
from training.layouts import Layout, Words
from training.material import AGENDA, NOBODY, Bank, read_banks, read_boilerplate
from training.noise import worn

SEED = 20250401
FOLDS = 2
OFFICIAL_TITLES = 0.4


@dataclass(frozen=True)
class Example:
    """A text and the label it should get: a kind, `<department>.*` for its agenda, or `nobody.<sort>`."""

    text: str
    label: str
    department: str


def training_examples(catalogue: Catalogue, per_kind: int, fold: int | None = None) -> list[Example]:
    """`fold`: without the phrases of that fold of each bank, so that a model can be tried on what it has not seen."""
    banks = read_banks("training", catalogue)
    if fold is not None:
        banks = [bank.part(fold, FOLDS, inside=False) for bank in banks]
    return _compose(banks, catalogue, per_kind, "training", 1.0)


def unseen_examples(catalogue: Catalogue, per_kind: int, fold: int) -> list[Example]:
    """Documents made only of the phrases of one fold; four in ten carry an official title of the catalogue."""
    banks = [bank.part(fold, FOLDS, inside=True) for bank in read_banks("training", catalogue)]
    return _compose(banks, catalogue, per_kind, "training", OFFICIAL_TITLES)


def held_out_examples(catalogue: Catalogue, per_kind: int) -> list[Example]:
    """Other words and other layouts than training; no title of the catalogue."""
    banks = read_banks("held_out", catalogue)
    return [e for e in _compose(banks, catalogue, per_kind, "held_out", 0.0) if not e.label.endswith(AGENDA)]


def clean_examples(catalogue: Catalogue, side: str, per_kind: int) -> list[Example]:
    """Documents as printed, to be rendered and scanned for real; other ones than those of the other functions."""
    examples = _compose(read_banks(side, catalogue), catalogue, per_kind, side, 1.0, wear=False)
    return [example for example in examples if not example.label.endswith(AGENDA)]


def phrase_examples(catalogue: Catalogue, fold: int | None = None) -> list[tuple[str, str]]:
    """Single phrases with their department: the material's, the catalogue's, and boilerplate, which is nobody's."""
    pairs = []
    for bank in read_banks("training", catalogue):
        part = bank if fold is None else bank.part(fold, FOLDS, inside=False)
        owner = "" if bank.department == NOBODY else bank.department
        pairs += [(phrase, owner) for phrases in part.phrases.values() for phrase in phrases]
    pairs += [(phrase, "") for phrases in read_boilerplate("training").values() for phrase in phrases]
    for kind in catalogue.kinds:
        pairs += [(phrase, kind.department) for phrase in (kind.title, *kind.titles, *kind.phrases, *kind.terms)]
    return pairs


def _compose(
    banks: Sequence[Bank],
    catalogue: Catalogue,
    per_kind: int,
    side: str,
    official_titles: float,
    *,
    wear: bool = True,
) -> list[Example]:
    boilerplate = read_boilerplate(side)
    agendas = {bank.department: bank for bank in banks if bank.kind.endswith(AGENDA)}
    examples = []
    for bank in banks:
        random = Random(f"{SEED}/{side}/{bank.kind}/{wear}")
        kind = catalogue.by_id.get(bank.kind)
        official = [kind.title, *kind.titles] if kind and side == "training" else []
        agenda = agendas.get(bank.department, Bank(AGENDA, bank.department))
        choices = _layouts(bank, side)
        for _ in range(_how_many(bank, per_kind)):
            use_official = random.random() < official_titles
            titles = [*bank.get("titles"), *(official if use_official else [])] or official or [""]
            words = Words(random, bank, agenda, titles, boilerplate)
            layout = random.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
            text = "\n".join(line for line in layout(words) if line)
            department = "" if bank.department == NOBODY else bank.department
            examples.append(Example(worn(text, random) if wear else text, bank.kind, department))
    return examples


def _how_many(bank: Bank, per_kind: int) -> int:
    return per_kind * 3 if bank.kind.endswith(AGENDA) else per_kind


def _layouts(bank: Bank, side: str) -> Sequence[tuple[Layout, int]]:
    if bank.department == NOBODY:
        return layouts.PLAIN if side == "training" else held_out_layouts.PLAIN
    if side == "held_out":
        return held_out_layouts.COMMON
    if bank.kind.endswith(AGENDA):
        return layouts.AGENDA_PAGES
    return layouts.INVOICES if bank.kind == "faktura" else layouts.COMMON

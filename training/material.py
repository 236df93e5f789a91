"""The vocabulary of each kind of document, read from training/material.

A bank file holds sections `[kind id]` (`[*]`: the department's whole agenda) of lines `key: item | item`; a line
that starts with `#` is a comment. Training and held-out banks share no line; `check_apart` makes sure of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.errors import ConfigurationError
from shared.kinds import Catalogue

FOLDER = Path(__file__).parent / "material"
AGENDA = "*"
NOBODY = "nobody"
KEYS = ("titles", "about", "labels", "docs", "letter", "agenda", "words", "text")


@dataclass(frozen=True)
class Bank:
    """The words of one kind (or of a department's agenda): one list of phrases for each key."""

    kind: str
    department: str
    phrases: Mapping[str, list[str]] = field(default_factory=dict)

    def get(self, key: str) -> list[str]:
        return self.phrases.get(key, [])

    def part(self, fold: int, folds: int, *, inside: bool) -> Bank:
        """Only the phrases of one fold, or all others: what a model has not seen, or has."""
        chosen = {
            key: [item for number, item in enumerate(items) if (number % folds == fold) is inside]
            for key, items in self.phrases.items()
        }
        return Bank(self.kind, self.department, chosen)


def read_sections(path: Path) -> dict[str, dict[str, list[str]]]:
    """Raises ConfigurationError naming file and line."""
    sections: dict[str, dict[str, list[str]]] = {}
    current: dict[str, list[str]] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], {})
            continue
        key, colon, items = line.partition(": ")
        if not colon or key not in KEYS or current is None:
            raise ConfigurationError([f"{path}:{number}: write `[kind]` or `key: item | item` with key of {KEYS}"])
        current.setdefault(key, []).extend(item.strip() for item in items.split(" | ") if item.strip())
    return sections


def read_banks(side: str, catalogue: Catalogue) -> list[Bank]:
    """The banks of `training` or `held_out`; raises ConfigurationError for a kind without material or without entry."""
    banks: list[Bank] = []
    problems: list[str] = []
    for path in sorted((FOLDER / side).glob("*.txt")):
        department = path.stem
        for name, phrases in read_sections(path).items():
            if department == NOBODY or name == AGENDA:
                banks.append(Bank(f"{department}.{name}", department, phrases))
            elif name not in catalogue.by_id or catalogue.by_id[name].department != department:
                problems.append(f"{path}: [{name}] is no kind of '{department}' in document_kinds.yaml")
            else:
                banks.append(Bank(name, department, phrases))
    missing = sorted(catalogue.by_id.keys() - {bank.kind for bank in banks})
    problems += [f"{FOLDER / side}: no material for kind '{name}'; add a section [{name}]" for name in missing]
    if problems:
        raise ConfigurationError(problems)
    return banks


def read_boilerplate(side: str) -> dict[str, list[str]]:
    return {name: phrases["text"] for name, phrases in read_sections(FOLDER / "boilerplate" / f"{side}.txt").items()}


def check_apart(training: list[Bank], held_out: list[Bank]) -> list[str]:
    """Phrases that stand on both sides, which would make the held-out figures a lie."""
    seen = {item.casefold() for bank in training for items in bank.phrases.values() for item in items}
    return sorted(
        {item for bank in held_out for items in bank.phrases.values() for item in items if item.casefold() in seen}
    )

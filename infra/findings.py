"""One thing a check looked at, and how a list of them is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console


@dataclass(frozen=True)
class Finding:
    """`advice` says what to do when it is not good."""

    what: str
    good: bool
    advice: str = ""


def show(findings: Iterable[Finding], console: Console) -> bool:
    """Prints each finding as it comes; tells whether all were good."""
    all_good = True
    for finding in findings:
        console.print(("[green]✓[/] " if finding.good else "[red]✗[/] ") + finding.what.replace("[", r"\["))
        if not finding.good:
            all_good = False
            console.print(f"    {finding.advice}", markup=False)
    return all_good

"""Gives the functions' identity what it needs in Microsoft 365, and nothing more. Shows the plan; `--apply` does it.

uv run python -m infra.grant_microsoft365 --tenant … --client-id … --principal-id … --name id-podatelna-prod-…
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import typer
from rich.console import Console

from infra.microsoft365 import Action, Identity, exchange_commands, plan
from infra.rest import RestError
from infra.sign_in import NotSignedIn, administrator, graph
from shared.departments import load_city
from shared.errors import ConfigurationError

DEPARTMENTS = Path(__file__).resolve().parent.parent / "config" / "departments.yaml"
RIGHTS = ("Application.Read.All", "AppRoleAssignment.ReadWrite.All", "Sites.FullControl.All")


def carry_out(actions: Iterable[Action], apply: bool, console: Console) -> int:
    """How many things are still missing afterwards. One that fails does not keep the others from being done."""
    left = 0
    for action in actions:
        if action.apply is None or not apply:
            console.print(("would " if action.apply else "by hand: ") + action.what, markup=False)
            left += 1
            continue
        try:
            action.apply()
            console.print(f"done: {action.what}", markup=False)
        except RestError as error:
            console.print(f"failed: {action.what}: {error}", markup=False)
            left += 1
    return left


def main(tenant: str, client_id: str, principal_id: str, name: str, apply: bool = False) -> None:
    """Exit status 1 while something is missing."""
    console = Console(width=200)
    try:
        city = load_city(DEPARTMENTS)
        identity = Identity(client_id, name)
        left = carry_out(plan(graph(administrator(tenant, *RIGHTS)), city, identity), apply, console)
    except (NotSignedIn, RestError, ConfigurationError) as error:
        sys.exit(f"grant_microsoft365: {error}")
    commands = exchange_commands(city, identity, principal_id)
    if commands:
        console.print(f"\nMail as {city.city.mailbox} only; an Exchange administrator runs once in PowerShell:")
        for command in commands:
            console.print(f"    {command}", markup=False)
    console.print("\nnothing is missing" if not left else f"\n{left} missing" + ("" if apply else "; --apply mends it"))
    raise typer.Exit(1 if left else 0)


if __name__ == "__main__":
    typer.run(main)

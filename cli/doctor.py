"""`podatelna doctor`: what is missing on this machine or in this environment, and how to get it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from cli.run import Json
from infra.findings import Finding
from local.stack import AZURITE, ROOT
from local.tessdata import find_tessdata
from shared.bootstrap import build_services
from shared.departments import load_city
from shared.errors import ConfigurationError
from shared.kinds import load_kinds

OLDEST_NODE = 20


Azure = Annotated[bool, typer.Option("--azure", help="Check a deployed environment instead of this machine.")]
Environment = Annotated[str, typer.Option(help="With --azure: which environment, where a resource group has several.")]


def doctor(as_json: Json = False, azure: Azure = False, environment: Environment = "") -> None:
    """Check this machine and the configuration; exit status 1 when something is missing."""
    if azure:
        from cli.doctor_azure import check_environment

        findings = list(check_environment(load_city(ROOT / "config" / "departments.yaml"), environment))
    else:
        findings = [finding for check in CHECKS for finding in check()]
    if as_json:
        for finding in findings:
            sys.stdout.write(json.dumps(asdict(finding), ensure_ascii=False) + "\n")
    else:
        console = Console()
        for finding in findings:
            console.print(("[green]✓[/] " if finding.good else "[red]✗[/] ") + finding.what)
            if not finding.good:
                console.print(f"    {finding.advice}", markup=False)
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


def check_python() -> Iterator[Finding]:
    version = sys.version_info
    yield Finding(
        f"Python {version.major}.{version.minor}",
        (3, 11) <= version[:2] < (3, 14),
        "install Python 3.11, 3.12 or 3.13 and run `uv sync` again",
    )


def check_node() -> Iterator[Finding]:
    node = shutil.which("node")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""  # noqa: S603
    major = int(said.lstrip("v").split(".")[0] or 0) if said else 0
    yield Finding(f"Node {said.strip() or 'missing'}", major >= OLDEST_NODE, "install Node 20 or newer (nodejs.org)")
    yield Finding("Azurite and the card renderer", AZURITE.exists(), f"run `npm ci` in {ROOT}")


def check_tesseract() -> Iterator[Finding]:
    try:
        yield Finding(f"Slovak data of Tesseract in {find_tessdata()}", True)
    except ConfigurationError as error:
        yield Finding("Slovak data of Tesseract", False, str(error))


def check_configuration() -> Iterator[Finding]:
    path = ROOT / "config"
    try:
        city = load_city(path / "departments.yaml")
        yield Finding(f"config/departments.yaml: {len(city.departments)} departments", True)
        kinds = load_kinds(path, city)
        yield Finding(f"config/document_kinds.yaml: {len(kinds.kinds)} kinds of document", True)
    except ConfigurationError as error:
        for problem in error.problems:
            yield Finding("configuration", False, problem)


def check_settings() -> Iterator[Finding]:
    """Only where settings point at Azure; a laptop's stack makes its own."""
    if not any(name.startswith(("STORAGE", "SERVICEBUS")) for name in os.environ):
        return
    try:
        build_services()
        yield Finding("settings", True)
    except ConfigurationError as error:
        for problem in error.problems:
            yield Finding("settings", False, problem)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_node,
    check_tesseract,
    check_configuration,
    check_settings,
)

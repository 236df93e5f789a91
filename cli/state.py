"""Where the local stack keeps its state, and how other commands reach the one that runs, ran last, or is in Azure."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer

from local.stack import Stack
from shared.bootstrap import Services, build_services

HOME = Path(".podatelna")
RUNNING = HOME / "running.json"
LAST = HOME / "last"


def fresh(name: str) -> Path:
    """An empty folder for one run; what an earlier one left is removed."""
    directory = HOME / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    LAST.write_text(str(directory), encoding="utf-8")
    return directory


def kept(name: str) -> Path:
    """The folder of a stack that goes on where it stopped."""
    directory = HOME / name
    directory.mkdir(parents=True, exist_ok=True)
    LAST.write_text(str(directory), encoding="utf-8")
    return directory


def announce(stack: Stack) -> None:
    """Let other commands reach a stack that stays up. Holds this machine's own keys: readable by its user only."""
    RUNNING.parent.mkdir(parents=True, exist_ok=True)
    RUNNING.touch(mode=0o600)
    RUNNING.write_text(json.dumps(stack.environment), encoding="utf-8")


def withdraw() -> None:
    RUNNING.unlink(missing_ok=True)


@asynccontextmanager
async def reach_services() -> AsyncIterator[Services]:
    """Azure when the environment names its storage, else the local stack that runs, else the one that ran last."""
    if any(name.startswith("STORAGE") for name in os.environ):
        services = build_services()
    elif RUNNING.exists():
        services = build_services(json.loads(RUNNING.read_text(encoding="utf-8")))
    elif LAST.exists():
        directory = Path(LAST.read_text(encoding="utf-8"))
        async with Stack(directory, parts=("azurite", "servicebus", "microsoft365")) as stack:
            services = build_services(stack.environment)
            try:
                yield services
            finally:
                await services.close()
        return
    else:
        raise typer.BadParameter(
            "nothing to ask: no local stack runs or has run here; start `podatelna demo` or `podatelna up`, "
            "or set the settings of the Azure environment"
        )
    try:
        yield services
    finally:
        await services.close()

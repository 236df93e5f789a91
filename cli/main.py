"""The `podatelna` command."""

from __future__ import annotations

import sys

import typer

from cli import (
    classify,
    doctor,
    evaluate,
    journal,
    move,
    reconcile,
    replay,
    retention,
    run,
    separators,
    status,
    train,
    up,
)
from local.processes import StartFailure
from shared.errors import PodatelnaError

app = typer.Typer(
    name="podatelna",
    help="The digital mailroom of a city hall: reads scans and delivers them to the right department.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(run.demo)
app.command()(run.run)
app.command()(classify.classify)
app.command()(up.up)
app.command()(status.status)
app.command()(move.move)
app.command()(replay.replay)
app.command()(reconcile.reconcile)
app.add_typer(journal.journal, name="journal")
app.add_typer(retention.retention, name="retention")
app.command()(separators.separators)
app.command()(train.train)
app.command()(evaluate.evaluate)
app.command()(doctor.doctor)


def main() -> None:
    """Run the command; what a person can mend is told in a sentence, not as a traceback."""
    try:
        app()
    except (PodatelnaError, StartFailure) as error:
        sys.stderr.write(f"podatelna: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

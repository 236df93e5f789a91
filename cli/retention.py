"""`podatelna retention`: delete what is past its period, and keep single documents longer."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from cli.run import Json
from cli.state import reach_services
from shared.bootstrap import Services
from shared.maintenance import Maintenance
from shared.retention import Expiry
from shared.retention import hold as hold_document
from shared.retention import release as release_document

retention = typer.Typer(help="Delete what is past its period, or keep a document longer.", no_args_is_help=True)
Document = Annotated[str, typer.Argument(help="The document's id.")]


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    as_json: Json = False,
) -> None:
    """Delete scans, text and details after the periods in config/operations.yaml, once delivery is confirmed."""

    async def delete(services: Services) -> Expiry:
        return await Maintenance(services).delete_expired(dry_run=dry_run)

    expiry = _with_services(delete)
    if as_json:
        told = {"deleted": expiry.deleted, "held": expiry.held, "undelivered": expiry.undelivered, "dry_run": dry_run}
        sys.stdout.write(json.dumps(told) + "\n")
        return
    verb = "would be deleted" if dry_run else "deleted"
    for what, count in sorted(expiry.deleted.items()):
        sys.stdout.write(f"{what}: {count} {verb}\n")
    for why, documents in (("held", expiry.held), ("not delivered", expiry.undelivered)):
        if documents:
            sys.stdout.write(f"kept because {why}: {', '.join(sorted(documents))}\n")
    if not expiry.deleted:
        sys.stdout.write("nothing is past its period\n")


@retention.command()
def hold(document: Document, reason: Annotated[str, typer.Option(help="Why; stays in the ledger.")]) -> None:
    """Keep everything of a document, and the scan it came in, until it is released."""
    _with_services(lambda s: hold_document(document, reason, who=getpass.getuser(), ledger=s.ledger, clock=s.clock))
    sys.stdout.write(f"{document}: held\n")


@retention.command()
def release(document: Document) -> None:
    """End a hold; the document's periods count as if it had never been held."""
    _with_services(lambda s: release_document(document, who=getpass.getuser(), ledger=s.ledger, clock=s.clock))
    sys.stdout.write(f"{document}: released\n")


def _with_services(work: Callable[[Services], Awaitable[Any]]) -> Any:
    async def reach() -> Any:
        async with reach_services() as services:
            return await work(services)

    return asyncio.run(reach())

"""`podatelna move`: give a document to another department."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from typing import Annotated

import typer

from cli.run import Json
from cli.state import reach_services
from shared.delivery import move_document
from shared.errors import PermanentError
from shared.model import DocumentRecord


def move(
    document: Annotated[str, typer.Argument(help="The document's id, as on its card.")],
    to: Annotated[str, typer.Option(help="The department's id in config/departments.yaml.")],
    kind: Annotated[str | None, typer.Option(help="The right kind, from config/document_kinds.yaml.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    who: Annotated[str | None, typer.Option(help="Who decided (default: your user name).")] = None,
    as_json: Json = False,
) -> None:
    """Move a document: its file goes along, the old card is superseded, the correction is kept for training."""
    record = asyncio.run(_move(document, to, kind, reason, who or getpass.getuser()))
    if as_json:
        sys.stdout.write(json.dumps(record.model_dump(mode="json"), ensure_ascii=False) + "\n")
        return
    sys.stdout.write(
        f"{record.id} goes to {to} as version {record.version}; follow it with: podatelna status {record.id}\n"
    )


async def _move(document: str, to: str, kind: str | None, reason: str, who: str) -> DocumentRecord:
    async with reach_services() as s:
        try:
            return await move_document(
                document,
                to,
                who=who,
                reason=reason,
                kind=kind,
                blobs=s.blobs,
                ledger=s.ledger,
                bus=s.bus,
                city=s.city,
                kinds=s.kinds,
                clock=s.clock,
            )
        except PermanentError as error:
            # The command line speaks to whom the mailroom's reason is meant for.
            raise PermanentError(f"{error.reason} {error.advice}".strip()) from error

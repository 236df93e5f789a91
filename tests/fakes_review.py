"""The review desk over an office in memory, asked directly or through the functions."""

from __future__ import annotations

from typing import Any

import azure.functions as func

from functions.review import review_blueprint
from local.host.app import Function, index
from shared.model import MAILROOM, Candidate, DocumentRecord, SourceRecord, State
from shared.review.answering import answer
from shared.review.desk import Desk
from shared.review.exchange import Ask, Reply, View
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, Office

CLERK, COLLEAGUE = "jana@urad.example", "peter@urad.example"
DESK_URL = "https://stol.example/api/desk"


def open_desk(office: Office) -> Desk:
    return Desk(
        blobs=office.blobs,
        ledger=office.ledger,
        bus=office.bus,
        city=CITY,
        kinds=KINDS,
        desk_url=DESK_URL,
        clock=office.clock,
    )


async def put_on_desk(office: Office, **changes: Any) -> DocumentRecord:
    """A document that waits for a decision, filed and announced in the mailroom."""
    guesses = [Candidate(department="majetok", confidence=0.5), Candidate(department="stavebny-urad", confidence=0.3)]
    record = await office.route(MAILROOM, **{"kind": "najom", "confidence": 0.5, "candidates": guesses, **changes})
    await office.deliver_all()
    return await office.ledger.document(record.id)


def scanned(code: str, **changes: Any) -> SourceRecord:
    source = SourceRecord(
        id=f"20261120-{code}", name=f"{code}.pdf", etag="e", size=3, received_at=NOON, state=State.QUARANTINED
    )
    return source.model_copy(update=changes)


async def look(office: Office, view: View, document_id: str = "", *, who: str = CLERK, **query: str) -> Reply:
    return await answer(open_desk(office), view, Ask(who=who, route={"id": document_id}, query=query))


async def act(office: Office, record: DocumentRecord, *, who: str = CLERK, **form: str) -> Reply:
    """A form of the document's page is sent."""
    form = {"verzia": str(record.version), **form}
    ask = Ask(who=who, route={"id": record.id}, form=form, fetch_site="same-origin")
    return await answer(open_desk(office), View.ACT, ask)


class DeskOnly:
    """What functions/review.py needs of the mailroom."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def serve_desk(self, view: View, ask: Ask) -> Reply:
        return await answer(open_desk(self._office), view, ask)


def desk_functions(office: Office) -> list[Function]:
    """The functions as a host indexes them."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    mailroom: Any = DeskOnly(office)
    app.register_functions(review_blueprint(mailroom))
    return index(app)

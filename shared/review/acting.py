"""A form of a document's page: which deed it asks for, and the page that follows."""

from __future__ import annotations

from shared.delivery.replay import replay_document
from shared.errors import PermanentError
from shared.model import DocumentRecord, State
from shared.review import pages, queues
from shared.review.decisions import close, decide
from shared.review.desk import Desk
from shared.review.dossier import leaves_office
from shared.review.exchange import Ask, Reply


async def act(desk: Desk, ask: Ask) -> Reply:
    record = await desk.record(ask)
    match ask.form.get("krok"):
        case "rozhodnut":
            return await _decide(desk, ask, record)
        case "vybavit":
            await close(
                record.id,
                ask.form.get("dovod", ""),
                version=_seen_version(ask),
                who=ask.who,
                note=ask.form.get("poznamka", ""),
                ledger=desk.ledger,
                city=desk.city,
                clock=desk.clock,
            )
        case "opakovat":
            await replay_document(record.id, who=ask.who, ledger=desk.ledger, bus=desk.bus, clock=desk.clock)
        case _:
            raise PermanentError("no such deed", reason="Nie je jasné, čo sa má s dokumentom urobiť.")
    return await _go_on(desk, record)


async def _decide(desk: Desk, ask: Ask, record: DocumentRecord) -> Reply:
    """A button goes before the list of departments; what leaves the office is asked about once more."""
    to = ask.form.get("navrh") or ask.form.get("kam", "")
    goal = desk.city.by_id.get(to)
    if goal is None:
        advice = "Vráťte sa na dokument a vyberte, kam patrí."
        raise PermanentError("no department chosen", reason="Nie je vybrané oddelenie.", advice=advice)
    if leaves_office(goal) and ask.form.get("potvrdene") != "ano":
        entry = queues.describe(record, desk.words)
        return desk.page("confirm.html", ask, entry=entry, goal=goal, form=ask.form)
    await decide(
        record.id,
        to,
        version=_seen_version(ask),
        who=ask.who,
        note=ask.form.get("poznamka", ""),
        kind=ask.form.get("druh") or None,
        blobs=desk.blobs,
        ledger=desk.ledger,
        bus=desk.bus,
        city=desk.city,
        kinds=desk.kinds,
        clock=desk.clock,
    )
    return await _go_on(desk, record)


async def _go_on(desk: Desk, before: DocumentRecord) -> Reply:
    """To the next of the same list, else to the list; who came from a card sees the document again."""
    following = await desk.following(before)
    if following:
        page = f"/dokument/{following}"
    else:
        page = {State.REVIEW: "", State.FAILED: "/nepodarilo-sa"}.get(before.state, f"/dokument/{before.id}")
    return pages.redirect(f"{desk.base}{page}?hotovo={before.id}")


def _seen_version(ask: Ask) -> int:
    """The version of the document that the person saw."""
    seen = ask.form.get("verzia", "")
    if not seen.isdecimal():
        raise PermanentError("no version in the form", reason="Stránka je neúplná.", advice="Otvorte dokument znova.")
    return int(seen)

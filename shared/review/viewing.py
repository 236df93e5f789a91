"""The desk's pages and files; none of them changes anything."""

from __future__ import annotations

from shared.delivery.contents import read_contents
from shared.departments import Role
from shared.effects import place_of
from shared.errors import UnknownDocument
from shared.model import MAILROOM, DocumentRecord, State
from shared.review import pages, queues
from shared.review.decisions import WAYS
from shared.review.desk import SOURCE_ID, Desk
from shared.review.dossier import read_dossier
from shared.review.exchange import Ask, Reply
from shared.review.scans import read_account, read_original


async def show_waiting(desk: Desk, ask: Ask) -> Reply:
    return await _show_list(desk, ask, "waiting.html", State.REVIEW)


async def show_failed(desk: Desk, ask: Ask) -> Reply:
    return await _show_list(desk, ask, "failed.html", State.FAILED)


async def _show_list(desk: Desk, ask: Ask, template: str, state: State) -> Reply:
    everything = ask.query.get("vsetko") == "1"
    entries = await queues.read_documents(
        state, ledger=desk.ledger, words=desk.words, now=desk.clock(), everything=everything
    )
    done = await desk.done(ask)
    return desk.page(template, ask, entries=entries, everything=everything, days=queues.DAYS, done=done)


async def show_scans(desk: Desk, ask: Ask) -> Reply:
    days = queues.DAYS if ask.query.get("dni") == str(queues.DAYS) else queues.RECENT_DAYS
    scans = await queues.read_scans(ledger=desk.ledger, words=desk.words, now=desk.clock(), days=days)
    return desk.page("scans.html", ask, scans=scans, days=days, more=queues.DAYS)


async def show_decided(desk: Desk, ask: Ask) -> Reply:
    decided = await queues.read_decided(ledger=desk.ledger, words=desk.words, now=desk.clock())
    return desk.page("decided.html", ask, decided=decided, days=queues.RECENT_DAYS)


async def show_document(desk: Desk, ask: Ask) -> Reply:
    """A card about a scan leads here too."""
    if SOURCE_ID.fullmatch(ask.route.get("id", "")):
        return pages.redirect(f"{desk.base}/sken/{ask.route['id']}")
    record = await desk.record(ask)
    dossier = await read_dossier(record, blobs=desk.blobs, ledger=desk.ledger, city=desk.city, words=desk.words)
    inside, outside = _departments(desk, record)
    return desk.page(
        "document.html",
        ask,
        dossier=dossier,
        inside=inside,
        outside=outside,
        kinds=_kinds(desk),
        ways=WAYS,
        following=await desk.following(record),
        done=await desk.done(ask),
        away=ask.query.get("krok") == "nepatri-nam",
    )


def _departments(desk: Desk, record: DocumentRecord) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Where the document could go, within the office and outside, as ids and names."""
    goals = [d for d in desk.city.departments if d.id not in (place_of(record), MAILROOM)]
    inside = [(d.id, d.name) for d in goals if d.role is not Role.AUTHORITY]
    return inside, [(d.id, d.name) for d in goals if d.role is Role.AUTHORITY]


def _kinds(desk: Desk) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds as ids and titles, under the name of their department."""
    groups = [
        (d.name, [(kind.id, kind.title) for kind in desk.kinds.kinds if kind.department == d.id])
        for d in desk.city.departments
    ]
    return [(name, group) for name, group in groups if group]


async def show_pdf(desk: Desk, ask: Ask) -> Reply:
    record = await desk.record(ask)
    contents = await read_contents(desk.blobs, record)
    return pages.show_file(contents.pdf, "application/pdf", f"{record.id}.pdf")


async def show_scan(desk: Desk, ask: Ask) -> Reply:
    source = await desk.source(ask)
    account = await read_account(source, blobs=desk.blobs, ledger=desk.ledger, words=desk.words)
    return desk.page("scan.html", ask, account=account)


async def hand_over_scan(desk: Desk, ask: Ask) -> Reply:
    stored = await read_original(await desk.source(ask), desk.blobs)
    return pages.hand_over(stored.data, stored.name)


async def show_scanned_page(desk: Desk, ask: Ask) -> Reply:
    source, number = await desk.source(ask), ask.route.get("page", "")
    if not any(str(page.page) == number for page in source.pages):
        raise UnknownDocument(f"no such page in {source.id}", reason="Taká strana v skene nie je.")
    picture = await desk.blobs.read("previews", f"{source.id}/{number}.jpg")
    return pages.show_file(picture, "image/jpeg", f"{source.id}-{number}.jpg")


async def show_asset(desk: Desk, ask: Ask) -> Reply:
    found = pages.asset(ask.route.get("name", ""))
    if found is None:
        raise UnknownDocument("no such asset", reason="Taký súbor tu nie je.")
    return found

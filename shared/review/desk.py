"""The desk: from a request to an answer, and from what can go wrong to a page that says so."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from shared.delivery.contents import read_contents
from shared.delivery.replay import replay_document
from shared.departments import City, Role
from shared.effects import place_of
from shared.errors import LedgerConflict, PermanentError, TransientError, UnknownDocument
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, SourceRecord, State
from shared.ports import Blobs, Bus, Ledger
from shared.review import pages, queues
from shared.review.decisions import WAYS, close, decide
from shared.review.dossier import leaves_office, read_dossier
from shared.review.exchange import Ask, Reply, View
from shared.review.gate import refuse
from shared.review.scans import read_account, read_original
from shared.review.words import Wording

logger = logging.getLogger(__name__)
SOURCE_ID = re.compile(r"\d{8}-[0-9A-HJKMNP-TV-Z]{8}")
DOCUMENT_ID = re.compile(rf"{SOURCE_ID.pattern}-\d{{1,5}}")
SCAN_DAYS = (queues.RECENT_DAYS, queues.DAYS)
AGAIN = "30"  # seconds, for the header Retry-After


@dataclass(frozen=True)
class Desk:
    blobs: Blobs
    ledger: Ledger
    bus: Bus
    city: City
    kinds: Catalogue
    desk_url: str
    clock: Callable[[], datetime]

    async def answer(self, view: View, ask: Ask) -> Reply:
        refusal = refuse(ask, deed=view is View.ACT, desk_url=self.desk_url)
        if refusal:
            return self._problem(ask, refusal.status, refusal.reason, refusal.advice)
        try:
            return await self._serve(view, ask)
        except UnknownDocument as error:
            return self._problem(ask, 404, *_told(error, "Taký dokument tu nie je."))
        except LedgerConflict as error:
            return self._problem(ask, 409, *_told(error, "Dokument sa medzitým zmenil. Otvorte ho znova."))
        except TransientError:
            told = ("Evidencia alebo úložisko teraz neodpovedá.", "Skúste to znova o chvíľu; nič sa nestratilo.")
            return self._problem(ask, 503, *told, headers={"Retry-After": AGAIN})
        except PermanentError as error:
            return self._problem(ask, 400, error.reason, error.advice)
        except Exception:
            logger.exception("the desk failed to answer %s", view.value)
            return self._problem(ask, 500, "Nastala neočakávaná chyba.", "Skúste to znova alebo zavolajte správcovi.")

    async def _serve(self, view: View, ask: Ask) -> Reply:
        serve = {
            View.WAITING: self._show_waiting,
            View.FAILED: self._show_failed,
            View.SCANS: self._show_scans,
            View.DECIDED: self._show_decided,
            View.DOCUMENT: self._show_document,
            View.ACT: self._act,
            View.PDF: self._show_pdf,
            View.SCAN: self._show_scan,
            View.SCAN_FILE: self._hand_over_scan,
            View.SCAN_PAGE: self._show_page,
            View.ASSET: self._show_asset,
        }[view]
        return await serve(ask)

    async def _show_waiting(self, ask: Ask) -> Reply:
        return await self._show_list("waiting.html", State.REVIEW, ask)

    async def _show_failed(self, ask: Ask) -> Reply:
        return await self._show_list("failed.html", State.FAILED, ask)

    async def _show_list(self, template: str, state: State, ask: Ask) -> Reply:
        everything = ask.query.get("vsetko") == "1"
        now, words = self.clock(), self._words
        entries = await queues.read_documents(state, ledger=self.ledger, words=words, now=now, everything=everything)
        done = await self._done(ask)
        return self._page(template, ask, entries=entries, everything=everything, days=queues.DAYS, done=done)

    async def _show_scans(self, ask: Ask) -> Reply:
        days = SCAN_DAYS[1] if ask.query.get("dni") == str(SCAN_DAYS[1]) else SCAN_DAYS[0]
        scans = await queues.read_scans(ledger=self.ledger, words=self._words, now=self.clock(), days=days)
        return self._page("scans.html", ask, scans=scans, days=days, more=SCAN_DAYS[1])

    async def _show_decided(self, ask: Ask) -> Reply:
        decided = await queues.read_decided(ledger=self.ledger, words=self._words, now=self.clock())
        return self._page("decided.html", ask, decided=decided, days=queues.RECENT_DAYS)

    async def _show_document(self, ask: Ask) -> Reply:
        if SOURCE_ID.fullmatch(ask.route.get("id", "")):
            return pages.redirect(f"{self._base}/sken/{ask.route['id']}")  # a card about a scan leads here
        record = await self._record(ask)
        dossier = await read_dossier(record, blobs=self.blobs, ledger=self.ledger, city=self.city, words=self._words)
        following = await self._following(record)
        values = {"following": following, "done": await self._done(ask), "away": ask.query.get("krok") == "nepatri-nam"}
        departments = [d for d in self.city.departments if d.id not in (place_of(record), MAILROOM)]
        inside = [d for d in departments if d.role is not Role.AUTHORITY]
        outside = [d for d in departments if d.role is Role.AUTHORITY]
        kinds = [(d.name, [k for k in self.kinds.kinds if k.department == d.id]) for d in self.city.departments]
        return self._page(
            "document.html",
            ask,
            dossier=dossier,
            inside=inside,
            outside=outside,
            kinds=[(name, group) for name, group in kinds if group],
            ways=WAYS,
            **values,
        )

    async def _show_pdf(self, ask: Ask) -> Reply:
        record = await self._record(ask)
        contents = await read_contents(self.blobs, record)
        return pages.show_file(contents.pdf, "application/pdf", f"{record.id}.pdf")

    async def _show_scan(self, ask: Ask) -> Reply:
        source = await self._source(ask)
        account = await read_account(source, blobs=self.blobs, ledger=self.ledger, words=self._words)
        return self._page("scan.html", ask, account=account)

    async def _hand_over_scan(self, ask: Ask) -> Reply:
        stored = await read_original(await self._source(ask), self.blobs)
        return pages.hand_over(stored.data, stored.name)

    async def _show_page(self, ask: Ask) -> Reply:
        source, number = await self._source(ask), ask.route.get("page", "")
        if not any(str(page.page) == number for page in source.pages):
            raise UnknownDocument(f"no page {number[:8]} in {source.id}", reason="Taká strana v skene nie je.")
        picture = await self.blobs.read("previews", f"{source.id}/{number}.jpg")
        return pages.show_file(picture, "image/jpeg", f"{source.id}-{number}.jpg")

    async def _show_asset(self, ask: Ask) -> Reply:
        found = pages.asset(ask.route.get("name", ""))
        if found is None:
            raise UnknownDocument("no such asset", reason="Taký súbor tu nie je.")
        return found

    async def _act(self, ask: Ask) -> Reply:
        record = await self._record(ask)
        deed = ask.form.get("krok", "")
        if deed == "rozhodnut":
            return await self._decide(record, ask)
        if deed == "vybavit":
            await close(
                record.id,
                ask.form.get("dovod", ""),
                version=_version(ask),
                who=ask.who,
                note=ask.form.get("poznamka", ""),
                ledger=self.ledger,
                city=self.city,
                clock=self.clock,
            )
            return await self._go_on(record)
        if deed == "opakovat":
            await replay_document(record.id, who=ask.who, ledger=self.ledger, bus=self.bus, clock=self.clock)
            return await self._go_on(record)
        raise PermanentError(f"no deed {deed[:20]}", reason="Nie je jasné, čo sa má s dokumentom urobiť.")

    async def _decide(self, record: DocumentRecord, ask: Ask) -> Reply:
        to = ask.form.get("navrh") or ask.form.get("kam", "")
        goal = self.city.by_id.get(to)
        if goal is None:
            raise PermanentError(
                "no department chosen",
                reason="Nie je vybrané oddelenie.",
                advice="Vráťte sa a vyberte, kam dokument patrí.",
            )
        if leaves_office(goal) and ask.form.get("potvrdene") != "ano":
            entry = queues.describe(record, self._words)
            return self._page("confirm.html", ask, entry=entry, goal=goal, form=ask.form)
        await decide(
            record.id,
            to,
            version=_version(ask),
            who=ask.who,
            note=ask.form.get("poznamka", ""),
            kind=ask.form.get("druh") or None,
            blobs=self.blobs,
            ledger=self.ledger,
            bus=self.bus,
            city=self.city,
            kinds=self.kinds,
            clock=self.clock,
        )
        return await self._go_on(record)

    async def _go_on(self, before: DocumentRecord) -> Reply:
        """To the next of the same list, else to the list; who came from a card sees the document again."""
        if before.state not in (State.REVIEW, State.FAILED):
            return pages.redirect(f"{self._base}/dokument/{before.id}?hotovo={before.id}")
        following = await self._following(before)
        page = f"/dokument/{following}" if following else "" if before.state is State.REVIEW else "/nepodarilo-sa"
        return pages.redirect(f"{self._base}{page}?hotovo={before.id}")

    async def _following(self, record: DocumentRecord) -> str | None:
        if record.state not in (State.REVIEW, State.FAILED):
            return None
        return await queues.find_next(record, record.state, ledger=self.ledger, now=self.clock())

    async def _done(self, ask: Ask) -> queues.Entry | None:
        """What the person has just decided, to be told on the page that follows."""
        done = ask.query.get("hotovo", "")
        if not DOCUMENT_ID.fullmatch(done):
            return None
        try:
            return queues.describe(await self.ledger.document(done), self._words)
        except UnknownDocument:
            return None

    async def _record(self, ask: Ask) -> DocumentRecord:
        document_id = ask.route.get("id", "")
        if not DOCUMENT_ID.fullmatch(document_id):
            raise UnknownDocument("not the id of a document", reason="Taký dokument tu nie je.")
        return await self.ledger.document(document_id)

    async def _source(self, ask: Ask) -> SourceRecord:
        source_id = ask.route.get("id", "")
        if not SOURCE_ID.fullmatch(source_id):
            raise UnknownDocument("not the id of a scan", reason="Taký sken tu nie je.")
        return await self.ledger.source(source_id)

    @property
    def _words(self) -> Wording:
        return Wording(self.city, self.kinds, self.clock())

    @property
    def _base(self) -> str:
        return urlsplit(self.desk_url).path.rstrip("/")

    def _page(self, template: str, ask: Ask, **values: Any) -> Reply:
        return pages.render(template, base=self._base, who=ask.who, office=self.city.city.office, **values)

    def _problem(self, ask: Ask, status: int, reason: str, advice: str, headers: dict[str, str] | None = None) -> Reply:
        known = {"base": self._base, "who": ask.who, "office": self.city.city.office}
        document_id = ask.route.get("id", "")
        back = document_id if status in (400, 403, 409, 503) and DOCUMENT_ID.fullmatch(document_id) else None
        return pages.render(
            "problem.html",
            status=status,
            headers=headers,
            code=status,
            reason=reason,
            advice=advice,
            back=back,
            **known,
        )


def _version(ask: Ask) -> int:
    """The version of the document that the person saw."""
    seen = ask.form.get("verzia", "")
    if not seen.isdecimal():
        raise PermanentError("no version in the form", reason="Stránka je neúplná.", advice="Otvorte dokument znova.")
    return int(seen)


def _told(error: UnknownDocument | LedgerConflict, otherwise: str) -> tuple[str, str]:
    """`reason` falls back to English, which is for the log."""
    return (otherwise if error.reason == str(error) else error.reason), error.advice

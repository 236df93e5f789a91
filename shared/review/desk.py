"""What every page and deed of the desk stands on: the far ends, the city's words, and finding what is asked about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from shared.departments import City
from shared.errors import UnknownDocument
from shared.kinds import Catalogue
from shared.model import DocumentRecord, SourceRecord, State
from shared.ports import Blobs, Bus, Ledger
from shared.review import pages, queues
from shared.review.exchange import Ask, Reply
from shared.review.words import Wording

SOURCE_ID = re.compile(r"\d{8}-[0-9A-HJKMNP-TV-Z]{8}")
DOCUMENT_ID = re.compile(rf"{SOURCE_ID.pattern}-\d{{1,5}}")


@dataclass(frozen=True)
class Desk:
    blobs: Blobs
    ledger: Ledger
    bus: Bus
    city: City
    kinds: Catalogue
    desk_url: str
    clock: Callable[[], datetime]

    @property
    def base(self) -> str:
        """The path that links begin with, so that they work under every name the desk has."""
        return urlsplit(self.desk_url).path.rstrip("/")

    @property
    def words(self) -> Wording:
        return Wording(self.city, self.kinds, self.clock())

    def page(self, template: str, ask: Ask, **values: Any) -> Reply:
        return pages.render(template, base=self.base, who=ask.who, office=self.city.city.office, **values)

    async def record(self, ask: Ask) -> DocumentRecord:
        document_id = ask.route.get("id", "")
        if not DOCUMENT_ID.fullmatch(document_id):
            raise UnknownDocument("not the id of a document", reason="Taký dokument tu nie je.")
        return await self.ledger.document(document_id)

    async def source(self, ask: Ask) -> SourceRecord:
        source_id = ask.route.get("id", "")
        if not SOURCE_ID.fullmatch(source_id):
            raise UnknownDocument("not the id of a scan", reason="Taký sken tu nie je.")
        return await self.ledger.source(source_id)

    async def following(self, record: DocumentRecord) -> str | None:
        """The document after this one on the list that this one is on."""
        if record.state not in (State.REVIEW, State.FAILED):
            return None
        return await queues.find_next(record, record.state, ledger=self.ledger, now=self.clock())

    async def done(self, ask: Ask) -> queues.Entry | None:
        """What the person has just decided, to be told on the page that follows."""
        document_id = ask.query.get("hotovo", "")
        if not DOCUMENT_ID.fullmatch(document_id):
            return None
        try:
            return queues.describe(await self.ledger.document(document_id), self.words)
        except UnknownDocument:
            return None

"""Serves the overview beside the page of Microsoft 365. Reads the ledger and the previews; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiohttp import web

from local.overview.figures import read_figures, read_story
from local.overview.overview_page import draw_overview
from local.overview.story_page import draw_story
from shared.bootstrap import Services
from shared.chain import find_breaks
from shared.errors import TransientError, UnknownDocument
from shared.model import SourceRecord
from shared.settings import Settings

STATIC = Path(__file__).parent / "static"
ALONE = "Prehľad ukazuje bežiaci systém. Spustite ho príkazom: podatelna up"
NOT_ANSWERING = "Evidencia neodpovedá. Skúste stránku načítať o chvíľu."


def overview_routes(environment: Mapping[str, str], services: Services | None = None) -> list[web.AbstractRouteDef]:
    """Without a ledger in `environment` the address says how to get one."""
    if services is None and not environment.get("STORAGE"):
        return [web.get("/prehlad", _alone), web.get("/dokument/{document}", _alone)]
    pages = Pages(services or _open(environment))
    return [
        web.get("/prehlad", pages.show_overview),
        web.get("/prehlad/obsah", pages.show_figures),
        web.get("/dokument/{document}", pages.show_story),
        web.get("/dokument/{source}/strana/{page:[0-9]+}", pages.show_page),
        web.static("/prehlad/static", STATIC),
    ]


async def _alone(request: web.Request) -> web.StreamResponse:
    return web.Response(status=503, text=ALONE)


def _open(environment: Mapping[str, str]) -> Services:
    """Only the ledger and the blobs are used, so the other settings may be missing."""
    from shared.departments import load_city
    from shared.settings import config_dir

    known = {"OCR_ENGINE": "tesseract", "TESSDATA": "/", "SERVICEBUS": "-", "REVIEW_DESK_URL": "-", **environment}
    settings = Settings.model_validate({**known, "webhooks": {}})
    return Services(load_city(config_dir(environment) / "departments.yaml"), settings)


class Drawn(NamedTuple):
    text: str
    until: float


class Pages:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = ZoneInfo(services.city.city.time_zone)
        self._drawn: dict[date, Drawn] = {}

    async def show_overview(self, request: web.Request) -> web.StreamResponse:
        day = self._day(request)
        figures = await self._figures(day)
        others = "".join(
            f'<a href="/prehlad?den={other}">{name}</a>'
            for other, name in ((day - timedelta(days=1), "← deň predtým"), (day + timedelta(days=1), "deň potom →"))
            if other <= self._today()
        )
        heading = "Dnes" if day == self._today() else f"{day.day}. {day.month}. {day.year}"
        body = f'<div class="head"><h1>{heading}</h1><nav>{others}</nav></div><div id="figures">{figures}</div>'
        return self._page("Prehľad", body, live=f"/prehlad/obsah?den={day}")

    async def show_figures(self, request: web.Request) -> web.StreamResponse:
        text = await self._figures(self._day(request))
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def show_story(self, request: web.Request) -> web.StreamResponse:
        identity = request.match_info["document"]
        day = _day_of(identity)
        chains = [one async for one in self._services.ledger.chains(since=day, until=day)] if day else []
        chain = next((one for one in chains if one.document_id == identity), None)
        story = read_story(chain) if chain else None
        if chain is None or story is None:
            body = f'<p class="empty">Dokument {escape(identity)} evidencia nepozná. Skontrolujte číslo.</p>'
            return self._page("Dokument", body, status=404)
        source = await self._source(story.record.source_id)
        breaks = list(find_breaks(chain))
        body = draw_story(story, source, breaks, self._services.city, self._services.kinds, self._zone)
        return self._page(identity, body)

    async def show_page(self, request: web.Request) -> web.StreamResponse:
        """A thumbnail."""
        name = f"{request.match_info['source']}/{request.match_info['page']}.jpg"
        try:
            picture = await self._services.blobs.read("previews", name)
        except UnknownDocument:
            return web.Response(status=404, text="Náhľad už nie je uložený.")
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    async def _source(self, source_id: str) -> SourceRecord | None:
        try:
            return await self._services.ledger.source(source_id)
        except UnknownDocument:
            return None

    async def _figures(self, day: date) -> str:
        """Drawn anew at most for a tenth of the time, so that a big day does not keep the machine busy."""
        began = monotonic()
        drawn = self._drawn.get(day)
        if drawn and began < drawn.until:
            return drawn.text
        try:
            figures = await read_figures(self._services.ledger, day, self._services.clock(), self._zone)
        except TransientError:
            return f'<p class="empty">{NOT_ANSWERING}</p>'
        text = draw_overview(figures, self._services.city, self._services.settings.ocr_euros_per_page)
        now = monotonic()
        self._drawn = {day: Drawn(text, now + 10 * (now - began))}
        return text

    def _today(self) -> date:
        return self._services.clock().astimezone(self._zone).date()

    def _day(self, request: web.Request) -> date:
        try:
            return date.fromisoformat(request.query.get("den", ""))
        except ValueError:
            return self._today()

    def _page(self, title: str, body: str, *, live: str = "", status: int = 200) -> web.Response:
        script = f'<script src="/prehlad/static/live.js" data-from="{escape(live)}" defer></script>' if live else ""
        office = escape(self._services.city.city.office)
        text = (STATIC / "frame.html").read_text(encoding="utf-8")
        parts = {"TITLE": escape(title), "OFFICE": office, "BODY": body, "SCRIPT": script}
        for name, part in parts.items():
            text = text.replace(f"<!--{name}-->", part)
        return web.Response(text=text, content_type="text/html", status=status, headers={"Cache-Control": "no-store"})


def _day_of(identity: str) -> date | None:
    try:
        return datetime.strptime(identity[:8], "%Y%m%d").date()
    except ValueError:
        return None

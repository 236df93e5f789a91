"""The overview as a server: live figures, stories, pages of scans, and clear answers where there is nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.overview import overview_routes
from local.overview.routes import ALONE
from shared.bootstrap import Services
from shared.model import Fate, PageFate, SourceRecord, State
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, SETTINGS, Office

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def office() -> Office:
    office = Office()
    record = await office.route("stavebny-urad")
    pages = [PageFate(page=1, fate=Fate.DOCUMENT, document_id=record.id)]
    source = SourceRecord(
        id=record.source_id, name="a.pdf", etag="1", size=1, received_at=NOON, state=State.ROUTED, pages=pages
    )
    await office.ledger.save_source(source.model_copy(update={"documents": [record.id]}))
    office.blobs.drop(f"{record.source_id}/1.jpg", b"\xff\xd8 picture", container="previews")
    await office.deliver_all()
    return office


@pytest.fixture
async def client(office: Office) -> AsyncIterator[Client]:
    services = Services(CITY, SETTINGS)
    parts = {"ledger": office.ledger, "blobs": office.blobs, "kinds": KINDS, "clock": office.clock}
    vars(services).update(parts)
    app = web.Application()
    app.add_routes(overview_routes({}, services))
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(client: Client, address: str) -> tuple[int, str]:
    answer = await client.get(address)
    return answer.status, await answer.text()


async def test_the_overview_is_drawn_and_loads_nothing_from_outside(client: Client) -> None:
    status, text = await read(client, "/prehlad?den=2026-11-20")
    assert status == 200
    assert "<b>1</b> doručené" in text
    for address in ("/prehlad/static/overview.css", "/prehlad/static/live.js"):
        text += (await read(client, address))[1]
    assert "http://" not in text
    assert "https://" not in text


async def test_figures_are_drawn_again_after_something_happened(client: Client, office: Office) -> None:
    _, before = await read(client, "/prehlad/obsah?den=2026-11-20")
    await office.route("majetok")
    await office.deliver_all()
    for _ in range(100):
        _, after = await read(client, "/prehlad/obsah?den=2026-11-20")
        if after != before:
            break
    assert "<b>2</b> doručené" in after


async def test_a_story_shows_its_pages(client: Client, office: Office) -> None:
    (record,) = office.ledger.document_rows.values()
    status, text = await read(client, f"/dokument/{record.id}")
    assert (status, "Oznámený v kanáli Teams" in text) == (200, True)
    answer = await client.get(f"/dokument/{record.source_id}/strana/1")
    assert (answer.content_type, await answer.read()) == ("image/jpeg", b"\xff\xd8 picture")


@pytest.mark.parametrize("identity", ["20261120-ABCDEFGH-1", "nezmysel", "<script>"])
async def test_an_unknown_document_is_told_so(client: Client, identity: str) -> None:
    status, text = await read(client, f"/dokument/{identity}")
    assert (status, "evidencia nepozná" in text, "<script>" in text.split("<main>")[1]) == (404, True, False)


async def test_a_picture_that_was_deleted_after_its_period_is_told_so(client: Client) -> None:
    assert await read(client, "/dokument/20261120-ABCDEFGH/strana/9") == (404, "Náhľad už nie je uložený.")


async def test_a_day_that_is_none_is_today(client: Client) -> None:
    status, text = await read(client, "/prehlad?den=2026-02-31")
    assert (status, "<h1>Dnes</h1>" in text) == (200, True)


async def test_without_a_running_system_the_page_says_how_to_start_one() -> None:
    app = web.Application()
    app.add_routes(overview_routes({}))
    async with TestClient(TestServer(app)) as client:
        assert await read(client, "/prehlad") == (503, ALONE)

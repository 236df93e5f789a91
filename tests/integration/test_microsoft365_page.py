"""The page of the Microsoft 365 stand-in in a real browser: what a clerk would see."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from local.microsoft365 import Microsoft365
from local.microsoft365.page import MISSING, VENDOR
from shared.cards.building import build_card
from shared.cards.news import Looks, News, Topic
from shared.departments import City
from shared.model import DocumentRecord
from tests.fakes_microsoft365 import CITY, card_message, graph_client

pytestmark = pytest.mark.slow
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=6000",
]
ATTACK = '<img src=x onerror="document.title=1"> [odkaz](javascript:alert(1)) **tučné**'


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path / "state", CITY)
    await server.start()
    yield server
    await server.stop()


async def dump_dom(address: str, profile: Path) -> str:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    process = await asyncio.create_subprocess_exec(
        BROWSER, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", address,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output.decode()


async def test_a_document_and_its_card_are_seen_in_the_departments_library_and_channel(
    server: Microsoft365, tmp_path: Path
) -> None:
    webhook = server.settings()["TEAMS_WEBHOOK_STAVEBNY_URAD"]
    facts = {"type": "FactSet", "facts": [{"title": "Žiadateľ", "value": "Ľubica Šťastná"}]}
    opening = {"type": "Action.OpenUrl", "title": "Otvoriť dokument", "url": "https://dokument.example"}
    message = card_message("Nová žiadosť", actions=[opening])
    message["attachments"][0]["content"]["body"] += [facts, {"type": "TextBlock", "text": ATTACK}]
    async with graph_client(server) as graph:
        drive = (await graph.get("/sites/skuska.sharepoint.com:/sites/stavebny-urad:/drives")).json()["value"][0]["id"]
        address = f"/drives/{drive}/root:/2026-03/{quote('Žiadosť o povolenie.pdf')}:/content"
        item = (await graph.put(address, content=b"%PDF")).json()
        fields = f"/drives/{drive}/items/{item['id']}/listItem/fields"
        await graph.patch(
            fields, json={"PodatelnaKind": "Stavebné povolenie", "PodatelnaReceived": "2026-03-02T12:00:00Z"}
        )
        assert (await graph.post(webhook, json=message)).status_code == 202
    page = await dump_dom(f"{server.url}/#/utvar/stavebny-urad", tmp_path / "profile")
    assert "<h1>Stavebný úrad</h1>" in page
    assert "2026-03 · marec 2026" in page
    assert "Žiadosť o povolenie.pdf</a>" in page
    assert "Stavebné povolenie" in page
    assert "2. 3. 2026" in page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert "ac-adaptiveCard" in page
    assert "Ľubica Šťastná" in page
    assert "Otvoriť dokument</div>" in page
    assert "<strong>tučné</strong>" in page
    assert "<img" not in page.split("<main", 1)[1]
    assert 'href="javascript' not in page
    assert "Kartu sa nepodarilo zobraziť." not in page


async def test_the_dates_on_our_own_card_are_not_taken_for_lists(server: Microsoft365, tmp_path: Path) -> None:
    record = DocumentRecord(
        id="20261120-7KQ2M4XZ-1",
        source_id="20261120-7KQ2M4XZ",
        source_name="scan.pdf",
        pages=[1],
        received_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        deadline=date(2026, 12, 21),
        deadline_rule="§ 49 ods. 2",
    )
    news = News(Topic.ARRIVED, record, kind="Ohlásenie drobnej stavby")
    message = card_message("")
    message["attachments"][0]["content"] = build_card(news, Looks("http://127.0.0.1", "Europe/Bratislava"))
    async with httpx.AsyncClient() as client:
        await client.post(server.settings()["TEAMS_WEBHOOK_STAVEBNY_URAD"], json=message)
    page = await dump_dom(f"{server.url}/#/utvar/stavebny-urad", tmp_path / "profile")
    shown = page.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
    assert "20. novembra 2026" in shown
    assert "21. decembra 2026 (§ 49 ods. 2)" in shown
    assert "<ol" not in shown


async def test_a_mail_that_was_sent_is_seen_with_its_attachment(server: Microsoft365, tmp_path: Path) -> None:
    message = {
        "subject": "Postúpenie podania",
        "body": {"contentType": "HTML", "content": "<p>Postupujeme.</p>"},
        "toRecipients": [{"emailAddress": {"address": "urad@urad.example"}}],
        "attachments": [
            {"@odata.type": "#microsoft.graph.fileAttachment", "name": "podanie.pdf", "contentBytes": "JVBERg=="}
        ],
    }
    async with graph_client(server) as graph:
        await graph.post("/users/podatelna@skuska.example/sendMail", json={"message": message})
    page = await dump_dom(f"{server.url}/#/posta", tmp_path / "profile")
    assert "Postúpenie podania" in page
    assert "Komu: urad@urad.example" in page
    assert "podanie.pdf (4 B)" in page


async def test_a_new_department_in_the_city_is_on_the_page_with_its_own_library(tmp_path: Path) -> None:
    sport = CITY.departments[0].model_copy(update={"id": "sport", "name": "Oddelenie športu", "site": "/sites/sport"})
    city = City(city=CITY.city, channels=CITY.channels, departments=[*CITY.departments, sport])
    for version in (CITY, city):
        server = Microsoft365(tmp_path / "state", version)
        await server.start()
        page = await dump_dom(f"{server.url}/#/utvar/sport", tmp_path / "profile")
        await server.stop()
        assert ("Oddelenie športu" in page) is (version is city)
    assert "V knižnici ešte nie je žiadny dokument." in page


async def test_the_page_loads_nothing_from_outside(server: Microsoft365) -> None:
    async with httpx.AsyncClient() as client:
        for address in ("/", "/static/page.css", "/static/app.js", "/static/cards.js"):
            answer = await client.get(server.url + address)
            assert answer.status_code == 200
            assert "http://" not in answer.text
            assert "https://" not in answer.text
        assert len((await client.get(f"{server.url}/vendor/adaptivecards.js")).content) > 100_000


async def test_without_the_npm_packages_the_page_says_what_to_run(
    server: Microsoft365, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(VENDOR, "adaptivecards.js", tmp_path / "missing.js")
    async with httpx.AsyncClient() as client:
        answer = await client.get(server.url)
    assert (answer.status_code, answer.text) == (503, MISSING.format(name="adaptivecards"))

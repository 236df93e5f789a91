"""The review desk in a real browser, behind the local host: keys, clicks, and how it looks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from local.host.web import PERSON, SIGNED_IN, build_web
from shared.model import State
from tests.browser import CHROMIUM, Browser
from tests.fakes_delivery import Office
from tests.fakes_review import desk_functions, put_on_desk

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
PICTURES = os.environ.get("DESK_PICTURES")  # a folder for pictures of the pages, to look at


@dataclass
class Town:
    office: Office
    browser: Browser
    url: str

    async def show(self, path: str = "") -> str:
        await self.browser.open(self.url + path)
        if PICTURES:
            name = path.split("?")[0].strip("/").replace("/", "-") or "zoznam"
            await self.browser.picture(Path(PICTURES) / f"{name}.png")
        return await self.browser.text()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    office = Office()
    runner = web.AppRunner(build_web(desk_functions(office)))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://localhost:{runner.addresses[0][1]}/api/desk"
    async with Browser(tmp_path / "profile") as browser:
        yield Town(office, browser, url)
    await runner.cleanup()


async def test_a_clerk_decides_two_documents_from_the_keyboard_alone(town: Town) -> None:
    first, second = await put_on_desk(town.office), await put_on_desk(town.office)
    assert "Čaká 2 dokumenty." in await town.show()
    await town.browser.evaluate("document.querySelector('[data-first]').focus()")
    await town.browser.press("Enter")
    await town.browser.until(f"location.pathname.endsWith('{first.id}') && document.readyState == 'complete'")
    await town.browser.press("2")
    assert await town.browser.evaluate("document.activeElement.value") == "stavebny-urad"
    await town.browser.press("Enter")
    await town.browser.until(f"location.pathname.endsWith('{second.id}') && document.readyState == 'complete'")
    assert "Hotovo" in await town.browser.text()
    await town.browser.press("1")
    await town.browser.press("Enter")
    await town.browser.until("location.pathname.endsWith('/desk') && document.readyState == 'complete'")
    assert "Nič nečaká na rozhodnutie." in await town.browser.text()
    rows = town.office.ledger.document_rows
    assert [rows[record.id].department for record in (first, second)] == ["stavebny-urad", "majetok"]
    assert {rows[record.id].decided_by for record in (first, second)} == {f"person:{PERSON}"}


async def test_typing_a_note_sets_off_no_shortcut_and_shortcuts_can_be_turned_off(town: Town) -> None:
    record = await put_on_desk(town.office)
    await town.show(f"/dokument/{record.id}")
    await town.browser.evaluate(
        "document.querySelector('.more').open = true, document.getElementById('poznamka').focus()"
    )
    await town.browser.press("z")
    assert await town.browser.evaluate("document.getElementById('poznamka').value") == "z"
    await town.browser.evaluate("document.querySelector('[data-shortcuts]').click(), document.activeElement.blur()")
    await town.browser.press("1")
    assert await town.browser.evaluate("document.activeElement.value ?? ''") == ""
    assert "Klávesové skratky: vypnuté" in await town.browser.text()


async def test_the_document_lies_beside_the_decision_and_below_it_on_a_narrow_screen(town: Town) -> None:
    record = await put_on_desk(town.office)
    await town.browser.resize(1500, 950)
    await town.show(f"/dokument/{record.id}")
    places = "[...document.querySelectorAll('.panel, .paper')].map(e => e.getBoundingClientRect())"
    beside = f"(([a, b]) => b.left >= a.right && b.height > 600)({places})"
    assert await town.browser.evaluate(beside) is True
    await town.browser.resize(700, 950)
    assert await town.browser.evaluate(f"(([a, b]) => b.top >= a.bottom)({places})") is True
    whole = "(e => e.scrollHeight <= e.clientHeight)(document.querySelector('.panel'))"
    assert await town.browser.evaluate(whole) is True
    assert await town.browser.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


async def test_the_pages_break_none_of_their_own_security_policy(town: Town) -> None:
    record = await put_on_desk(town.office)
    await town.browser.call("Log.enable")
    script = "addEventListener('securitypolicyviolation', e => (window.broken ??= []).push(e.blockedURI))"
    await town.browser.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    for path in ("", "/nepodarilo-sa", "/skeny", "/rozhodnute", f"/dokument/{record.id}", "/dokument/nic"):
        await town.show(path)
        assert await town.browser.evaluate("window.broken ?? []") == []
        assert await town.browser.evaluate("getComputedStyle(document.querySelector('header')).display") == "flex"


async def test_a_page_elsewhere_can_neither_decide_nor_sign_in_as_somebody(town: Town) -> None:
    record = await put_on_desk(town.office)
    form = urlencode({"krok": "rozhodnut", "navrh": "majetok", "verzia": "1"})
    address = f"{town.url}/dokument/{record.id}"
    foreign = f"fetch('{address}', {{method: 'POST', mode: 'no-cors', body: new URLSearchParams('{form}')}})"
    await town.browser.open("data:text/html,zla stranka")
    await town.browser.evaluate(f"{foreign}.then(() => true, () => true)")
    assert (await town.office.ledger.document(record.id)).state is State.REVIEW
    async with aiohttp.ClientSession() as client:
        async with client.get(town.url, headers={SIGNED_IN.lower(): "podvodnik"}) as answer:
            assert f"Prihlásený: {PERSON}" in await answer.text()
        async with client.get(town.url, headers={"Host": "zly.example"}) as answer:
            assert answer.status == 421

"""The desk as a browser meets it: through the functions, with the library's own requests and answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import azure.functions as func
import pytest

from functions.review import SIGNED_IN
from local.host.app import Function
from shared.errors import DeliveryRefused, TransientError
from shared.failures import give_up
from shared.links import document_page, not_ours_page
from shared.model import Event, Fate, Message, PageFate, State
from shared.review.exchange import ADDRESSES
from tests.fakes import NOON
from tests.fakes_delivery import Office
from tests.fakes_review import CLERK, DESK_URL, desk_functions, put_on_desk, scanned

ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


class Visitor:
    """A browser at the desk's functions."""

    def __init__(self, office: Office, **headers: str) -> None:
        self.functions: dict[str, Function] = {one.name: one for one in desk_functions(office)}
        self.headers = {SIGNED_IN: CLERK, **headers}

    async def get(self, name: str, route: dict[str, str] | None = None, **query: str) -> func.HttpResponse:
        request = func.HttpRequest(
            "GET", DESK_URL, headers=self.headers, params=query, route_params=route or {}, body=b""
        )
        answer: func.HttpResponse = await self.functions[f"desk_{name}"].call(request)
        return answer

    async def post(self, document_id: str, site: str = "same-origin", **form: str) -> func.HttpResponse:
        request = func.HttpRequest(
            "POST",
            DESK_URL,
            headers={**self.headers, "Sec-Fetch-Site": site},
            route_params={"id": document_id},
            body=urlencode(form).encode(),
        )
        answer: func.HttpResponse = await self.functions["desk_act"].call(request)
        return answer


def text(answer: func.HttpResponse) -> str:
    return answer.get_body().decode().replace("\N{NO-BREAK SPACE}", " ")


def test_cards_lead_to_the_desks_own_addresses() -> None:
    routes = {f"{DESK_URL.removesuffix('desk')}{route}" for _, route in ADDRESSES.values()}
    assert document_page(DESK_URL, "{id}").replace("%7B", "{").replace("%7D", "}") in routes
    assert not_ours_page(DESK_URL, "X").startswith(document_page(DESK_URL, "X"))


def test_every_address_is_a_function_of_its_own() -> None:
    triggers = {(f.trigger["route"], str(f.trigger["methods"][0])) for f in desk_functions(Office())}
    assert len(triggers) == len(ADDRESSES)


async def test_a_clerk_decides_from_the_list_to_the_next_document() -> None:
    office = Office()
    first, second = await put_on_desk(office), await put_on_desk(office)
    visitor = Visitor(office)
    assert f"/api/desk/dokument/{first.id}" in text(await visitor.get("waiting"))
    page = text(await visitor.get("document", {"id": first.id}))
    assert "Oddelenie majetku mesta" in page
    answer = await visitor.post(first.id, krok="rozhodnut", navrh="majetok", verzia="1", kam="", poznamka="súrne č. 5")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/api/desk/dokument/{second.id}?hotovo={first.id}",
    )
    following = text(await visitor.get("document", {"id": second.id}, hotovo=first.id))
    assert "Hotovo" in following
    assert "Oddelenie majetku mesta" in following
    assert office.ledger.history[first.id][-1].reason == "súrne č. 5"
    assert "súrne č. 5" in text(await visitor.get("decided"))


async def test_nobody_sees_anything_without_signing_in() -> None:
    office = Office()
    record = await put_on_desk(office)
    for name in (name for name in Visitor(office).functions if name != "desk_act"):
        answer = await Visitor(office, **{SIGNED_IN: ""}).get(
            name.removeprefix("desk_"), {"id": record.id, "page": "1", "name": "stol.css"}
        )
        assert (name, answer.status_code) == (name, 401)
        assert record.id not in text(answer)


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
async def test_a_deed_sent_by_another_page_is_refused(site: str) -> None:
    office = Office()
    record = await put_on_desk(office)
    answer = await Visitor(office).post(record.id, site, krok="rozhodnut", navrh="majetok", verzia="1")
    assert answer.status_code == 403
    assert (await office.ledger.document(record.id)).state is State.REVIEW


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("document", {"id": "20261120-99999999-1"}),
        ("document", {"id": "../../etc/passwd"}),
        ("pdf", {"id": "20261120-99999999-1"}),
        ("scan", {"id": "20261120-99999999"}),
        ("scan_file", {"id": "x"}),
        ("asset", {"name": "../desk.py"}),
    ],
)
async def test_what_is_not_there_is_told_in_slovak(name: str, route: dict[str, str]) -> None:
    answer = await Visitor(Office()).get(name, route)
    assert answer.status_code == 404
    assert "tu nie je" in text(answer)
    assert "no document" not in text(answer)


@pytest.mark.parametrize(("error", "status"), [(TransientError("down"), 503), (RuntimeError("secret"), 500)])
async def test_trouble_is_told_in_slovak_without_its_inside(error: Exception, status: int) -> None:
    class BrokenLedger:
        async def document(self, _: str) -> None:
            raise error

    office = Office()
    broken: Any = BrokenLedger()
    office.ledger = broken
    answer = await Visitor(office).get("document", {"id": "20261120-00000001-1"})
    assert answer.status_code == status
    assert "znova" in text(answer)
    assert str(error) not in text(answer)


async def test_nothing_from_a_document_a_scanner_or_a_person_becomes_markup() -> None:
    office = Office()
    record = await put_on_desk(office, reasons=[ATTACK], source_name=ATTACK, error=ATTACK, split_reason=ATTACK)
    office.ledger.source_rows[record.source_id] = scanned("00000001", name=ATTACK, error=ATTACK)
    visitor = Visitor(office)
    await visitor.post(record.id, krok="vybavit", dovod="reklama", poznamka=ATTACK, verzia="1")
    pages = [
        await visitor.get("document", {"id": record.id}, hotovo=ATTACK),
        await visitor.get("scan", {"id": record.source_id}),
        await visitor.get("waiting"),
        await visitor.get("scans"),
        await visitor.get("decided"),
        await visitor.post(record.id, krok="rozhodnut", kam="okresny-urad", poznamka=ATTACK, verzia=ATTACK),
    ]
    assert [page.status_code for page in pages] == [200] * 6
    assert all("<script>alert" not in text(page) and "<img src=x" not in text(page) for page in pages)
    assert all("default-src 'none'" in page.headers["Content-Security-Policy"] for page in pages)


async def test_the_document_is_shown_beside_and_never_kept_by_the_browser() -> None:
    office = Office()
    record = await put_on_desk(office)
    answer = await Visitor(office).get("pdf", {"id": record.id})
    assert (answer.mimetype, answer.get_body()[:4]) == ("application/pdf", b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"


async def test_a_refused_scan_is_explained_and_handed_over_but_never_opened() -> None:
    office = Office()
    source = scanned("BAD00001", name="čudný.html", error="Súbor nie je sken. Naskenujte dokument znova.")
    office.ledger.source_rows[source.id] = source
    office.blobs.drop(f"{source.id}/čudný.html", b"<script>", container="quarantine")
    visitor = Visitor(office)
    assert "Naskenujte dokument znova." in text(await visitor.get("scan", {"id": source.id}))
    answer = await visitor.get("scan_file", {"id": source.id})
    assert (answer.mimetype, answer.get_body()) == ("application/octet-stream", b"<script>")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"_udn_.html\"; filename*=UTF-8''%C4%8Dudn%C3%BD.html"
    )


async def test_a_scan_accounts_for_every_page() -> None:
    office = Office()
    record = await put_on_desk(office)
    pages = [
        PageFate(page=1, fate=Fate.DOCUMENT, document_id=record.id),
        PageFate(page=2, fate=Fate.BLANK),
        PageFate(page=3, fate=Fate.BAD, reason="Stranu sa nepodarilo prečítať, v súbore je poškodená."),
    ]
    office.ledger.source_rows[record.source_id] = scanned("00000001", state=State.ROUTED, pages=pages)
    office.blobs.drop(f"{record.source_id}/2.jpg", b"\xff\xd8", container="previews")
    visitor = Visitor(office)
    page = text(await visitor.get("scan", {"id": record.source_id}))
    for told in ("v dokumente", "prázdna strana, odložená", "v súbore je poškodená", "/strana/2"):
        assert told in page
    assert (await visitor.get("scan_page", {"id": record.source_id, "page": "2"})).mimetype == "image/jpeg"
    assert (await visitor.get("scan_page", {"id": record.source_id, "page": "../1"})).status_code == 404


async def test_a_card_about_a_scan_leads_to_the_scan() -> None:
    answer = await Visitor(Office()).get("document", {"id": "20261120-BAD00001"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/api/desk/sken/20261120-BAD00001")


async def test_not_ours_opens_the_move_and_offers_the_mailroom() -> None:
    office = Office()
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    page = text(await Visitor(office).get("document", {"id": record.id}, krok="nepatri-nam"))
    assert '<details class="box" open id="presun">' in page
    assert "Vrátiť podateľni" in page


async def test_what_failed_is_listed_and_tried_again() -> None:
    office = Office()
    record = await office.route("majetok")
    office.bus.waiting.clear()
    message = Message(event=Event.ROUTED, document_id=record.id, department="majetok", first_seen=NOON)
    error = DeliveryRefused("403", reason="Knižnica odmietla zápis.")
    ports: dict[str, Any] = {"bus": office.bus, "ledger": office.ledger, "clock": office.clock}
    await give_up(message, "dept-majetok", "sharepoint", error, **ports)
    visitor = Visitor(office)
    assert "Knižnica odmietla zápis." in text(await visitor.get("failed"))
    assert "Znova sa skúsi: uloženie do knižnice." in text(await visitor.get("document", {"id": record.id}))
    answer = await visitor.post(record.id, krok="opakovat")
    await office.deliver_all()
    assert answer.headers["Location"] == f"/api/desk/nepodarilo-sa?hotovo={record.id}"
    assert (await office.ledger.document(record.id)).state is State.DELIVERED
    assert (await visitor.post(record.id, krok="opakovat")).status_code == 400


async def test_no_page_asks_for_anything_outside() -> None:
    office = Office()
    record = await put_on_desk(office)
    visitor = Visitor(office)
    pages = [await visitor.get("document", {"id": record.id}), *[await visitor.get(n) for n in ("waiting", "scans")]]
    assets = [await visitor.get("asset", {"name": name}) for name in ("stol.css", "stol.js")]
    own = "https://skuska.example/"  # where the library keeps the file
    for answer in (*pages, *assets):
        assert answer.status_code == 200
        assert "http" not in text(answer).replace(own, "")

"""The Microsoft 365 stand-in over HTTP: it must answer, and refuse, as Graph and Teams do."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from local.microsoft365 import Microsoft365
from local.microsoft365.faults import Plan
from local.microsoft365.page import GONE
from tests.fakes_microsoft365 import CITY, MovingClock, card_message, graph_client

UNIT = 320 * 2**10


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def server(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path / "m365", CITY, clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def graph(server: Microsoft365) -> AsyncIterator[httpx.AsyncClient]:
    async with graph_client(server) as client:
        yield client


@pytest.fixture
async def drive(graph: httpx.AsyncClient) -> str:
    drives = (await graph.get("/sites/skuska.sharepoint.com:/sites/stavebny-urad:/drives")).json()["value"]
    return f"/drives/{drives[0]['id']}"


def error_of(response: httpx.Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert set(error) == {"code", "message", "innerError"}
    assert error["innerError"]["request-id"]
    return response.status_code, error["code"]


async def test_a_request_without_a_token_is_refused(server: Microsoft365) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{server.url}/v1.0/sites?search=*")
    assert error_of(response) == (401, "InvalidAuthenticationToken")


async def test_sites_and_libraries_of_the_city_are_found_by_name(graph: httpx.AsyncClient) -> None:
    found = (await graph.get("/sites", params={"search": "podatelna"})).json()["value"]
    site = (await graph.get("/sites/skuska.sharepoint.com:/sites/podatelna")).json()
    assert [entry["id"] for entry in found] == [site["id"]]
    assert (await graph.get(f"/sites/{site['id']}")).json()["name"] == "podatelna"
    drives = (await graph.get(f"/sites/{site['id']}/drives")).json()["value"]
    lists = (await graph.get(f"/sites/{site['id']}/lists")).json()["value"]
    assert [entry["name"] for entry in drives] == ["Na rozhodnutie", "Príslušným úradom"]
    assert [entry["displayName"] for entry in lists] == ["Na rozhodnutie", "Príslušným úradom"]


async def test_unknown_sites_drives_and_items_are_not_found(graph: httpx.AsyncClient, drive: str) -> None:
    for address in ("/sites/skuska.sharepoint.com:/sites/nie", "/drives/b!nie", f"{drive}/items/01NIE", "/teams"):
        assert error_of(await graph.get(address)) == (404, "itemNotFound")


async def test_put_content_makes_missing_folders_and_a_repeat_replaces(graph: httpx.AsyncClient, drive: str) -> None:
    first = await graph.put(f"{drive}/root:/2026-03/Žiadosť č. 1 %23.pdf:/content", content=b"%PDF-one")
    second = await graph.put(f"{drive}/root:/2026-03/žiadosť č. 1 %23.pdf:/content", content=b"%PDF-second")
    assert (first.status_code, second.status_code) == (201, 200)
    item = second.json()
    assert item["id"] == first.json()["id"]
    assert item["eTag"] != first.json()["eTag"]
    assert item["size"] == len(b"%PDF-second")
    assert item["name"] == "Žiadosť č. 1 #.pdf"
    assert item["parentReference"]["path"].endswith("/root:/2026-03")
    children = (await graph.get(f"{drive}/root:/2026-03:/children")).json()["value"]
    assert [child["id"] for child in children] == [item["id"]]


async def test_content_is_reached_through_a_redirect_that_needs_no_token(graph: httpx.AsyncClient, drive: str) -> None:
    item = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"%PDF-a")).json()
    redirect = await graph.get(f"{drive}/items/{item['id']}/content")
    assert redirect.status_code == 302
    async with httpx.AsyncClient() as anyone:
        assert (await anyone.get(redirect.headers["Location"])).content == b"%PDF-a"
        opened = await anyone.get(item["webUrl"])
    assert (opened.content, opened.headers["Content-Type"]) == (b"%PDF-a", "application/pdf")


@pytest.mark.parametrize(
    ("behaviour", "status", "names"),
    [("fail", 409, ["a.pdf"]), ("replace", 200, ["a.pdf"]), ("rename", 201, ["a 1.pdf", "a.pdf"])],
)
async def test_conflict_behaviour_decides_when_a_name_is_taken(
    graph: httpx.AsyncClient, drive: str, behaviour: str, status: int, names: list[str]
) -> None:
    await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")
    params = {"@microsoft.graph.conflictBehavior": behaviour}
    answer = await graph.put(f"{drive}/root:/a.pdf:/content", params=params, content=b"2")
    assert answer.status_code == status
    children = (await graph.get(f"{drive}/root/children")).json()["value"]
    assert sorted(child["name"] for child in children) == names


async def test_a_folder_that_exists_is_refused_or_reused(graph: httpx.AsyncClient, drive: str) -> None:
    body = {"name": "2026-03", "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
    made = await graph.post(f"{drive}/root/children", json=body)
    again = await graph.post(f"{drive}/root/children", json=body)
    reused = await graph.post(f"{drive}/root/children", json={**body, "@microsoft.graph.conflictBehavior": "replace"})
    assert made.status_code == 201
    assert error_of(again) == (409, "nameAlreadyExists")
    assert reused.json()["id"] == made.json()["id"]


@pytest.mark.parametrize(
    "name", ['a"b.pdf', "a*b.pdf", " a.pdf", "a.", "CON", "~$a.pdf", "x_vti_y.pdf", "a" * 252 + ".pdf"]
)
async def test_names_that_sharepoint_forbids_are_refused(graph: httpx.AsyncClient, drive: str, name: str) -> None:
    answer = await graph.put(f"{drive}/root:/{quote(name)}:/content", content=b"x")
    assert error_of(answer) == (400, "invalidRequest")


async def test_an_upload_session_takes_chunks_in_order_and_then_is_gone(graph: httpx.AsyncClient, drive: str) -> None:
    data = bytes(range(256)) * (UNIT // 256) * 2 + b"end"
    session = (await graph.post(f"{drive}/root:/big/large.pdf:/createUploadSession", json={})).json()
    async with httpx.AsyncClient() as bare:
        first = await _chunk(bare, session["uploadUrl"], data, 0, UNIT)
        assert (first.status_code, first.json()["nextExpectedRanges"]) == (202, [f"{UNIT}-"])
        for start, end in ((0, UNIT), (2 * UNIT, len(data))):
            assert error_of(await _chunk(bare, session["uploadUrl"], data, start, end)) == (416, "invalidRange")
        assert error_of(await _chunk(bare, session["uploadUrl"], data, UNIT, UNIT + 100)) == (400, "invalidRequest")
        progress = (await bare.get(session["uploadUrl"])).json()
        assert progress["nextExpectedRanges"] == [f"{UNIT}-"]
        last = await _chunk(bare, session["uploadUrl"], data, UNIT, len(data))
        assert (last.status_code, last.json()["size"]) == (201, len(data))
        assert (await bare.get(last.json()["@microsoft.graph.downloadUrl"])).content == data
        assert error_of(await bare.get(session["uploadUrl"])) == (404, "itemNotFound")


async def test_an_upload_url_refuses_authorization_expires_and_can_be_given_up(
    graph: httpx.AsyncClient, drive: str, clock: MovingClock
) -> None:
    urls = [
        (await graph.post(f"{drive}/root:/{name}:/createUploadSession", json={})).json()["uploadUrl"]
        for name in ("a.pdf", "b.pdf")
    ]
    assert error_of(await _chunk(graph, urls[0], b"abc", 0, 3))[0] == 401
    async with httpx.AsyncClient() as bare:
        assert (await bare.delete(urls[1])).status_code == 204
        assert error_of(await _chunk(bare, urls[1], b"abc", 0, 3))[0] == 404
        clock.forward(hours=1)
        assert error_of(await _chunk(bare, urls[0], b"abc", 0, 3))[0] == 404


async def test_an_upload_session_fails_by_default_when_the_name_is_taken(graph: httpx.AsyncClient, drive: str) -> None:
    await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")
    answer = await graph.post(f"{drive}/root:/a.pdf:/createUploadSession", json={})
    assert error_of(answer) == (409, "nameAlreadyExists")


async def test_columns_are_listed_created_and_set(graph: httpx.AsyncClient, drive: str) -> None:
    created = await graph.post(f"{drive}/list/columns", json={"name": "Poschodie", "number": {}})
    assert created.status_code == 201
    assert error_of(await graph.post(f"{drive}/list/columns", json={"name": "poschodie", "text": {}})) == (
        409,
        "nameAlreadyExists",
    )
    item = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")).json()
    fields = f"{drive}/items/{item['id']}/listItem/fields"
    assert (await graph.patch(fields, json={"Poschodie": 3, "Title": "Názov"})).json()["Poschodie"] == 3
    assert error_of(await graph.patch(fields, json={"Neznamy": "x"})) == (400, "invalidRequest")
    assert error_of(await graph.patch(fields, json={"Poschodie": "tri"})) == (400, "invalidRequest")
    seen = (await graph.get(f"{drive}/items/{item['id']}", params={"$expand": "listItem($expand=fields)"})).json()
    assert seen["listItem"]["fields"]["Title"] == "Názov"
    found = await graph.get(f"{drive}/list/items", params={"$filter": "fields/Title eq 'Názov'"})
    assert [entry["id"] for entry in found.json()["value"]] == [seen["listItem"]["id"]]


async def test_an_item_moves_within_its_library_but_not_to_another(graph: httpx.AsyncClient, drive: str) -> None:
    item = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")).json()
    folder = (await graph.post(f"{drive}/root/children", json={"name": "archív", "folder": {}})).json()
    address = f"{drive}/items/{item['id']}"
    moved = await graph.patch(address, json={"parentReference": {"id": folder["id"]}, "name": "b.pdf"})
    assert (moved.json()["id"], moved.json()["name"]) == (item["id"], "b.pdf")
    assert (await graph.get(f"{drive}/root:/archív/b.pdf")).json()["id"] == item["id"]
    refused = await graph.patch(address, json={"parentReference": {"driveId": "b!iny", "id": "x"}})
    assert error_of(refused) == (400, "invalidRequest")


async def test_a_copy_to_another_library_takes_the_columns_along_and_is_watched(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    item = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")).json()
    await graph.patch(f"{drive}/items/{item['id']}/listItem/fields", json={"Title": "Spis"})
    site = (await graph.get("/sites/skuska.sharepoint.com:/sites/podatelna")).json()["id"]
    other = (await graph.get(f"/sites/{site}/drive")).json()["id"]
    root = (await graph.get(f"/drives/{other}/root")).json()["id"]
    body = {"parentReference": {"driveId": other, "id": root}, "name": "kópia.pdf"}
    accepted = await graph.post(f"{drive}/items/{item['id']}/copy", json=body)
    again = await graph.post(f"{drive}/items/{item['id']}/copy", json=body)
    assert (accepted.status_code, again.status_code) == (202, 202)
    assert (await graph.get(accepted.headers["Location"])).json()["status"] == "inProgress"
    copied = (await graph.get(accepted.headers["Location"])).json()["resourceId"]
    fields = (await graph.get(f"/drives/{other}/items/{copied}/listItem/fields")).json()
    assert (fields["Title"], fields["FileLeafRef"]) == ("Spis", "kópia.pdf")
    await graph.get(again.headers["Location"])
    assert (await graph.get(again.headers["Location"])).json()["error"]["code"] == "nameAlreadyExists"


async def test_a_deleted_item_is_gone_and_a_stale_etag_changes_nothing(graph: httpx.AsyncClient, drive: str) -> None:
    item = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")).json()
    address = f"{drive}/items/{item['id']}"
    await graph.patch(address, json={"name": "b.pdf"})
    stale = await graph.delete(address, headers={"If-Match": item["eTag"]})
    assert error_of(stale) == (412, "resourceModified")
    assert (await graph.delete(address)).status_code == 204
    assert error_of(await graph.get(address)) == (404, "itemNotFound")
    followed = await graph.get(item["webUrl"])
    assert (followed.status_code, followed.text) == (404, GONE)


async def test_children_come_in_pages_and_select_cuts_them(graph: httpx.AsyncClient, drive: str) -> None:
    for number in range(5):
        await graph.put(f"{drive}/root:/{number}.pdf:/content", content=b"x")
    page = (await graph.get(f"{drive}/root/children", params={"$top": "3", "$select": "id,name"})).json()
    rest = (await graph.get(page["@odata.nextLink"])).json()
    assert [entry["name"] for entry in page["value"] + rest["value"]] == [f"{n}.pdf" for n in range(5)]
    assert "webUrl" not in page["value"][0]
    assert "@odata.nextLink" not in rest
    assert error_of(await graph.get(f"{drive}/root/children", params={"$top": "tri"})) == (400, "invalidRequest")


def message(to: str = "urad@urad.example", data: bytes = b"%PDF") -> dict[str, Any]:
    return {
        "subject": "Postúpenie podania",
        "body": {"contentType": "HTML", "content": "<p>Postupujeme podanie.</p>"},
        "toRecipients": [{"emailAddress": {"address": to}}],
        "attachments": [
            {
                "@odata.type": "#microsoft.graph.fileAttachment",
                "name": "podanie.pdf",
                "contentType": "application/pdf",
                "contentBytes": base64.b64encode(data).decode(),
            }
        ],
    }


async def test_mail_is_kept_with_its_attachment(server: Microsoft365, graph: httpx.AsyncClient) -> None:
    sent = await graph.post("/users/podatelna@skuska.example/sendMail", json={"message": message()})
    assert (sent.status_code, sent.content) == (202, b"")
    [mail] = (await graph.get(f"{server.url}/control/mails")).json()
    assert mail["toRecipients"][0]["emailAddress"]["address"] == "urad@urad.example"
    attachment = mail["attachments"][0]
    data = await graph.get(f"{server.url}/control/mails/attachments/{attachment['id']}")
    assert data.content == b"%PDF"


async def test_mail_of_an_unknown_mailbox_without_recipient_or_too_large_is_refused(graph: httpx.AsyncClient) -> None:
    address = "/users/podatelna@skuska.example/sendMail"
    stranger = await graph.post("/users/x@y.example/sendMail", json={"message": message()})
    nobody = await graph.post(address, json={"message": message(to="nikto")})
    large = await graph.post(address, json={"message": message(data=bytes(4 * 2**20))})
    assert error_of(stranger) == (404, "ErrorInvalidUser")
    assert error_of(nobody) == (400, "ErrorInvalidRecipients")
    assert error_of(large)[0] == 413


async def test_a_draft_takes_a_large_attachment_by_session_and_is_sent(
    server: Microsoft365, graph: httpx.AsyncClient
) -> None:
    messages = "/users/podatelna@skuska.example/messages"
    draft = (await graph.post(messages, json={**message(), "attachments": []})).json()
    item = {"AttachmentItem": {"attachmentType": "file", "name": "velky.pdf", "size": UNIT + 5}}
    session = await graph.post(f"{messages}/{draft['id']}/attachments/createUploadSession", json=item)
    data = bytes(UNIT + 5)
    async with httpx.AsyncClient() as bare:
        first = await _chunk(bare, session.json()["uploadUrl"], data, 0, UNIT)
        last = await _chunk(bare, session.json()["uploadUrl"], data, UNIT, len(data))
    assert (first.status_code, first.json()["nextExpectedRanges"], last.status_code) == (200, [str(UNIT)], 201)
    assert (await graph.post(f"{messages}/{draft['id']}/send")).status_code == 202
    assert error_of(await graph.post(f"{messages}/{draft['id']}/send")) == (404, "ErrorItemNotFound")
    asked = {"$filter": f"internetMessageId eq '{draft['internetMessageId']}'", "$select": "isDraft"}
    assert (await graph.get(messages, params=asked)).json()["value"] == [{"isDraft": False}]
    [mail] = (await graph.get(f"{server.url}/control/mails")).json()
    assert [(a["name"], a["size"]) for a in mail["attachments"]] == [("velky.pdf", len(data))]


async def test_a_card_is_accepted_with_an_empty_202_and_kept(server: Microsoft365) -> None:
    webhook = server.settings()["TEAMS_WEBHOOK_STAVEBNY_URAD"]
    async with httpx.AsyncClient() as client:
        answer = await client.post(webhook, json=card_message("Nová žiadosť"))
        cards = (await client.get(f"{server.url}/control/cards", params={"department": "stavebny-urad"})).json()
    assert (answer.status_code, answer.content) == (202, b"")
    assert [card["cards"][0]["body"][0]["text"] for card in cards] == ["Nová žiadosť"]


async def test_the_webhook_refuses_wrong_signature_size_shape_and_department(server: Microsoft365) -> None:
    webhook = server.settings()["TEAMS_WEBHOOK_STAVEBNY_URAD"]
    async with httpx.AsyncClient() as client:
        answers = [
            await client.post(webhook[:-3], json=card_message("x")),
            await client.post(webhook, json=card_message("x" * 28_700)),
            await client.post(webhook, json={"text": "old connector"}),
            await client.post(webhook, content=b"{"),
            await client.post(webhook.replace("stavebny-urad", "okresny-urad"), json=card_message("x")),
        ]
    assert [answer.status_code for answer in answers] == [401, 413, 400, 400, 404]
    assert server.tenant.channels.cards() == []


async def test_more_than_the_rate_is_throttled_until_the_window_has_passed(
    server: Microsoft365, clock: MovingClock
) -> None:
    server.faults.set(Plan.model_validate({"teams_rate": {"posts": 25, "seconds": 300}}))
    webhook = server.settings()["TEAMS_WEBHOOK_STAVEBNY_URAD"]
    async with httpx.AsyncClient() as client:
        for _ in range(25):
            assert (await client.post(webhook, json=card_message("x"))).status_code == 202
        clock.forward(seconds=100)
        refused = await client.post(webhook, json=card_message("x"))
        clock.forward(seconds=float(refused.headers["Retry-After"]))
        assert (await client.post(webhook, json=card_message("x"))).status_code == 202
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "201")


async def test_state_outlives_the_server(tmp_path: Path) -> None:
    first = Microsoft365(tmp_path, CITY)
    await first.start()
    async with graph_client(first) as client:
        site = (await client.get("/sites/skuska.sharepoint.com:/sites/stavebny-urad")).json()["id"]
        library = (await client.get(f"/sites/{site}/drive")).json()["id"]
        await client.put(f"/drives/{library}/root:/a.pdf:/content", content=b"%PDF")
    await first.stop()
    second = Microsoft365(tmp_path, CITY)
    await second.start()
    async with graph_client(second) as client:
        item = (await client.get(f"/drives/{library}/root:/a.pdf")).json()
        assert (await client.get(item["@microsoft.graph.downloadUrl"])).content == b"%PDF"
    await second.stop()


async def test_reset_forgets_what_was_delivered_and_keeps_the_libraries(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")
    await graph.post(f"{server.url}/control/reset")
    assert (await graph.get(f"{drive}/root/children")).json()["value"] == []
    assert (await graph.get(f"{server.url}/control/files")).json() == []


@pytest.mark.slow
async def test_as_a_process_it_says_its_port_and_stops_clean(tmp_path: Path) -> None:
    arguments = ["-m", "local.microsoft365", "--state", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    port = int(line.removeprefix("listening on "))
    async with httpx.AsyncClient() as client:
        departments = (await client.get(f"http://127.0.0.1:{port}/control/departments")).json()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert await process.stderr.read() == b""
    assert {"stavebny-urad", "podatelna", "okresny-urad"} <= {entry["id"] for entry in departments}


async def test_a_wrong_plan_of_faults_is_refused_at_start(tmp_path: Path) -> None:
    plan = tmp_path / "faults.json"
    plan.write_text(json.dumps({"rules": [{"route": "graph.uplaod", "fault": "throttled"}]}))
    arguments = ["-m", "local.microsoft365", "--state", str(tmp_path), "--faults", str(plan)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.PIPE)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert str(plan) in errors.decode()
    assert "graph.upload" in errors.decode()


async def _chunk(client: httpx.AsyncClient, url: str, data: bytes, start: int, end: int) -> httpx.Response:
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
    return await client.put(url, content=data[start:end], headers=headers)


async def test_a_renamed_library_is_found_by_its_new_name_and_still_shown_for_its_department(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")
    server.tenant.libraries.rename(drive.removeprefix("/drives/"), "Iná knižnica")
    assert (await graph.get(drive)).json()["name"] == "Iná knižnica"
    [file] = (await graph.get(f"{server.url}/control/files", params={"department": "stavebny-urad"})).json()
    assert (file["name"], file["library"]) == ("a.pdf", "Iná knižnica")
    assert (await graph.get(file["url"])).content == b"1"


async def test_metadata_changes_the_etag_and_leaves_the_ctag(graph: httpx.AsyncClient, drive: str) -> None:
    before = (await graph.put(f"{drive}/root:/a.pdf:/content", content=b"1")).json()
    await graph.patch(f"{drive}/items/{before['id']}/listItem/fields", json={"Title": "x"})
    after = (await graph.get(f"{drive}/items/{before['id']}")).json()
    assert (after["eTag"] == before["eTag"], after["cTag"] == before["cTag"]) == (False, True)


async def test_a_client_that_goes_away_in_the_middle_of_its_file_leaves_nothing(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"PUT /v1.0{drive}/root:/a.pdf:/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n"
    writer.write(f"{head}Content-Length: 1000000\r\n\r\n".encode() + bytes(1000))
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await asyncio.sleep(0.1)
    assert (await graph.get(f"{drive}/root/children")).json()["value"] == []
    assert list(server.tenant.database.files.iterdir()) == []
    assert server.counters["graph.upload dropped"] == 1
    assert caplog.records == []

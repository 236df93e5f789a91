"""Faults of the Microsoft 365 stand-in as a client meets them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.microsoft365 import Microsoft365
from local.microsoft365.faults import Plan
from tests.fakes_microsoft365 import CITY, card_message, graph_client


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path, CITY)
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


def break_with(server: Microsoft365, **rule: Any) -> None:
    server.faults.set(Plan.model_validate({"rules": [rule]}))


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("server-error", 500),
        ("unavailable", 503),
        ("gateway-timeout", 504),
        ("locked", 423),
        ("conflict", 409),
        ("forbidden", 403),
        ("not-found", 404),
        ("gone", 410),
    ],
)
async def test_an_error_fault_answers_in_graphs_shape_and_does_nothing(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str, fault: str, status: int
) -> None:
    break_with(server, route="graph.upload", fault=fault)
    answer = await graph.put(f"{drive}/root:/a.pdf:/content", content=b"x")
    assert answer.status_code == status
    assert answer.json()["error"]["code"]
    assert (await graph.get(f"{drive}/root/children")).json()["value"] == []


async def test_throttling_says_how_long_to_wait(server: Microsoft365, graph: httpx.AsyncClient) -> None:
    break_with(server, route="graph.read", fault="throttled", retry_after=[10, 600], times=1)
    first = await graph.get("/sites?search=*")
    assert first.status_code == 429
    assert 10 <= int(first.headers["Retry-After"]) <= 600
    assert (await graph.get("/sites?search=*")).status_code == 200


async def test_unauthorized_once_lets_the_second_request_through(
    server: Microsoft365, graph: httpx.AsyncClient
) -> None:
    break_with(server, route="*", fault="unauthorized", times=1)
    assert [(await graph.get("/sites?search=*")).status_code for _ in range(3)] == [401, 200, 200]


async def test_a_script_is_played_once_in_order(server: Microsoft365, graph: httpx.AsyncClient) -> None:
    break_with(server, route="graph.read", script=["ok", "locked", "gone"])
    assert [(await graph.get("/sites?search=*")).status_code for _ in range(5)] == [200, 423, 410, 200, 200]


async def test_the_same_seed_draws_the_same_faults(server: Microsoft365, graph: httpx.AsyncClient) -> None:
    async def statuses(seed: int) -> list[int]:
        rules = [{"route": "graph.read", "fault": "unavailable", "probability": 0.5}]
        server.faults.set(Plan.model_validate({"seed": seed, "rules": rules}))
        return [(await graph.get("/sites?search=*")).status_code for _ in range(20)]

    first = await statuses(3)
    assert first == await statuses(3)
    assert first != await statuses(4)
    assert set(first) == {200, 503}


async def test_a_reset_cuts_the_connection_and_does_nothing(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    break_with(server, route="graph.upload", fault="reset", times=1)
    with pytest.raises((httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)):
        await graph.put(f"{drive}/root:/a.pdf:/content", content=bytes(3 * 2**20))
    assert (await graph.get(f"{drive}/root/children")).json()["value"] == []


async def test_a_lost_answer_does_the_work_and_then_cuts_the_connection(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    break_with(server, route="graph.upload", fault="lost-answer", times=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await graph.put(f"{drive}/root:/a.pdf:/content", content=b"x")
    children = (await graph.get(f"{drive}/root/children")).json()["value"]
    assert [child["name"] for child in children] == ["a.pdf"]
    assert server.counters["graph.upload dropped"] == 1


async def test_a_slow_answer_comes_late_and_a_hanging_one_never(server: Microsoft365, graph: httpx.AsyncClient) -> None:
    break_with(server, route="graph.read", fault="slow", seconds=0.3)
    began = time.monotonic()
    assert (await graph.get("/sites?search=*")).status_code == 200
    assert time.monotonic() - began >= 0.3
    break_with(server, route="graph.read", fault="hang")
    with pytest.raises(httpx.ReadTimeout):
        await graph.get("/sites?search=*", timeout=0.3)


async def test_the_webhook_can_answer_200_with_an_error_and_keep_nothing(server: Microsoft365) -> None:
    break_with(server, route="teams", fault="error-in-200", match="stavebny-urad")
    settings = server.settings()
    async with httpx.AsyncClient() as client:
        answer = await client.post(settings["TEAMS_WEBHOOK_STAVEBNY_URAD"], json=card_message("x"))
        spared = await client.post(settings["TEAMS_WEBHOOK_PODATELNA"], json=card_message("x"))
    assert (answer.status_code, spared.status_code) == (200, 202)
    assert "failed" in answer.text
    assert [card["department"] for card in server.tenant.channels.cards()] == ["podatelna"]


async def test_faults_are_set_over_http_outlive_a_restart_and_are_cleared(tmp_path: Path) -> None:
    plan = {"rules": [{"route": "mail", "fault": "forbidden", "times": 2}]}
    first = Microsoft365(tmp_path, CITY)
    await first.start()
    async with httpx.AsyncClient() as client:
        assert (await client.put(f"{first.url}/control/faults", json=plan)).status_code == 200
        wrong = await client.put(f"{first.url}/control/faults", json={"rules": [{"route": "mail"}]})
    assert wrong.status_code == 400
    await first.stop()
    second = Microsoft365(tmp_path, CITY)
    await second.start()
    async with graph_client(second) as graph:
        assert (await graph.get("/users/x/messages")).status_code == 403
        assert (await graph.delete(f"{second.url}/control/faults")).status_code == 204
        assert (await graph.get("/users/x/messages")).status_code == 404
    await second.stop()


async def test_requests_are_counted_by_route_and_status(
    server: Microsoft365, graph: httpx.AsyncClient, drive: str
) -> None:
    await graph.delete(f"{server.url}/control/counters")
    await graph.put(f"{drive}/root:/a.pdf:/content", content=b"x")
    await graph.get(f"{drive}/root:/b.pdf")
    counters = (await graph.get(f"{server.url}/control/counters")).json()
    assert counters == {"graph.upload 201": 1, "graph.read 404": 1}

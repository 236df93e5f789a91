"""Delivery against the Microsoft 365 stand-in, through the real SDK and over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.microsoft365 import Microsoft365, control
from shared.adapters.graph import Graph
from shared.adapters.mail import GraphMailbox
from shared.adapters.sharepoint import SharePointLibrary
from shared.adapters.teams import TeamsChannel
from shared.columns import Column
from shared.model import MAILROOM, State
from tests.fakes import NOON, clock
from tests.fakes_delivery import CITY, Office


@pytest.fixture
async def microsoft(tmp_path: Path) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path / "m365", CITY)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def office(microsoft: Microsoft365) -> AsyncIterator[Office]:
    settings = microsoft.settings()
    graph = Graph.connect(settings["GRAPH_ENDPOINT"], token=settings["GRAPH_TOKEN"], credential=None)
    office = Office()
    webhooks = {name: microsoft.tenant.channels.webhook(microsoft.url, name) for name in microsoft.tenant.channel_ids}
    teams = TeamsChannel(webhooks, office.turns, clock)
    office.library = SharePointLibrary(graph, CITY)
    office.channel = teams
    office.mailbox = GraphMailbox(graph, CITY.city.mailbox)
    yield office
    await teams.close()
    await graph.close()


def files(server: Microsoft365, department: str) -> list[dict[str, Any]]:
    return control.files(server.tenant, CITY.by_id[department], server.url)


async def test_a_routed_document_is_filed_with_its_columns_and_announced(
    office: Office, microsoft: Microsoft365
) -> None:
    record = await office.route("stavebny-urad", kind="podnet")
    await office.deliver_all()
    (file,) = files(microsoft, "stavebny-urad")
    (card,) = control.cards(microsoft.tenant)
    stored = await office.ledger.document(record.id)
    assert stored.state is State.DELIVERED
    assert stored.deadline == date(2026, 12, 21)
    assert file["folder"] == "2026-11"
    assert file["name"] == f"2026-11-20 Podnet {record.id}.pdf"
    assert (file["columns"][Column.DOCUMENT_ID], file["columns"][Column.KIND]) == (record.id, "Podnet")
    assert stored.filed is not None
    assert stored.filed.url in str(card)
    assert NOON - stored.received_at < timedelta(hours=1)
    assert MAILROOM not in str(card["department"])

"""Delivery against the Microsoft 365 stand-in, through the real SDK and over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.microsoft365 import Microsoft365, control
from local.microsoft365.faults import Plan
from shared.adapters.graph import Graph
from shared.adapters.mail import GraphMailbox
from shared.adapters.sharepoint import SharePointLibrary
from shared.adapters.teams import TeamsChannel
from shared.columns import Column, Columns
from shared.delivery import replay_document
from shared.errors import DeliveryRefused, TransientError
from shared.model import MAILROOM, State
from tests.fakes_delivery import CITY, MovingClock, Office

pytestmark = pytest.mark.slow
BIG = bytes(range(256)) * 40_000  # 10 MB: three chunks of an upload session
LETTER = ("20261120-A-1.2", "podatelna@urad.example", "Postúpenie", "<p>Postupujeme.</p>")


@pytest.fixture
async def microsoft(tmp_path: Path) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path / "m365", CITY)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def graph(microsoft: Microsoft365) -> AsyncIterator[Graph]:
    graph = Graph.connect(f"{microsoft.url}/v1.0", token="any", credential=None)
    yield graph
    await graph.close()


@pytest.fixture
def library(graph: Graph) -> SharePointLibrary:
    return SharePointLibrary(graph, CITY)


@pytest.fixture
def mailbox(graph: Graph) -> GraphMailbox:
    return GraphMailbox(graph, CITY.city.mailbox)


@pytest.fixture
async def office(microsoft: Microsoft365, graph: Graph) -> AsyncIterator[Office]:
    office = Office()
    webhooks = {name: microsoft.tenant.channels.webhook(microsoft.url, name) for name in microsoft.tenant.channel_ids}
    teams = TeamsChannel(webhooks, office.turns, office.clock)
    office.library, office.channel = SharePointLibrary(graph, CITY), teams
    office.mailbox = GraphMailbox(graph, CITY.city.mailbox)
    yield office
    await teams.close()


def files(server: Microsoft365, department: str) -> list[dict[str, Any]]:
    return control.files(server.tenant, CITY.by_id[department], server.url)


def content(server: Microsoft365, file: dict[str, Any]) -> bytes:
    return Path(server.tenant.database.files / file["id"]).read_bytes()


def break_with(server: Microsoft365, **rule: Any) -> None:
    server.faults.set(Plan.model_validate({"rules": [rule]}))


async def test_a_routed_document_is_filed_with_its_columns_and_announced(
    office: Office, microsoft: Microsoft365
) -> None:
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    (file,) = files(microsoft, "stavebny-urad")
    (card,) = control.cards(microsoft.tenant)
    stored = await office.ledger.document(record.id)
    assert (stored.state, stored.deadline) == (State.DELIVERED, date(2026, 12, 21))
    assert (file["folder"], file["name"]) == ("2026-11", f"2026-11-20 Podnet {record.id}.pdf")
    assert file["columns"] == {
        Column.DOCUMENT_ID: record.id,
        Column.KIND: "Podnet",
        Column.RECEIVED: "2026-11-20T12:00:00Z",
        Column.CONFIDENCE: 0.95,
        Column.DEADLINE: "2026-12-21T12:00:00Z",
        Column.APPLICANT: "Ján Vymyslený",
    }
    assert stored.filed is not None
    assert stored.filed.url in str(card)
    assert "Vymyslený" not in str(card)


async def test_a_document_for_an_authority_is_filed_by_the_mailroom_and_forwarded(
    office: Office, microsoft: Microsoft365
) -> None:
    record = await office.route("okresny-urad")
    await office.deliver_all()
    (file,) = files(microsoft, "okresny-urad")
    (mail,) = control.mails(microsoft.tenant)
    assert (file["library"], (await office.ledger.document(record.id)).state) == (
        "Príslušným úradom",
        State.DELIVERED,
    )
    assert mail["toRecipients"][0]["emailAddress"]["address"] == "podatelna@urad.example"
    assert [attachment["name"] for attachment in mail["attachments"]] == [file["name"]]


async def test_moves_take_the_file_along_over_graph(office: Office, microsoft: Microsoft365) -> None:
    record = await office.route(MAILROOM)
    await office.deliver_all()
    for goal in ("okresny-urad", "urad-prace", "skolstvo", MAILROOM):
        await office.move(record.id, goal)
        await office.deliver_all()
        everywhere = [(d.id, file) for d in CITY.departments for file in files(microsoft, d.id)]
        # Two authorities share one library, so the same file is listed for both.
        assert len({file["id"] for _, file in everywhere}) == 1
        assert goal in {department for department, _ in everywhere}
        assert content(microsoft, everywhere[0][1]).startswith(b"%PDF")


@pytest.mark.parametrize("fault", ["throttled", "server-error", "unavailable", "gateway-timeout", "locked", "conflict"])
@pytest.mark.parametrize("route", ["graph.read", "graph.write", "graph.upload", "teams", "mail"])
async def test_faults_of_every_call_pass_and_leave_one_file_and_one_card(
    office: Office, microsoft: Microsoft365, fault: str, route: str
) -> None:
    break_with(microsoft, route=route, fault=fault, times=3, retry_after=[1, 600])
    record = await office.route("okresny-urad" if route == "mail" else "stavebny-urad")
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.DELIVERED
    assert sum(len(files(microsoft, department)) for department in ("okresny-urad", "stavebny-urad")) == 1
    assert len(control.cards(microsoft.tenant)) + len(control.mails(microsoft.tenant)) == 1


@pytest.mark.parametrize("fault", ["reset", "lost-answer", "unauthorized"])
@pytest.mark.parametrize("route", ["graph.read", "graph.write", "graph.upload", "mail"])
async def test_broken_connections_and_lost_answers_double_no_file_and_no_letter(
    office: Office, microsoft: Microsoft365, fault: str, route: str
) -> None:
    break_with(microsoft, route=route, fault=fault, times=2)
    record = await office.route("okresny-urad")
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.DELIVERED
    assert len(files(microsoft, "okresny-urad")) == 1
    assert len(control.mails(microsoft.tenant)) == 1


async def test_a_401_of_the_workflow_is_tried_once_more(office: Office, microsoft: Microsoft365) -> None:
    break_with(microsoft, route="teams", fault="unauthorized", times=1)
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.DELIVERED


@pytest.mark.parametrize("fault", ["gone", "not-found", "unauthorized", "forbidden"])
async def test_a_workflow_that_is_gone_is_given_up_and_replayed(
    office: Office, microsoft: Microsoft365, fault: str
) -> None:
    break_with(microsoft, route="teams", fault=fault, match="stavebny-urad")
    record = await office.route("stavebny-urad")
    await office.deliver_all()
    stored = await office.ledger.document(record.id)
    assert stored.state is State.FAILED
    assert "Pracovný postup kanála Teams" in (stored.error or "")
    assert [card["department"] for card in control.cards(microsoft.tenant)] == [MAILROOM]
    microsoft.faults.set(Plan())
    await replay_document(record.id, who="tester", ledger=office.ledger, bus=office.bus, clock=office.clock)
    await office.deliver_all()
    assert (await office.ledger.document(record.id)).state is State.DELIVERED


async def test_the_address_of_a_workflow_stands_in_no_error(
    office: Office, microsoft: Microsoft365, caplog: pytest.LogCaptureFixture
) -> None:
    break_with(microsoft, route="teams", fault="reset", times=1)
    await office.route("stavebny-urad")
    with caplog.at_level("DEBUG", logger="shared"):
        await office.deliver_all()
    assert "sig=" not in caplog.text


async def test_many_waiting_documents_become_a_digest_and_stay_below_the_limit(
    office: Office, microsoft: Microsoft365
) -> None:
    microsoft.tenant.database.clock = office.clock
    plan = {"teams_rate": {"posts": 25, "seconds": 300}, "rules": []}
    microsoft.faults.set(Plan.model_validate(plan))
    office.at_once = 30
    records = [await office.route("stavebny-urad") for _ in range(120)]
    await office.deliver_all()
    cards = control.cards(microsoft.tenant)
    assert len(cards) <= 25
    text = str(cards)
    assert all(record.id in text for record in records)
    assert microsoft.counters["teams 429"] == 0


async def test_single_documents_are_paced_and_the_rest_comes_as_a_digest(
    office: Office, microsoft: Microsoft365
) -> None:
    microsoft.tenant.database.clock = office.clock
    microsoft.faults.set(Plan.model_validate({"teams_rate": {"posts": 25, "seconds": 300}, "rules": []}))
    records = []
    for _ in range(40):
        records.append(await office.route("stavebny-urad", kind="podnet"))
        await office.deliver_all(until=office.clock() + timedelta(seconds=2))
    await office.deliver_all()
    states = {(await office.ledger.document(record.id)).state for record in records}
    assert states == {State.DELIVERED}
    assert microsoft.counters["teams 429"] == 0


async def test_a_large_file_goes_through_an_upload_session(library: SharePointLibrary, microsoft: Microsoft365) -> None:
    await library.file("majetok", "2026-11", "veľký.pdf", BIG, {})
    (file,) = files(microsoft, "majetok")
    assert content(microsoft, file) == BIG
    assert microsoft.counters["graph.chunk 202"] == 2


@pytest.mark.parametrize(
    "script", [["ok", "reset"], ["lost-answer"], ["ok", "ok", "lost-answer"], ["unavailable", "ok"]]
)
async def test_a_broken_chunk_is_sent_again(
    library: SharePointLibrary, microsoft: Microsoft365, script: list[str]
) -> None:
    break_with(microsoft, route="graph.chunk", script=script, retry_after=0)
    await library.file("majetok", "2026-11", "veľký.pdf", BIG, {})
    (file,) = files(microsoft, "majetok")
    assert content(microsoft, file) == BIG


async def test_a_session_that_expired_is_started_anew(library: SharePointLibrary, microsoft: Microsoft365) -> None:
    clock = MovingClock()
    microsoft.tenant.database.clock = clock
    break_with(microsoft, route="graph.chunk", script=["ok", "not-found"])
    await library.file("majetok", "2026-11", "veľký.pdf", BIG, {})
    (file,) = files(microsoft, "majetok")
    assert content(microsoft, file) == BIG
    assert microsoft.counters["graph.upload 200"] == 2


async def test_a_long_throttling_in_the_middle_of_an_upload_is_left_to_the_deferred_retry(
    library: SharePointLibrary, microsoft: Microsoft365
) -> None:
    break_with(microsoft, route="graph.chunk", fault="throttled", retry_after=300)
    with pytest.raises(TransientError) as refused:
        await library.file("majetok", "2026-11", "veľký.pdf", BIG, {})
    assert refused.value.retry_after == 300


async def test_a_move_that_stopped_half_way_is_finished_by_the_same_call(
    library: SharePointLibrary, microsoft: Microsoft365
) -> None:
    item = await library.file("majetok", "2026-11", "a.pdf", b"%PDF edited", {})
    target: tuple[str, str, str, bytes, Columns] = ("skolstvo", "2026-11", "b.pdf", b"%PDF original", {})
    break_with(microsoft, route="graph.write", script=["ok", "ok", "ok", "server-error"], match="/items/")
    for _ in range(3):
        try:
            moved = await library.move(item, *target)
        except TransientError:
            continue
    assert files(microsoft, "majetok") == []
    (file,) = files(microsoft, "skolstvo")
    assert (file["name"], content(microsoft, file)) == ("b.pdf", b"%PDF edited")
    assert (await library.move(item, *target)).item_id == moved.item_id


async def test_missing_columns_stop_nothing_and_are_told(library: SharePointLibrary, microsoft: Microsoft365) -> None:
    drive = microsoft.tenant.libraries.drive_of(CITY.city.sharepoint_host, "/sites/majetok", "Podateľňa")
    microsoft.tenant.libraries.delete_column(drive["list"], Column.APPLICANT)
    columns: Columns = {Column.DOCUMENT_ID: "x", Column.APPLICANT: "Ján"}
    item = await library.file("majetok", "2026-11", "a.pdf", b"%PDF", columns)
    assert item.missing_columns == ["Žiadateľ"]
    assert await library.missing_columns("majetok") == ["Žiadateľ"]
    assert files(microsoft, "majetok")[0]["columns"] == {Column.DOCUMENT_ID: "x"}


async def test_a_renamed_library_is_a_permanent_error_with_what_to_do(
    library: SharePointLibrary, microsoft: Microsoft365
) -> None:
    drive = microsoft.tenant.libraries.drive_of(CITY.city.sharepoint_host, "/sites/majetok", "Podateľňa")
    microsoft.tenant.libraries.rename(drive["id"], "Archív")
    with pytest.raises(DeliveryRefused) as refused:
        await library.file("majetok", "2026-11", "a.pdf", b"%PDF", {})
    assert "nie je knižnica „Podateľňa“" in refused.value.reason
    microsoft.tenant.libraries.rename(drive["id"], "Podateľňa")
    await library.file("majetok", "2026-11", "a.pdf", b"%PDF", {})


@pytest.mark.parametrize(("fault", "told"), [("not-found", "neexistuje"), ("forbidden", "nemá oprávnenie")])
async def test_a_site_that_is_missing_or_closed_is_a_permanent_error(
    library: SharePointLibrary, microsoft: Microsoft365, fault: str, told: str
) -> None:
    break_with(microsoft, route="graph.read", fault=fault, match="/sites/")
    with pytest.raises(DeliveryRefused) as refused:
        await library.file("majetok", "2026-11", "a.pdf", b"%PDF", {})
    assert told in refused.value.reason


async def test_a_folder_that_went_away_is_made_again(library: SharePointLibrary, microsoft: Microsoft365) -> None:
    item = await library.file("majetok", "2026-11", "a.pdf", b"%PDF", {})
    items = microsoft.tenant.items
    items.delete(items.get(item.drive_id, items.get(item.drive_id, item.item_id)["parent"]))
    await library.file("majetok", "2026-11", "b.pdf", b"%PDF", {})
    assert [file["name"] for file in files(microsoft, "majetok")] == ["b.pdf"]


@pytest.mark.parametrize("size", [100, 5 * 2**20])
async def test_a_letter_is_sent_once_however_often_it_is_tried(
    mailbox: GraphMailbox, microsoft: Microsoft365, size: int
) -> None:
    break_with(microsoft, route="mail", script=["ok", "ok", "ok" if size > 2**20 else "lost-answer", "lost-answer"])
    for _ in range(3):
        try:
            await mailbox.forward(*LETTER, ("podanie.pdf", bytes(size)))
        except TransientError:
            continue
    (mail,) = control.mails(microsoft.tenant)
    assert [attachment["size"] for attachment in mail["attachments"]] == [size]
    assert len(microsoft.tenant.mailboxes.messages(CITY.city.mailbox)) == 1


async def test_an_attachment_whose_last_answer_was_lost_is_there_once(
    mailbox: GraphMailbox, microsoft: Microsoft365
) -> None:
    break_with(microsoft, route="graph.chunk", script=["ok", "lost-answer"])
    await mailbox.forward(*LETTER, ("podanie.pdf", bytes(5 * 2**20)))
    (mail,) = control.mails(microsoft.tenant)
    assert [attachment["size"] for attachment in mail["attachments"]] == [5 * 2**20]


@pytest.mark.parametrize("fault", ["forbidden", "not-found"])
async def test_a_refused_mailbox_is_a_permanent_error(
    mailbox: GraphMailbox, microsoft: Microsoft365, fault: str
) -> None:
    break_with(microsoft, route="mail", fault=fault)
    with pytest.raises(DeliveryRefused) as refused:
        await mailbox.forward(*LETTER, None)
    assert "Poštová schránka podatelna@skuska.example" in refused.value.reason

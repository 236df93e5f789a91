"""Status, journal, reconciliation and retention on real Table and Blob Storage (Azurite), from the command line."""

from __future__ import annotations

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.data.tables import TableClient
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from cli.main import app
from local.tessdata import find_tessdata
from shared.adapters.blobs import StoredBlobs
from shared.adapters.ledger import TableLedger
from shared.departments import Delivery, load_city
from shared.errors import UnknownDocument
from shared.maintenance import Maintenance
from shared.model import DocumentRecord, State
from shared.reconciliation import Trouble
from shared.reconciliation.report import Count
from shared.settings import Settings, webhook_setting
from shared.telemetry import ObservedLedger
from tests.fakes_delivery import MemoryChannel, MemoryLibrary, MemoryMailbox
from tests.fakes_telemetry import Town, Watched
from tests.scans import typed_pdf
from tests.stack_fixtures import start_parts
from tests.unit.test_telemetry import DecidedClassifier, SecretiveRecognizer

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
CITY = load_city(ROOT / "config" / "departments.yaml")
WRITES = ("open_source", "save_source", "claim", "open_document", "advance")
Work = Callable[[Town], Coroutine[Any, Any, Any]]


class Counting:
    """A ledger whose writes are counted."""

    def __init__(self, ledger: TableLedger) -> None:
        self._ledger = ledger
        self.writes: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        if name in WRITES:
            self.writes[name] += 1
        return getattr(self._ledger, name)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An Azurite of its own, since reconciliation looks at everything there is."""
    webhooks = {
        webhook_setting(one.id): "http://localhost/x" for one in CITY.departments if Delivery.TEAMS in one.channels
    }
    for found in start_parts(tmp_path_factory.mktemp("operations"), "azurite"):
        bus = "Endpoint=sb://localhost;SharedAccessKeyName=x;SharedAccessKey=x;UseDevelopmentEmulator=true;"
        known = {
            "OCR_ENGINE": "tesseract",
            "TESSDATA": str(find_tessdata()),
            "REVIEW_DESK_URL": "http://localhost/stol",
        }
        yield {"STORAGE": found["STORAGE"], "SERVICEBUS": bus, **known, **webhooks}


@pytest.fixture
def run(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def in_town(environment: dict[str, str], work: Work, *, later: timedelta = timedelta()) -> Any:
    """Runs the stages on the real storage; `later` sets the clock on."""

    async def main() -> Any:
        connection = environment["STORAGE"]
        blobs = StoredBlobs.connect(connection_string=connection, uri=None, credential=None)
        table = TableLedger.connect(connection_string=connection, uri=None, credential=None)
        watched, ledger = Watched(), Counting(table)
        observed: Any = ObservedLedger(ledger, watched.telemetry)
        town = Town(
            CITY,
            Settings.model_validate({**environment, "webhooks": {}}),
            watched,
            blobs=blobs,
            ledger=observed,
            recognizer=SecretiveRecognizer(),
            classifier=DecidedClassifier(),
            library=MemoryLibrary(),
            channel=MemoryChannel(),
            mailbox=MemoryMailbox(),
            clock=lambda: datetime.now(UTC) + later,
        )
        town.counted = ledger.writes  # type: ignore[attr-defined]
        try:
            return await work(town)
        finally:
            await town.mailroom.close()
            await blobs.close()
            await table.close()

    return asyncio.run(main())


async def scan(town: Town, name: str) -> DocumentRecord:
    await town.services.blobs.write("scans", name, typed_pdf([name]), content_type="application/pdf")
    await town.mailroom.take_in(name)
    await town.run()
    day = datetime.now(UTC).date()
    found = town.services.ledger.documents(since=day, until=day + timedelta(days=1))
    (record,) = [record async for record in found if record.source_name == name]
    return record


def test_status_answers_by_document_scan_and_file_and_says_what_it_does_not_know(
    environment: dict[str, str], run: Callable[..., Result]
) -> None:
    record: DocumentRecord = in_town(environment, lambda town: scan(town, "status.pdf"))
    answer = json.loads(run("status", record.id.lower(), "--json").stdout)
    assert (answer["state"], answer["steps"][-1]["action"]) == ("delivered", "announced")
    for name in (record.source_id, "status.pdf"):
        assert json.loads(run("status", name, "--json").stdout)["documents"] == [record.id]
    listed = run("status", "--state", "delivered", "--department", "skolstvo", "--json").stdout.splitlines()
    assert record.id in [json.loads(line)["id"] for line in listed]
    unknown = run("status", "20261120-ABCDEFGH-1")
    assert isinstance(unknown.exception, UnknownDocument)
    assert "20261120-ABCDEFGH-1" in str(unknown.exception)
    assert "look back with --since" in str(run("status", "nikdy.pdf").exception)
    assert "no department 'skola'" in run("status", "--department", "skola").stderr


def test_a_document_costs_at_most_eight_writes_of_the_ledger(environment: dict[str, str]) -> None:
    async def count(town: Town) -> Counter[str]:
        await scan(town, "zapisy.pdf")
        return town.counted  # type: ignore[attr-defined, no-any-return]

    writes: Counter[str] = in_town(environment, count)
    assert writes["open_document"] + writes["advance"] <= 8
    assert sum(writes.values()) <= 10  # with those of the scanned file, which its documents share


def test_a_row_edited_by_hand_is_named_by_verify(environment: dict[str, str], run: Callable[..., Result]) -> None:
    record: DocumentRecord = in_town(environment, lambda town: scan(town, "falzovany.pdf"))
    assert run("journal", "verify").exit_code == 0
    with TableClient.from_connection_string(environment["STORAGE"], "documents") as rows:
        row = rows.get_entity(record.id[:8], f"S|{record.id}|000003")
        original = dict(row)
        row["json00"] = str(row["json00"]).replace("skolstvo", "majetok")
        rows.update_entity(row)
        forged = run("journal", "verify", "--json")
        rows.update_entity(original)
    assert forged.exit_code == 1
    found = [json.loads(line) for line in forged.stdout.splitlines()]
    assert [(one["where"], one["step"]) for one in found] == [(record.id, 3)]
    assert run("journal", "verify").exit_code == 0


def test_the_journal_is_written_as_csv_and_xlsx_and_an_empty_month_as_headings(
    environment: dict[str, str], run: Callable[..., Result], tmp_path: Path
) -> None:
    record: DocumentRecord = in_town(environment, lambda town: scan(town, "dennik.pdf"))
    month = f"{record.id[:4]}-{record.id[4:6]}"
    assert run("journal", "export", "--month", month, "--output", str(tmp_path)).exit_code == 0
    with (tmp_path / f"registraturny-dennik-{month}.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = [row["Pomocné číslo"] for row in csv.DictReader(file, delimiter=";")]
    assert record.id in numbers
    sheet = load_workbook(tmp_path / f"registraturny-dennik-{month}.xlsx").active
    assert sheet is not None
    assert sheet.max_row == len(numbers) + 1
    empty = run("journal", "export", "--month", "2020-02", "--output", str(tmp_path))
    assert (empty.exit_code, "nothing was scanned" in empty.stdout) == (0, True)
    assert len((tmp_path / "registraturny-dennik-2020-02.csv").read_text(encoding="utf-8-sig").splitlines()) == 1
    assert run("journal", "export", "--month", "2026-13").exit_code == 2


def test_what_was_taken_in_is_found_again_in_the_listing_of_the_storage(
    environment: dict[str, str], run: Callable[..., Result]
) -> None:
    in_town(environment, lambda town: scan(town, "Ľubovoľný názov #1 (kópia).pdf"))
    answer = run("reconcile", "--dry-run", "--json")
    figures = json.loads(answer.stdout.splitlines()[-1])
    assert figures["balanced"] is True
    assert (figures["missing"], figures["under_way"], figures["scanned"]) == (0, 0, figures["delivered"])
    assert answer.exit_code == 0


def test_a_scan_without_an_event_and_a_lost_message_are_healed_in_one_run(environment: dict[str, str]) -> None:
    async def lose(town: Town) -> str:
        await town.services.blobs.write("scans", "bez-udalosti.pdf", typed_pdf(["a"]), content_type="application/pdf")
        await town.services.blobs.write("scans", "bez-spravy.pdf", typed_pdf(["b"]), content_type="application/pdf")
        await town.mailroom.take_in("bez-spravy.pdf")
        return town.bus.sent[0].message.document_id  # never handed over

    lost = in_town(environment, lose)

    async def heal(town: Town) -> tuple[Any, Any]:
        report = await town.mailroom.maintenance.reconcile()
        await town.run()
        return report, await town.mailroom.maintenance.reconcile()

    report, after = in_town(environment, heal, later=timedelta(hours=3))
    assert {finding.trouble for finding in report.findings} == {Trouble.UNANNOUNCED, Trouble.STUCK}
    assert lost in {finding.id for finding in report.findings}
    assert len(report.findings) == 2
    assert (after.findings, after.counts[Count.MISSING], after.balanced) == ([], 0, True)
    assert after.counts[Count.SCANNED] == after.counts[Count.DELIVERED]


def test_retention_deletes_on_the_real_storage_what_its_dry_run_announced(environment: dict[str, str]) -> None:
    record: DocumentRecord = in_town(environment, lambda town: scan(town, "po-lehote.pdf"))

    async def expire(town: Town) -> tuple[Any, Any, Any, DocumentRecord]:
        maintenance = Maintenance(town.services)
        announced = await maintenance.delete_expired(dry_run=True)
        deleted = await maintenance.delete_expired()
        scans = [blob.name async for blob in town.services.blobs.list("scans")]
        return announced, deleted, scans, await town.services.ledger.document(record.id)

    announced, deleted, scans, stored = in_town(environment, expire, later=timedelta(days=200))
    assert announced.deleted == deleted.deleted
    assert deleted.deleted["scans"] >= 1
    assert scans == []
    assert stored.state is State.DELIVERED
    assert "expired:extracted" in stored.effects

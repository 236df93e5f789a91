"""What is past its period goes, once it was delivered; what is held, waits or failed stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.chain import find_breaks
from shared.errors import PermanentError
from shared.model import MAILROOM, DocumentRecord, Fate, PageFate, SourceRecord, State
from shared.operations import Periods, load_operations
from shared.retention import DETAILS, Expiry, delete_expired, hold, release
from tests.fakes import NOON
from tests.fakes_delivery import Office

PERIODS = Periods(
    scans=100, documents=100, delivered=100, extracted=50, previews=50, blanks=50, quarantine=100, corrections=700,
    ledger_details=1000,
)  # fmt: skip


async def delivered(office: Office, department: str = "stavebny-urad") -> DocumentRecord:
    """A scan of one document, delivered at noon, with everything that is kept of it."""
    record = await office.route(department)
    scan = office.blobs.drop("Ján Vymyslený.pdf", record.id.encode())
    for container, name in (
        ("documents", f"{record.id}.pdf"),
        ("documents", f"{record.id}0.pdf"),  # the tenth document's
        ("extracted", f"{record.id}.json"),
        ("previews", f"{record.source_id}/1.jpg"),
        ("blanks", f"{record.source_id}/2.pdf"),
        ("corrections", f"{record.id}-2.json"),
    ):
        office.blobs.drop(name, b"1", container=container)
    source = SourceRecord(
        id=record.source_id, name=scan.name, etag=scan.etag, size=1, received_at=NOON, state=State.ROUTED,
        pages=[PageFate(page=1, fate=Fate.DOCUMENT, document_id=record.id)], documents=[record.id],
    )  # fmt: skip
    await office.ledger.save_source(source)
    await office.deliver_all()
    return await office.ledger.document(record.id)


@pytest.fixture
def sweep() -> Callable[..., Awaitable[Expiry]]:
    async def run(office: Office, days: float, **how: Any) -> Expiry:
        at = NOON + timedelta(days=days)
        return await delete_expired(blobs=office.blobs, ledger=office.ledger, periods=PERIODS, clock=lambda: at, **how)

    return run


Sweep = Callable[..., Awaitable[Expiry]]


def left(office: Office) -> set[str]:
    return {container for container, _ in office.blobs.stored}


async def test_nothing_goes_before_its_period(sweep: Sweep) -> None:
    office = Office()
    await delivered(office)
    before = dict(office.blobs.stored)
    assert (await sweep(office, 49)).deleted == {}
    assert office.blobs.stored == before


async def test_each_container_goes_after_its_own_period_and_other_documents_stay(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office)
    assert (await sweep(office, 51)).deleted == {"extracted": 2, "previews": 1, "blanks": 1}
    assert left(office) == {"scans", "documents", "delivered", "corrections"}
    assert (await sweep(office, 101)).deleted == {"scans": 1, "documents": 1, "delivered": 1}
    assert sorted(office.blobs.stored) == [
        ("corrections", f"{record.id}-2.json"),
        ("documents", f"{record.id}0.pdf"),
    ]
    assert (await sweep(office, 102)).deleted == {}


async def test_details_go_last_while_steps_stay_and_the_chain_holds(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office)
    before = await office.ledger.steps(record.id)
    await sweep(office, 1001)
    stored = await office.ledger.document(record.id)
    source = await office.ledger.source(record.source_id)
    assert (stored.source_name, stored.reasons, stored.candidates, source.name) == ("", [], [], "")
    after = await office.ledger.steps(record.id)
    assert (after[:-1], after[-1].action) == (before, "expired")
    assert list(find_breaks(office.ledger.chained[record.id])) == []


async def test_a_dry_run_counts_and_touches_nothing(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office)
    before = dict(office.blobs.stored)
    expiry = await sweep(office, 1001, dry_run=True)
    assert expiry.deleted[DETAILS] == 1
    assert expiry.deleted["scans"] == 1
    assert office.blobs.stored == before
    assert (await office.ledger.document(record.id)).source_name == "sken.pdf"


@pytest.mark.parametrize("state", [State.FAILED, State.ROUTED, State.FILED])
async def test_what_was_never_delivered_is_kept_and_named(sweep: Sweep, state: State) -> None:
    office = Office()
    record = await delivered(office)
    office.ledger.document_rows[record.id] = record.model_copy(update={"state": state})
    expiry = await sweep(office, 1001)
    assert (expiry.deleted, expiry.undelivered) == ({}, [record.id])


async def test_what_waits_for_the_mailroom_is_kept(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office, MAILROOM)
    assert (await sweep(office, 1001)).undelivered == [record.id]


async def test_one_undelivered_document_keeps_the_whole_scan_but_not_its_neighbours_copies(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office)
    second = record.model_copy(update={"id": f"{record.source_id}-2", "state": State.REVIEW})
    office.ledger.document_rows[second.id] = second
    source = await office.ledger.source(record.source_id)
    await office.ledger.save_source(source.model_copy(update={"documents": [record.id, second.id]}))
    expiry = await sweep(office, 101)
    assert expiry.deleted["documents"] == 1
    assert "scans" not in expiry.deleted


async def test_a_held_document_and_its_scan_stay_until_released(sweep: Sweep) -> None:
    office = Office()
    record = await delivered(office)
    await hold(record.id, "súdny spor", who="tester", ledger=office.ledger, clock=office.clock)
    expiry = await sweep(office, 101)
    assert (expiry.deleted, expiry.held) == ({}, [record.id])
    await release(record.id, who="tester", ledger=office.ledger, clock=office.clock)
    assert (await sweep(office, 101)).deleted["scans"] == 1
    actions = [step.action for step in await office.ledger.steps(record.id)]
    assert actions[-3:] == ["held", "hold-released", "expired"]


async def test_a_hold_without_a_reason_is_refused() -> None:
    office = Office()
    record = await delivered(office)
    with pytest.raises(PermanentError):
        await hold(record.id, " ", who="tester", ledger=office.ledger, clock=office.clock)


async def test_a_later_scan_of_the_same_name_is_not_deleted_for_the_earlier(sweep: Sweep) -> None:
    office = Office()
    await delivered(office)
    office.blobs.drop("Ján Vymyslený.pdf", b"another")
    assert "scans" not in (await sweep(office, 101)).deleted


async def test_a_quarantined_file_goes_after_its_period_and_a_failed_scan_stays(sweep: Sweep) -> None:
    office = Office()
    for number, state in ((1, State.QUARANTINED), (2, State.FAILED)):
        scan = office.blobs.drop(f"{number}.pdf", str(number).encode())
        source = SourceRecord(
            id=f"20261120-0000000{number}", name=scan.name, etag=scan.etag, size=1, received_at=NOON, state=state
        )
        await office.ledger.save_source(source)
        office.blobs.drop(f"{source.id}/{number}.pdf", b"1", container="quarantine")
    assert (await sweep(office, 101)).deleted == {"scans": 1, "quarantine": 1}
    assert office.blobs.names("scans") == ["2.pdf"]


def test_the_periods_of_the_city_are_shorter_than_the_backstop_of_the_storage_account() -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "infra" / "main.bicep").read_text(encoding="utf-8")
    lines = text.split("param retentionDays object = {")[1].split("}")[0].split("\n")
    backstop = dict(line.strip().split(": ") for line in lines if ":" in line)
    retention = load_operations(root / "config").retention
    kept = {name: days for name, days in retention.model_dump().items() if name in backstop}
    assert len(kept) == 8
    assert [name for name, days in kept.items() if days > int(backstop[name])] == []

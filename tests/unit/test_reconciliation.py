"""Reconciliation finds exactly what was lost, starts it again, and says nothing when all is well."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.departments import load_city
from shared.ids import source_id
from shared.maintenance import is_six
from shared.model import DocumentRecord, Fate, Message, PageFate, SourceRecord, State, Step
from shared.reconciliation import Report, Trouble, measure_backlog
from shared.reconciliation.notice import describe
from shared.reconciliation.report import Count
from shared.settings import Settings
from shared.telemetry import Metric
from tests.fakes import NOON
from tests.fakes_delivery import MemoryChannel, MemoryLibrary, MemoryMailbox, MovingClock
from tests.fakes_telemetry import Town, Watched
from tests.scans import typed_pdf
from tests.unit.test_telemetry import DecidedClassifier, SecretiveRecognizer

ROOT = Path(__file__).resolve().parents[2]
CITY = load_city(ROOT / "config" / "departments.yaml")
LATER = NOON + timedelta(hours=17)


def open_town(watched: Watched | None = None) -> Town:
    known = {"STORAGE": "memory", "SERVICEBUS": "memory", "OCR_ENGINE": "tesseract", "TESSDATA": "/usr"}
    settings = Settings.model_validate({**known, "REVIEW_DESK_URL": "https://stol.example/api"})
    parts: dict[str, Any] = {
        "recognizer": SecretiveRecognizer(),
        "classifier": DecidedClassifier(),
        "library": MemoryLibrary(),
        "channel": MemoryChannel(),
        "mailbox": MemoryMailbox(),
        "clock": MovingClock(),
    }
    return Town(CITY, settings, watched or Watched(), **parts)


def wait_until(town: Town, moment: datetime) -> None:
    clock: Any = town.services.clock
    clock.now = moment


async def known(town: Town, number: int, state: State, **changes: Any) -> DocumentRecord:
    """A scan of one document that got as far as `state` at noon."""
    scan = town.blobs.drop(f"sken-{number}.pdf", f"%PDF {number}".encode())
    identity = source_id(scan.name, scan.etag, NOON, "Europe/Bratislava")
    record = DocumentRecord(
        id=f"{identity}-1",
        source_id=identity,
        source_name=scan.name,
        pages=[1],
        received_at=NOON,
        state=state,
        department=None if state in (State.RECEIVED, State.RECOGNIZED) else "skolstvo",
    ).model_copy(update=changes)
    source = SourceRecord(
        id=identity,
        name=scan.name,
        etag=scan.etag,
        size=scan.size,
        received_at=NOON,
        state=State.ROUTED,
        pages=[PageFate(page=1, fate=Fate.DOCUMENT, document_id=record.id)],
        documents=[record.id],
    )
    await town.ledger.save_source(source)
    town.blobs.drop(f"{record.id}.pdf", typed_pdf(["Vec"]), container="documents")
    return await town.ledger.open_document(record, Step(at=NOON, actor="test", action="put", state=state))


async def reconcile(town: Town, **how: Any) -> Report:
    return await town.mailroom.maintenance.reconcile(**how)


def troubles(report: Report) -> list[tuple[Trouble, str]]:
    return [(finding.trouble, finding.id) for finding in report.findings]


async def test_when_all_is_well_the_sum_holds_and_nobody_is_told_but_telemetry() -> None:
    watched = Watched()
    town = open_town(watched)
    for number, state in enumerate((State.DELIVERED, State.FAILED, State.DELIVERED)):
        await known(town, number, state)
    wait_until(town, LATER)
    report = await reconcile(town)
    assert (report.counts[Count.SCANNED], report.counts[Count.DELIVERED], report.counts[Count.FAILED]) == (3, 2, 1)
    assert report.balanced
    channel: Any = town.services.channel
    assert (report.findings, channel.cards) == ([], [])
    emitted = {where["podatelna.finding"]: count for where, count in watched.points(Metric.RECONCILIATION)}
    assert (emitted["scanned"], emitted["missing"]) == (3, 0)


@pytest.mark.parametrize(
    ("state", "entity", "event"),
    [
        (State.RECEIVED, "recognize", "recognize"),
        (State.RECOGNIZED, "classify", "classify"),
        (State.ROUTED, "dept-skolstvo", "routed"),
        (State.REVIEW, "dept-podatelna", "review"),
    ],
)
async def test_a_stuck_document_is_named_and_its_message_sent_again(state: State, entity: str, event: str) -> None:
    town = open_town()
    record = await known(town, 1, state)
    wait_until(town, LATER)
    report = await reconcile(town)
    assert troubles(report) == [(Trouble.STUCK, record.id)]
    assert [(one.entity, one.message.event) for one in town.bus.sent] == [(entity, event)]
    assert (await town.ledger.steps(record.id))[-1].action == "restarted"


async def test_a_filed_document_waits_for_its_card_and_is_told_of_that_only() -> None:
    town = open_town()
    await known(town, 1, State.FILED, effects={"sharepoint:skolstvo:1": NOON})
    wait_until(town, LATER)
    await reconcile(town)
    assert [one.message.event for one in town.bus.sent] == ["filed"]


async def test_a_review_whose_card_is_out_waits_for_a_person_not_for_us() -> None:
    town = open_town()
    await known(town, 1, State.REVIEW, effects={"sharepoint:podatelna:1": NOON, "teams:podatelna:1": NOON})
    wait_until(town, NOON + timedelta(days=9))
    assert (await reconcile(town)).findings == []


async def test_what_was_restarted_is_not_restarted_again_before_its_limit() -> None:
    town = open_town()
    await known(town, 1, State.ROUTED)
    wait_until(town, LATER)
    await reconcile(town)
    wait_until(town, LATER + timedelta(minutes=10))
    assert (await reconcile(town)).findings == []


async def test_a_scan_of_a_minute_ago_is_under_way_and_one_of_an_hour_ago_was_not_announced() -> None:
    town = open_town()
    town.blobs.drop("nova.pdf", b"1", at=LATER - timedelta(minutes=1))
    town.blobs.drop("stara.pdf", b"2", at=LATER - timedelta(hours=1))
    wait_until(town, LATER)
    report = await reconcile(town)
    assert [finding.trouble for finding in report.findings] == [Trouble.UNANNOUNCED]
    assert (report.counts[Count.UNDER_WAY], report.counts[Count.MISSING]) == (1, 1)
    (sent,) = town.bus.sent
    assert (sent.entity, sent.message.detail) == ("intake", "")
    assert (await town.ledger.source(sent.message.document_id)).name == "stara.pdf"


async def test_without_healing_nothing_is_sent_or_written() -> None:
    town = open_town()
    record = await known(town, 1, State.ROUTED)
    town.blobs.drop("stara.pdf", b"2")
    wait_until(town, LATER)
    report = await reconcile(town, heal=False, tell=False)
    assert len(report.findings) == 2
    assert not any(finding.restarted for finding in report.findings)
    assert (town.bus.sent, len(await town.ledger.steps(record.id))) == ([], 1)


async def test_a_page_in_no_document_is_named() -> None:
    town = open_town()
    record = await known(town, 1, State.DELIVERED)
    source = await town.ledger.source(record.source_id)
    pages = [*source.pages, PageFate(page=2, fate=Fate.DOCUMENT, document_id=record.id)]
    await town.ledger.save_source(source.model_copy(update={"pages": pages}))
    wait_until(town, LATER)
    (finding,) = (await reconcile(town)).findings
    assert (finding.trouble, finding.page) == (Trouble.HOMELESS, 2)


async def test_a_scan_that_vanished_before_it_was_taken_in_is_named_but_cannot_be_healed() -> None:
    town = open_town()
    source = SourceRecord(id="20261120-ABCDEFGH", name="a.pdf", etag="1", size=1, received_at=NOON)
    await town.ledger.save_source(source)
    wait_until(town, LATER)
    (finding,) = (await reconcile(town)).findings
    assert (finding.trouble, finding.restarted) == (Trouble.VANISHED, False)


async def test_a_clock_set_back_is_named_instead_of_hiding_a_stuck_document() -> None:
    town = open_town()
    record = await known(town, 1, State.ROUTED)
    ahead = Step(at=NOON + timedelta(days=2), actor="test", action="put", state=State.ROUTED)
    await town.ledger.advance(record, ahead)
    wait_until(town, LATER)
    assert troubles(await reconcile(town)) == [(Trouble.CLOCK, record.id), (Trouble.STUCK, record.id)]


async def test_the_mailroom_is_told_in_slovak_and_by_numbers_only() -> None:
    town = open_town()
    town.blobs.drop("Ján Vymyslený.pdf", b"2")
    wait_until(town, LATER)
    (finding,) = (await reconcile(town)).findings
    channel: Any = town.services.channel
    ((department, _, card),) = channel.cards
    assert department == "podatelna"
    assert describe(finding) == f"{finding.id}: sken nebol spracovaný (17 h) – spustené znova"
    assert describe(finding) in str(card)
    assert "Vymyslený" not in str(card)


async def test_the_age_of_the_backlog_is_that_of_the_oldest_waiting_document_by_stage() -> None:
    town = open_town()
    await known(town, 1, State.RECEIVED)
    await known(town, 2, State.ROUTED, received_at=NOON + timedelta(minutes=30))
    await known(town, 3, State.DELIVERED)
    ages = await measure_backlog(town.ledger, NOON + timedelta(hours=1))
    waiting = {stage: seconds for stage, seconds in ages.items() if seconds}
    assert waiting == {"recognition": [3600.0], "delivery.sharepoint": [1800.0]}


@pytest.mark.parametrize(
    ("moment", "six"),
    [
        (datetime(2026, 7, 1, 4, 0, 1, tzinfo=UTC), True),  # summer: six is four in Greenwich
        (datetime(2026, 7, 1, 5, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 1, 15, 4, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 1, 15, 5, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 4, 0, 1, tzinfo=UTC), True),  # the very day the clocks go forward
        (datetime(2026, 10, 25, 5, 0, 1, tzinfo=UTC), True),  # and back
    ],
)
def test_the_morning_is_the_citys_morning_in_both_seasons(moment: datetime, six: bool) -> None:
    assert is_six(moment, "Europe/Bratislava") is six


@pytest.mark.slow
async def test_of_many_scans_exactly_the_lost_ones_are_found_and_one_run_heals_them_all() -> None:
    town = open_town()
    chance = random.Random(7)
    names = [f"sken-{number:03d}.pdf" for number in range(40)]
    for name in names:
        town.blobs.drop(name, typed_pdf([f"Vec {name}"]))
    unannounced = set(chance.sample(names, 5))
    for name in names:
        if name not in unannounced:
            await town.mailroom.take_in(name)
    lost = await run_losing(town, chance, share=0.08)
    wait_until(town, LATER)
    report = await reconcile(town)
    found = {finding.id for finding in report.findings if finding.trouble is Trouble.STUCK}
    assert found == lost
    assert len(lost) >= 5
    assert sum(finding.trouble is Trouble.UNANNOUNCED for finding in report.findings) == len(unannounced)
    assert len(report.findings) == len(lost) + len(unannounced)
    await town.run()
    wait_until(town, LATER + timedelta(hours=4))
    after = await reconcile(town)
    assert (after.findings, after.counts[Count.MISSING], after.balanced) == ([], 0, True)
    assert after.counts[Count.DELIVERED] == len(names)
    await town.mailroom.close()


async def run_losing(town: Town, chance: random.Random, share: float) -> set[str]:
    """Runs the town while some messages get lost; the documents they were about."""
    lost: set[str] = set()
    hand_over = town._hand_over

    async def lossy(entity: str, message: Message) -> None:
        if chance.random() < share:
            lost.add(message.document_id)
        else:
            await hand_over(entity, message)

    town._hand_over = lossy  # type: ignore[method-assign]
    await town.run()
    town._hand_over = hand_over  # type: ignore[method-assign]
    return lost


async def test_a_document_whose_row_is_lost_begins_anew_with_its_own_pages() -> None:
    town = open_town()
    record = await known(town, 1, State.DELIVERED)
    del town.ledger.document_rows[record.id], town.ledger.history[record.id], town.ledger.chained[record.id]
    wait_until(town, LATER)
    report = await reconcile(town)
    assert troubles(report) == [(Trouble.LOST, record.id)]
    assert (await town.ledger.document(record.id)).pages == [1]
    assert [(one.entity, one.message.document_id) for one in town.bus.sent] == [("recognize", record.id)]


async def test_documents_that_recognition_is_just_finding_in_a_stack_are_under_way_not_lost() -> None:
    town = open_town()
    record = await known(town, 1, State.RECEIVED)
    source = await town.ledger.source(record.source_id)
    further = f"{source.id}-2"
    pages = [*source.pages, PageFate(page=2, fate=Fate.DOCUMENT, document_id=further)]
    await town.ledger.save_source(source.model_copy(update={"documents": [record.id, further], "pages": pages}))
    wait_until(town, NOON + timedelta(minutes=20))
    report = await reconcile(town)
    assert (report.findings, report.counts[Count.UNDER_WAY], report.counts[Count.MISSING]) == ([], 2, 0)
    assert report.balanced


async def test_a_document_that_waits_to_be_read_without_its_pages_is_named_but_not_restarted() -> None:
    town = open_town()
    record = await known(town, 1, State.RECEIVED)
    await town.blobs.delete("documents", f"{record.id}.pdf")
    wait_until(town, LATER)
    (finding,) = (await reconcile(town)).findings
    assert (finding.trouble, finding.restarted, town.bus.sent) == (Trouble.STUCK, False, [])

"""The overview's figures and pages: counts, times across the change of clocks, and nothing unescaped."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from local.overview.figures import Figures, read_figures, read_story
from local.overview.overview_page import draw_overview
from local.overview.plots import Bar, Part, columns, nice_top, rows
from local.overview.story_page import draw_story
from local.overview.wording import ACTIONS, ACTORS, counted, period
from shared.chain import Break, Chain
from shared.errors import DeliveryRefused
from shared.model import MAILROOM, Fate, PageFate, SourceRecord, State
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, MemoryChannel, Office

DAY = date(2026, 11, 20)
ZONE = ZoneInfo("Europe/Bratislava")
ATTACK = "<script>alert(1)</script>.pdf"


async def figures_of(office: Office, now: datetime | None = None) -> Figures:
    return await read_figures(office.ledger, DAY, now or office.clock(), ZONE)


async def test_the_figures_count_states_places_times_and_failures() -> None:
    office = Office()
    await office.route("stavebny-urad")
    await office.route(MAILROOM, kind=None)
    await office.deliver_all()
    office.channel = MemoryChannel()
    office.channel.refusal = DeliveryRefused("gone", reason="Kanál neexistuje.")
    await office.route("majetok")
    await office.deliver_all()
    figures = await figures_of(office)
    assert figures.states == {State.DELIVERED: 1, State.REVIEW: 1, State.FAILED: 1}
    assert figures.departments["stavebny-urad"] == {State.DELIVERED: 1}
    assert figures.departments[MAILROOM] == {State.REVIEW: 1}
    assert figures.failures["teams"] == 2  # the card, and the notice about it to the mailroom
    assert len(figures.scan_to_card) == 3
    assert figures.told_by_hour[12] == 3
    page = draw_overview(figures, CITY, 0.001)
    assert "Kanál neexistuje." in page
    assert f'href="/dokument/{figures.failed[0].record.id}"' in page


async def test_a_waiting_document_is_shown_with_its_age() -> None:
    office = Office()
    await office.route("stavebny-urad")
    figures = await figures_of(office, NOON + timedelta(minutes=90))
    assert figures.waiting == {"na knižnicu": [5400.0]}
    assert "najstarší 1 h 30 min" in draw_overview(figures, CITY, 0.0)


async def test_hours_are_the_citys_also_in_the_hour_that_comes_twice() -> None:
    office = Office()
    for minute, hour in ((30, 0), (30, 1)):
        await office.route("stavebny-urad", received_at=datetime(2026, 10, 25, hour, minute, tzinfo=UTC))
    sources = [
        SourceRecord(id="20261025-AAAAAAAA", name="a", etag="1", size=1, received_at=one.received_at)
        for one in office.ledger.document_rows.values()
    ]
    for number, source in enumerate(sources):
        await office.ledger.save_source(source.model_copy(update={"id": f"20261025-0000000{number}"}))
    figures = await read_figures(office.ledger, date(2026, 10, 25), NOON, ZONE)
    assert figures.scanned_by_hour == {2: 2}


async def test_a_day_without_scans_says_so() -> None:
    page = draw_overview(await figures_of(Office()), CITY, 0.0)
    assert "V tento deň nič neprišlo." in page
    assert "Nič nezlyhalo." in page


async def story_page(office: Office, breaks: list[Break], pages: list[PageFate]) -> str:
    (chain,) = office.ledger.chained.values()
    story = read_story(chain)
    assert story
    record = story.record
    source = SourceRecord(id=record.source_id, name=ATTACK, etag="1", size=1, received_at=NOON, pages=pages)
    return draw_story(story, source, breaks, CITY, KINDS, ZONE)


async def test_a_documents_story_shows_its_steps_and_every_page_of_its_scan() -> None:
    office = Office()
    record = await office.route("stavebny-urad", source_name=ATTACK)
    await office.deliver_all()
    pages = [
        PageFate(page=1, fate=Fate.DOCUMENT, document_id=record.id),
        PageFate(page=2, fate=Fate.BLANK),
        PageFate(page=3, fate=Fate.DOCUMENT, document_id=f"{record.source_id}-2"),
    ]
    page = await story_page(office, [], pages)
    assert "Oznámený v kanáli Teams" in page
    assert "neporušená" in page
    assert "1 · tento dokument" in page
    assert "2 · prázdna strana" in page
    assert f'<a href="/dokument/{record.source_id}-2">dokument 2</a>' in page
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.pdf" in page


async def test_a_story_tells_when_the_ledger_was_tampered_with() -> None:
    office = Office()
    record = await office.route("stavebny-urad")
    page = await story_page(office, [Break(record.id, 3, "was changed")], [])
    assert "porušená, niekto do nej zasiahol (krok 3)" in page


def test_a_row_that_is_no_record_is_left_to_journal_verify() -> None:
    assert read_story(Chain("20261120-A-1", record="{}")) is None


def test_plots_are_well_formed_and_escape_their_labels() -> None:
    bars = [Bar("<b>", [Part(3, "delivered"), Part(0, "failed")], "3 & 4")]
    for plot in (rows(bars, "a"), columns(bars, "a"), columns(bars, "a", paired=True), rows([], "a"), columns([], "a")):
        ElementTree.fromstring(plot)


@pytest.mark.parametrize(("value", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (11, 20), (21, 40), (99, 100), (101, 200)])
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice_top(value) == top


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "–"), (0.04, "0,0 s"), (4.25, "4,2 s"), (59.6, "1 min"), (61, "1 min 1 s"), (7260, "2 h 1 min")],
)
def test_periods_read_as_a_clerk_writes_them(seconds: float | None, told: str) -> None:
    assert period(seconds) == told


def test_days_and_files_are_declined() -> None:
    assert [counted(n, "súbor", "súbory", "súborov") for n in (0, 1, 4, 5)] == ["súborov", "súbor", "súbory", "súborov"]
    assert period(3 * 86400) == "3 dni"


def test_every_action_that_the_code_records_has_slovak_words() -> None:
    shared = Path(__file__).resolve().parents[2] / "shared"
    text = "\n".join(path.read_text(encoding="utf-8") for path in shared.rglob("*.py"))
    recorded = set(re.findall(r'action="([a-z-]+)"', text)) | set(
        re.findall(r'^[A-Z_]+ = "([a-z-]+)"  # (?:DocumentStep|Step)\.action', text, re.MULTILINE)
    )
    assert len(recorded) > 8
    assert recorded - set(ACTIONS) == set()
    actors = set(re.findall(r'^ACTOR = "([a-z-]+)"', text, re.MULTILINE))
    assert actors - set(ACTORS) == set()

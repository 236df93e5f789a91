"""The journal lists everything that came, in order; verification names what was tampered with."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.sheets import write_csv, write_xlsx
from shared.journal import COLUMNS, Cell, collect, verify
from shared.model import MAILROOM, DocumentRecord, SourceRecord, State
from tests.fakes import NOON
from tests.fakes_delivery import CITY, KINDS, Office

DAY = date(2026, 11, 20)


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.route("stavebny-urad")
    await office.route(MAILROOM, kind=None)
    await office.deliver_all()
    return office


async def rows_of(office: Office, first: date = DAY, last: date = DAY) -> list[dict[str, Cell]]:
    rows = await collect(office.ledger, office.blobs, CITY, KINDS, first, last)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


async def test_a_delivered_document_stands_in_the_journal_with_sender_subject_department_and_dates(
    office: Office,
) -> None:
    first, review = await rows_of(office)
    assert first["Por. č."] == 1
    assert first["Číslo záznamu (registratúra)"] is None
    assert (first["Odosielateľ"], first["Vec"]) == ("Ján Vymyslený", "Oprava cesty")
    assert (first["Druh dokumentu"], first["Pridelené útvaru"]) == ("Podnet", "Stavebný úrad")
    assert (first["Dátum doručenia"], first["Čas doručenia"]) == (DAY, "12:00")
    assert first["Dátum odovzdania"] == DAY
    assert first["Navrhovaná lehota"] == date(2026, 12, 21)
    assert first["Stav"] == "doručené útvaru"
    assert (review["Pridelené útvaru"], review["Stav"]) == ("Podateľňa", "rozhoduje podateľňa")


async def test_a_file_without_a_document_stands_in_the_journal_with_its_reason(office: Office) -> None:
    source = SourceRecord(
        id="20261120-ZZZZZZZZ",
        name="prazdny.pdf",
        etag="1",
        size=0,
        received_at=NOON - timedelta(hours=1),
        state=State.QUARANTINED,
        error="Súbor je prázdny.",
    )
    await office.ledger.save_source(source)
    first = (await rows_of(office))[0]
    assert (first["Pomocné číslo"], first["Poznámka"]) == (source.id, "Súbor je prázdny.")


async def test_a_document_whose_text_was_deleted_after_its_period_still_has_its_line(office: Office) -> None:
    for place in [place for place in office.blobs.stored if place[0] == "extracted"]:
        del office.blobs.stored[place]
    assert [row["Odosielateľ"] for row in await rows_of(office)] == [None, None]


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        ("2026-03-28T23:30:00+00:00", date(2026, 3, 29), "00:30"),  # the night the clocks go forward
        ("2026-03-29T22:30:00+00:00", date(2026, 3, 30), "00:30"),
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25), "02:30"),  # 02:30 for the first time
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25), "02:30"),  # and again
    ],
)
async def test_days_and_times_are_the_citys_also_when_the_clocks_change(moment: str, day: date, time: str) -> None:
    office = Office()
    await office.route("stavebny-urad", received_at=datetime.fromisoformat(moment))
    (row,) = await rows_of(office, day - timedelta(days=2), day + timedelta(days=2))
    assert (row["Dátum doručenia"], row["Čas doručenia"]) == (day, time)


async def test_a_ledger_as_it_was_written_holds(office: Office) -> None:
    assert [found async for found in verify(office.ledger, DAY, DAY)] == []


async def test_a_document_removed_with_all_its_steps_is_missed_by_its_source(office: Office) -> None:
    record = next(iter(office.ledger.document_rows.values()))
    source = SourceRecord(
        id=record.source_id, name="a.pdf", etag="1", size=1, received_at=NOON, state=State.ROUTED, documents=[record.id]
    )
    await office.ledger.save_source(source)
    del office.ledger.chained[record.id]
    (found,) = [found async for found in verify(office.ledger, DAY, DAY)]
    assert found.where == record.id
    assert "missing" in found.what


def test_the_files_open_with_slovak_letters_real_dates_and_no_formula(tmp_path: Path) -> None:
    row: list[Cell] = [1, "=HYPERLINK(0)", date(2026, 3, 1), None, "Žiadosť"]
    columns = ("Por. č.", "Vec", "Dátum", "Lehota", "Druh")
    write_csv(tmp_path / "a.csv", columns, [row])
    write_xlsx(tmp_path / "a.xlsx", "Denník", columns, [row])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";"))[1] == ["1", "'=HYPERLINK(0)", "1. 3. 2026", "", "Žiadosť"]
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    values = [cell.value for cell in sheet[2]]
    assert values == [1, "'=HYPERLINK(0)", datetime(2026, 3, 1), None, "Žiadosť"]
    assert [cell.data_type for cell in sheet[2]][1] == "s"


def test_a_month_without_documents_is_a_file_with_headings(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", "Denník 2026-01", COLUMNS, [])
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert (sheet.max_row, [cell.value for cell in sheet[1]]) == (1, list(COLUMNS))


def test_every_state_has_a_word_for_the_clerk() -> None:
    from shared.journal import STATES

    assert set(STATES) == set(State)
    assert DocumentRecord.model_fields["state"].default in STATES

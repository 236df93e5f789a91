"""Names and folders that SharePoint takes, the same for every repeat of a document."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from local.microsoft365.items import FORBIDDEN_CHARACTERS, FORBIDDEN_NAMES
from shared.naming import LONGEST, document_name, month_folder

ZONE = "Europe/Bratislava"
MIDNIGHT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # already December in Banská Bystrica


def test_a_name_tells_the_day_the_kind_and_the_number() -> None:
    name = document_name("Žiadosť o nájom", datetime(2026, 11, 20, 9, tzinfo=UTC), "20261120-7KQ2M9XA-1", ZONE)
    assert name == "2026-11-20 Žiadosť o nájom 20261120-7KQ2M9XA-1.pdf"


def test_without_a_kind_the_name_says_so() -> None:
    assert document_name(None, MIDNIGHT, "x-1", ZONE) == "2026-12-01 Nezaradený dokument x-1.pdf"


def test_the_folder_is_the_local_month() -> None:
    assert month_folder(MIDNIGHT, ZONE) == "2026-12"


def test_composed_and_decomposed_letters_give_one_name() -> None:
    assert document_name("D\u030cakovanie", MIDNIGHT, "x", ZONE) == document_name("Ďakovanie", MIDNIGHT, "x", ZONE)


@given(st.text(max_size=400))
def test_every_title_gives_a_name_that_sharepoint_takes(title: str) -> None:
    name = document_name(title, MIDNIGHT, "20261130-7KQ2M9XA-12", ZONE)
    assert len(name) <= LONGEST
    assert not FORBIDDEN_CHARACTERS.search(name)
    assert not FORBIDDEN_NAMES.fullmatch(name)
    assert name.endswith("20261130-7KQ2M9XA-12.pdf")

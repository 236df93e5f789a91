"""Ids are computed again by a repeat, carry the local day, and can be read aloud."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import ALPHABET, document_id, source_id

ZONE = "Europe/Bratislava"
MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def test_the_same_version_of_a_file_has_the_same_id() -> None:
    assert source_id("a.pdf", "0x1", MORNING, ZONE) == source_id("a.pdf", "0x1", MORNING, ZONE)


def test_a_replaced_file_is_another_source() -> None:
    assert source_id("a.pdf", "0x1", MORNING, ZONE) != source_id("a.pdf", "0x2", MORNING, ZONE)


def test_the_day_is_the_local_one() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight on 1 July in Banská Bystrica
    assert source_id("a.pdf", "0x1", late, ZONE).startswith("20260701-")


@given(st.text(min_size=1), st.text())
def test_any_name_gives_an_id_of_letters_nobody_misreads(name: str, etag: str) -> None:
    day, code = source_id(name, etag, MORNING, ZONE).split("-")
    assert day == "20261120"
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)


def test_documents_of_a_source_are_numbered_from_one() -> None:
    assert document_id("20261120-AAAAAAAA", 1) == "20261120-AAAAAAAA-1"


def test_a_quoted_etag_is_the_same_version_as_the_bare_one_of_a_listing() -> None:
    assert source_id("a.pdf", '"0x8DC1"', MORNING, ZONE) == source_id("a.pdf", "0x8DC1", MORNING, ZONE)

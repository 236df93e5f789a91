"""Every page is in exactly one document, a separator, blank or bad; each cut says what it rests on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.model import Fate
from shared.pages.account import AFTER_PATCH, AFTER_SHEET, OTHER_NUMBER, PATCH_ON_PAGE, WHOLE_FILE, settle
from shared.pages.findings import Finding


def ink(page: int, *codes: str) -> Finding:
    return Finding(page=page, codes=list(codes))


def sheet(page: int, department: str | None = None) -> Finding:
    return Finding(page=page, separator=True, department=department, rests_on=AFTER_SHEET)


def blank(page: int) -> Finding:
    return Finding(page=page, blank=True)


def pages(findings: list[Finding]) -> list[list[int]]:
    return [section.pages for section in settle(findings).sections]


FINDINGS = st.lists(
    st.sampled_from(["ink", "sheet", "blank", "bad", "patch", "code 1", "code 2"]), min_size=1, max_size=30
)


@given(FINDINGS)
def test_every_page_has_exactly_one_place(kinds: list[str]) -> None:
    made = {
        "ink": {}, "sheet": {"separator": True, "rests_on": AFTER_SHEET}, "blank": {"blank": True}, "bad": {"bad": "x"},
        "code 1": {"codes": ["MsU-2026-00001"]}, "code 2": {"codes": ["MsU-2026-00009"]},
        "patch": {"rests_on": PATCH_ON_PAGE},
    }  # fmt: skip
    account = settle([Finding(page=n, **made[kind]) for n, kind in enumerate(kinds, 1)])  # type: ignore[arg-type]
    fates = account.fates(str)
    assert [fate.page for fate in fates] == list(range(1, len(kinds) + 1))
    assert all(section.pages for section in account.sections)
    inside = [page for section in account.sections for page in section.pages]
    assert inside == sorted(fate.page for fate in fates if fate.fate is Fate.DOCUMENT)


def test_without_any_evidence_the_file_is_one_document() -> None:
    (section,) = settle([ink(1), ink(2), blank(3)]).sections
    assert (section.pages, section.rests_on, section.doubts) == ([1, 2], WHOLE_FILE, [])


def test_doubled_and_trailing_separators_make_no_empty_document() -> None:
    assert pages([sheet(1), sheet(2), ink(3), sheet(4), blank(5), sheet(6), ink(7), sheet(8)]) == [[3], [7]]


def test_the_last_of_two_sheets_names_the_department() -> None:
    (section,) = settle([sheet(1, "skolstvo"), blank(2), sheet(3, "majetok"), ink(4)]).sections
    assert section.department == "majetok"


def test_a_department_ends_at_the_next_sheet() -> None:
    first, second = settle([sheet(1, "skolstvo"), ink(2), sheet(3), ink(4)]).sections
    assert (first.department, second.department) == ("skolstvo", None)


def test_a_page_with_a_patch_mark_begins_a_document_and_stays_in_it() -> None:
    assert pages([ink(1), Finding(page=2, rests_on=PATCH_ON_PAGE), ink(3)]) == [[1], [2, 3]]


def test_a_patch_sheet_separates() -> None:
    first, second = settle([ink(1), Finding(page=2, separator=True, rests_on=AFTER_PATCH), ink(3)]).sections
    assert (first.pages, second.pages, second.rests_on) == ([1], [3], AFTER_PATCH)


def test_another_registry_number_begins_a_document() -> None:
    first, second = settle([ink(1, "MsU-2026-00017"), ink(2), ink(3, "MsU-2026-00018"), ink(4)]).sections
    assert (first.pages, second.pages, second.rests_on) == ([1, 2], [3, 4], OTHER_NUMBER)


def test_the_same_number_on_every_page_is_one_document() -> None:
    assert pages([ink(1, "AB-12345"), ink(2, "AB-12345"), ink(3, "AB-12345")]) == [[1, 2, 3]]


def test_numbers_that_may_count_the_pages_keep_them_together_and_ask() -> None:
    (section,) = settle([ink(1, "FORM77-0001"), ink(2, "FORM77-0002"), ink(3, "FORM77-0003")]).sections
    assert section.pages == [1, 2, 3]
    assert len(section.doubts) == 2


def test_a_first_number_late_in_a_document_keeps_it_together_and_asks() -> None:
    (section,) = settle([ink(1), ink(2, "MsU-2026-00017")]).sections
    assert section.pages == [1, 2]
    assert "2" in section.doubts[0]


def test_an_unread_label_within_a_document_asks_and_on_its_first_page_does_not() -> None:
    unread = [Finding(page=n, unread_code=n in (1, 3)) for n in (1, 2, 3)]
    (section,) = settle(unread).sections
    assert section.pages == [1, 2, 3]
    assert [doubt[:11] for doubt in section.doubts] == ["Na strane 3"]


def test_another_kind_of_number_decides_nothing() -> None:
    (section,) = settle([ink(1, "MsU-2026-00017"), ink(2, "RR123456789SK")]).sections
    assert (section.pages, section.doubts) == ([1, 2], [])


def test_a_bad_page_is_named_in_the_doubt_of_its_document() -> None:
    first, second = settle([ink(1), Finding(page=2, bad="x"), sheet(3), ink(4)]).sections
    assert "2" in first.doubts[0]
    assert second.doubts == []

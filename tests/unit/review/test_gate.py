"""Who is let in, and which deeds are."""

from __future__ import annotations

import pytest

from shared.review.exchange import Ask
from shared.review.gate import FOREIGN, NOT_SIGNED_IN, PAGE_HEADERS, refuse
from tests.fakes_review import CLERK, DESK_URL


def refusal(*, deed: bool = True, who: str = CLERK, origin: str = "", site: str = "") -> object:
    return refuse(Ask(who=who, origin=origin, fetch_site=site), deed=deed, desk_url=DESK_URL)


@pytest.mark.parametrize("who", ["", "  "])
def test_nobody_comes_in_without_a_name(who: str) -> None:
    assert refusal(who=who, deed=False) is NOT_SIGNED_IN
    assert refusal(who=who, site="same-origin") is NOT_SIGNED_IN


def test_looking_needs_no_origin() -> None:
    assert refusal(deed=False, site="cross-site") is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_deed_from_another_page_is_refused_whatever_origin_it_names(site: str) -> None:
    assert refusal(site=site, origin="https://stol.example") is FOREIGN


@pytest.mark.parametrize(
    "origin", ["", "null", "https://zly.example", "http://stol.example", "https://stol.example.zly.example"]
)
def test_a_deed_of_an_old_browser_needs_our_own_origin(origin: str) -> None:
    assert refusal(origin=origin) is FOREIGN


def test_a_deed_from_our_own_page_passes() -> None:
    assert refusal(site="same-origin") is None
    assert refusal(origin="https://stol.example") is None


def test_pages_run_nothing_foreign_and_are_shown_in_no_foreign_frame() -> None:
    policy = PAGE_HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert PAGE_HEADERS["Cache-Control"] == "no-store"

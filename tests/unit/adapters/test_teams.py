"""What the answers of a Teams workflow mean."""

from __future__ import annotations

import json

import pytest

from shared.adapters.teams import BURST, SECONDS_A_POST, build_body, read_answer
from shared.adapters.turns import next_turn
from shared.errors import DeliveryRefused, TransientError

BROKEN_FLOW = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 404"
BUSY_FLOW = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"


@pytest.mark.parametrize(("status", "text"), [(202, ""), (200, "1"), (200, "")])
def test_accepted(status: int, text: str) -> None:
    assert read_answer(status, {}, text) is None


@pytest.mark.parametrize(
    ("status", "text", "told"),
    [
        (404, "", "neexistuje alebo bol vypnutý"),
        (410, "", "neexistuje alebo bol vypnutý"),
        (401, "", "odmieta našu adresu"),
        (403, "", "odmieta našu adresu"),
        (400, "", "odmietol"),
        (413, "", "odmietol"),
        (200, BROKEN_FLOW, "nevie ho zobraziť"),
    ],
)
def test_refused_for_good_with_what_to_do(status: int, text: str, told: str) -> None:
    error = read_answer(status, {}, text)
    assert isinstance(error, DeliveryRefused)
    assert told in error.reason
    assert error.advice.endswith("Potom pošlite dokument znova.")


@pytest.mark.parametrize(
    ("status", "headers", "text", "wait"),
    [(429, {"Retry-After": "17"}, "", 17), (503, {}, "", None), (408, {}, "", None), (200, {}, BUSY_FLOW, None)],
)
def test_refused_for_now(status: int, headers: dict[str, str], text: str, wait: float | None) -> None:
    error = read_answer(status, headers, text)
    assert isinstance(error, TransientError)
    assert error.retry_after == wait


def test_the_envelope_is_the_one_that_workflows_take() -> None:
    body = json.loads(build_body({"type": "AdaptiveCard"}))
    attachment = body["attachments"][0]
    assert (body["type"], attachment["content"]) == ("message", {"type": "AdaptiveCard"})
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"


def test_turns_are_taken_until_none_is_left_and_come_back_one_by_one() -> None:
    spent = 0.0
    for second in range(3):
        spent, wait = next_turn(spent, float(second), burst=3, seconds=100)
        assert wait == 0
    assert next_turn(spent, 3.0, burst=3, seconds=100) == (300.0, 97.0)
    assert next_turn(spent, 100.0, burst=3, seconds=100) == (400.0, 0.0)


def test_no_five_minutes_see_more_posts_than_teams_allows() -> None:
    posts, spent, now = [], 0.0, 1000.0
    while now < 4000:
        spent, wait = next_turn(spent, now, BURST, SECONDS_A_POST)
        if wait == 0:
            posts.append(now)
        now += wait or 0.1
    windows = [sum(start <= post < start + 300 for post in posts) for start in posts]
    assert max(windows) < 25

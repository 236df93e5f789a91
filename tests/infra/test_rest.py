"""What the scripts' REST client does when a service is slow, long-winded or refuses."""

from __future__ import annotations

import httpx
import pytest

from infra.rest import Refused, Rest, RestError
from infra.sign_in import NotSignedIn, Place, read_place


def answering(*answers: httpx.Response) -> tuple[Rest, list[float]]:
    """A service that gives these answers in turn, and the waits it caused."""
    waits: list[float] = []
    left = list(answers)
    client = httpx.Client(transport=httpx.MockTransport(lambda request: left.pop(0)))
    return Rest("https://service.example", lambda: "token", http=client, sleep=waits.append), waits


def test_a_throttled_call_waits_as_long_as_it_is_told() -> None:
    rest, waits = answering(httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json={"a": 1}))
    assert rest.get("/x") == {"a": 1}
    assert waits == [7.0]


def test_a_call_that_keeps_failing_is_given_up() -> None:
    rest, waits = answering(*(httpx.Response(503, json={"error": {"code": "Busy"}}) for _ in range(5)))
    with pytest.raises(RestError, match="503 Busy"):
        rest.get("/x")
    assert len(waits) == 4


def test_a_list_is_read_to_its_last_page() -> None:
    second = httpx.Response(200, json={"value": [2]})
    rest, _ = answering(httpx.Response(200, json={"value": [1], "nextLink": "https://service.example/next"}), second)
    assert list(rest.pages("/x")) == [1, 2]


def test_a_refusal_is_told_apart() -> None:
    rest, _ = answering(httpx.Response(403, json={"error": {"code": "AuthorizationFailed", "message": "no"}}))
    with pytest.raises(Refused):
        rest.get("/x")


def test_without_a_group_the_variables_to_set_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_RESOURCE_GROUP", raising=False)
    with pytest.raises(NotSignedIn, match="AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP"):
        read_place("subscription", None)


def test_every_name_of_a_place_is_read() -> None:
    assert Place("s", "g").path == "/subscriptions/s/resourceGroups/g"

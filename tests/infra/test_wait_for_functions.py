from __future__ import annotations

from collections.abc import Callable

import pytest

from infra import wait_for_functions
from infra.rest import Refused
from tests.infra.azure import PLACE, StandInAzure


def wait(azure: StandInAzure, minutes: float = 1, on_sleep: Callable[[], None] = lambda: None) -> str:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds
        on_sleep()

    app = azure.app.rsplit("/", 1)[-1]
    return wait_for_functions.wait(azure.rest(), PLACE, app, minutes, lambda: now[0], sleep)


def test_waiting_ends_when_function_and_key_are_there() -> None:
    assert wait(StandInAzure()) == ""


def test_waiting_goes_on_until_the_key_was_made() -> None:
    azure = StandInAzure()
    azure.keys = {}
    assert wait(azure, on_sleep=lambda: azure.keys.update(blobs_extension="x")) == ""


def test_waiting_ends_with_what_is_missing() -> None:
    azure = StandInAzure()
    azure.functions.remove("take_in_scan")
    assert wait(azure).startswith("function take_in_scan")
    azure.functions.add("take_in_scan")
    azure.keys = {}
    assert wait(azure) == "system key blobs_extension"


def test_waiting_does_not_outlast_a_missing_right() -> None:
    azure = StandInAzure()
    azure.forbidden.add("listkeys")
    with pytest.raises(Refused):
        wait(azure)

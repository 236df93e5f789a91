from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from local.microsoft365.faults import Fault, Faults, Plan, Route, read_plan


def faults_of(directory: Path, *rules: dict[str, Any], seed: int = 0) -> Faults:
    faults = Faults(directory / "faults.json")
    faults.set(Plan.model_validate({"seed": seed, "rules": rules}))
    return faults


def drawn(faults: Faults, route: Route, count: int, address: str = "/x") -> list[Fault]:
    found = [faults.draw(route, address) for _ in range(count)]
    return [entry[0] if entry else Fault.OK for entry in found]


def test_a_rule_meets_its_own_class_of_route_and_address_only(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {"route": "teams", "fault": "gone", "match": "skolstvo"})
    assert drawn(faults, Route.TEAMS, 1, "/workflows/skolstvo/x") == [Fault.GONE]
    assert drawn(faults, Route.TEAMS, 1, "/workflows/majetok/x") == [Fault.OK]
    assert drawn(faults, Route.MAIL, 1, "/skolstvo") == [Fault.OK]


def test_the_first_rule_that_fires_wins_and_a_spent_one_steps_aside(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        {"route": "graph.read", "fault": "unauthorized", "times": 1},
        {"route": "*", "fault": "unavailable"},
    )
    assert drawn(faults, Route.READ, 2) == [Fault.UNAUTHORIZED, Fault.UNAVAILABLE]


def test_a_probability_is_met_over_many_requests(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {"route": "mail", "fault": "locked", "probability": 0.2}, seed=5)
    assert 150 < drawn(faults, Route.MAIL, 1000).count(Fault.LOCKED) < 250


def test_what_is_left_of_a_script_outlives_a_restart(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {"route": "mail", "script": ["ok", "gone", "locked"]})
    assert drawn(faults, Route.MAIL, 2) == [Fault.OK, Fault.GONE]
    again = Faults(tmp_path / "faults.json")
    assert drawn(again, Route.MAIL, 2) == [Fault.LOCKED, Fault.OK]
    assert drawn(Faults(tmp_path / "faults.json"), Route.MAIL, 1) == [Fault.OK]


def test_retry_after_is_drawn_from_its_range(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {"route": "mail", "fault": "throttled", "retry_after": [1, 600]})
    waits = {int(faults.retry_after(faults.plan.rules[0])) for _ in range(50)}
    assert min(waits) >= 1
    assert max(waits) <= 600
    assert len(waits) > 10


@pytest.mark.parametrize(
    "rule",
    [
        {"route": "graph.nowhere", "fault": "gone"},
        {"route": "mail", "fault": "explode"},
        {"route": "mail"},
        {"route": "mail", "fault": "gone", "script": ["gone"]},
        {"route": "mail", "fault": "gone", "probability": 2},
        {"route": "mail", "fault": "gone", "chance": 0.5},
    ],
)
def test_a_wrong_rule_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"rules": [rule]})


def test_a_plan_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing\.json"):
        read_plan(tmp_path / "missing.json")

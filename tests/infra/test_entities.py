"""Service Bus in Bicep, in the code and in the local broker is one and the same."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from cli.doctor_entities import expected_entities
from functions.delivery import function_name
from local.broker_config import describe_namespace
from shared.departments import City
from shared.entities import DUPLICATE_WINDOW, LOCK_DURATION, MAX_DELIVERY_COUNT, TIME_TO_LIVE
from tests.infra.bicep import INFRA, Deployment, deploy, parameters

NEW = {
    "id": "utvar-hlavneho-architekta",
    "name": "Útvar hlavného architekta",
    "site": "/sites/architekt",
    "library": "Podateľňa",
    "channels": ["sharepoint", "teams"],
}
BUS = "Microsoft.ServiceBus/namespaces"


def read_city() -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((INFRA.parent / "config" / "departments.yaml").read_text(encoding="utf-8"))
    return tree


def with_new_department() -> dict[str, Any]:
    tree = copy.deepcopy(read_city())
    tree["departments"].append(NEW)
    return tree


def deploy_city(tree: dict[str, Any]) -> Deployment:
    given = parameters(INFRA / "main.dev.bicepparam")
    return deploy(INFRA / "main.bicep", given, {"departments.yaml": tree})


def entities_of(deployment: Deployment) -> set[str]:
    """In the doctor's words."""
    found = {f"queue {r.get('name')}" for r in deployment.of(f"{BUS}/queues")}
    found |= {f"topic {r.get('name')}" for r in deployment.of(f"{BUS}/topics")}
    found |= {f"subscription {_below_namespace(r.path)}" for r in deployment.of(f"{BUS}/topics/subscriptions")}
    for rule in deployment.of(f"{BUS}/topics/subscriptions/rules"):
        assert rule.body["properties"]["filterType"] == "CorrelationFilter"
        ((name, value),) = rule.body["properties"]["correlationFilter"]["properties"].items()
        found.add(f"rule {_below_namespace(rule.path)}: {name} = {value}")
    return found


def _below_namespace(path: str) -> str:
    return path.split("/", 1)[1]


@pytest.mark.parametrize("tree", [read_city(), with_new_department()], ids=["the city", "one department more"])
def test_bicep_makes_the_entities_the_code_uses(tree: dict[str, Any]) -> None:
    assert entities_of(deploy_city(tree)) == set(expected_entities(City.model_validate(tree)))


@pytest.mark.parametrize("tree", [read_city(), with_new_department()], ids=["the city", "one department more"])
def test_the_local_broker_has_the_entities_bicep_makes(tree: dict[str, Any]) -> None:
    (namespace,) = describe_namespace(City.model_validate(tree))["UserConfig"]["Namespaces"]
    local = {f"queue {queue['Name']}" for queue in namespace["Queues"]}
    for topic in namespace["Topics"]:
        local.add(f"topic {topic['Name']}")
        for subscription in topic["Subscriptions"]:
            local.add(f"subscription {topic['Name']}/{subscription['Name']}")
            for rule in subscription["Rules"]:
                ((name, value),) = rule["Properties"]["CorrelationFilter"]["Properties"].items()
                local.add(f"rule {topic['Name']}/{subscription['Name']}/{rule['Name']}: {name} = {value}")
    assert local == entities_of(deploy_city(tree))


def test_a_new_department_brings_its_topic_subscriptions_setting_and_functions() -> None:
    before, after = deploy_city(read_city()), deploy_city(with_new_department())
    assert {line.split(" ", 1)[1].split(":")[0] for line in entities_of(after) - entities_of(before)} == {
        "dept-utvar-hlavneho-architekta",
        "dept-utvar-hlavneho-architekta/sharepoint",
        "dept-utvar-hlavneho-architekta/sharepoint/event-routed",
        "dept-utvar-hlavneho-architekta/sharepoint/event-review",
        "dept-utvar-hlavneho-architekta/sharepoint/target",
        "dept-utvar-hlavneho-architekta/teams",
        "dept-utvar-hlavneho-architekta/teams/event-filed",
        "dept-utvar-hlavneho-architekta/teams/event-moved",
        "dept-utvar-hlavneho-architekta/teams/event-notice",
        "dept-utvar-hlavneho-architekta/teams/target",
    }
    settings = [d.one("Microsoft.Web/sites/config", "appsettings").body["properties"] for d in (before, after)]
    assert settings[1].keys() - settings[0].keys() == {"TEAMS_WEBHOOK_UTVAR_HLAVNEHO_ARCHITEKTA"}
    department = City.model_validate(with_new_department()).by_id[NEW["id"]]  # type: ignore[index]
    assert [function_name(channel, department) for channel in department.channels] == [
        "deliver_sharepoint_utvar_hlavneho_architekta",
        "deliver_teams_utvar_hlavneho_architekta",
    ]


def test_queues_topics_and_subscriptions_keep_the_limits_the_code_counts_on() -> None:
    deployment = deploy_city(read_city())
    queues = [r.body["properties"] for r in deployment.of(f"{BUS}/queues")]
    topics = [r.body["properties"] for r in deployment.of(f"{BUS}/topics")]
    subscriptions = [r.body["properties"] for r in deployment.of(f"{BUS}/topics/subscriptions")]
    for properties in queues + subscriptions:
        assert read_duration(properties["lockDuration"]) == LOCK_DURATION
        assert properties["maxDeliveryCount"] == MAX_DELIVERY_COUNT
        assert properties["deadLetteringOnMessageExpiration"] is True
    for properties in queues + topics:
        assert properties["requiresDuplicateDetection"] is True
        assert read_duration(properties["duplicateDetectionHistoryTimeWindow"]) == DUPLICATE_WINDOW
    assert all(read_duration(p["defaultMessageTimeToLive"]) == TIME_TO_LIVE for p in queues + topics + subscriptions)


def read_duration(text: str) -> timedelta:
    """Minutes or days as ISO 8601 writes them."""
    return timedelta(minutes=int(text[2:-1])) if text.startswith("PT") else timedelta(days=int(text[1:-1]))


@pytest.mark.parametrize("wrong", ["Stavebný úrad", "stavebny_urad", "-urad", "x" * 41])
def test_an_id_that_service_bus_or_a_function_name_would_refuse_is_refused_first(wrong: str) -> None:
    tree = with_new_department()
    tree["departments"][-1]["id"] = wrong
    with pytest.raises(ValidationError, match=r"departments\.\d+\.id"):
        City.model_validate(tree)

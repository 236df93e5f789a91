"""The official emulator's Config.json: what is read from it, and how mistakes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.servicebus.configuration import read_configuration
from local.servicebus.rules import CorrelationRule, TrueRule
from local.servicebus.settings import QueueSettings
from shared.errors import ConfigurationError
from tests.fakes_broker import config, topic

OFFICIAL_QUEUE = {
    "DeadLetteringOnMessageExpiration": True,
    "DefaultMessageTimeToLive": "PT1H",
    "DuplicateDetectionHistoryTimeWindow": "PT20S",
    "ForwardDeadLetteredMessagesTo": "",
    "ForwardTo": "",
    "LockDuration": "PT1M",
    "MaxDeliveryCount": 3,
    "RequiresDuplicateDetection": True,
    "RequiresSession": False,
}


def problems(source: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(source)
    return [problem.removeprefix("configuration: $.UserConfig.") for problem in caught.value.problems]


def test_every_queue_property_of_the_official_format_is_read() -> None:
    assert read_configuration(config({"q": OFFICIAL_QUEUE})).queues == (
        QueueSettings(
            "q",
            lock_duration=60,
            max_delivery_count=3,
            time_to_live=3600,
            dead_letter_on_expiry=True,
            duplicate_window=20,
        ),
    )


def test_rules_are_read_with_system_and_application_properties() -> None:
    found = {"Label": "filed", "ReplyToSessionId": "r", "Properties": {"event": "routed", "attempt": 2}}
    source = config(topics=[topic("t", {"some": [found], "all": []}, RequiresDuplicateDetection=True)])
    (read,) = read_configuration(source).topics
    assert read.duplicate_window == 600
    assert [subscription.rules for subscription in read.subscriptions] == [
        (CorrelationRule({"Label": "filed", "ReplyToSessionId": "r"}, {"event": "routed", "attempt": 2}),),
        (TrueRule(),),
    ]


def test_the_sql_filter_of_the_default_rule_means_every_message() -> None:
    source = config(topics=[topic("t", {"s": []})])
    source["UserConfig"]["Namespaces"][0]["Topics"][0]["Subscriptions"][0]["Rules"] = [
        {"Name": "$Default", "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "1=1"}}}
    ]
    assert read_configuration(source).topics[0].subscriptions[0].rules == (TrueRule(),)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("PT5M", 300), ("PT0.5S", 0.5), ("P1DT2H3M4S", 93784), ("P10675199DT2H48M5.4775807S", 922337203685.4775)],
)
def test_durations_are_iso_8601(written: str, seconds: float) -> None:
    (queue,) = read_configuration(config({"q": {"DefaultMessageTimeToLive": written}})).queues
    assert queue.time_to_live == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["5 min", "P", "PT", "P1H", "PT0S", "", 60, "PT-5M"])
def test_other_durations_are_refused_with_an_example(written: object) -> None:
    (problem,) = problems(config({"q": {"LockDuration": written}}))
    assert problem.startswith("Namespaces[0].Queues[0].Properties.LockDuration: ")
    assert '"PT5M"' in problem


def test_all_problems_are_told_at_once_each_with_its_path() -> None:
    source = config(
        {
            "a": {"MaxDeliveryCount": "3", "LockDuration": "PT6M"},
            "b": {"MaxDeliverCount": 3},
            "c": {"RequiresSession": True},
        },
        [{"Nme": "t"}, topic("u", {"s": [{}]})],
    )
    assert [problem.partition(": ")[0] for problem in problems(source)] == [
        "Namespaces[0].Queues[0].Properties.LockDuration",
        "Namespaces[0].Queues[0].Properties.MaxDeliveryCount",
        "Namespaces[0].Queues[1].Properties.MaxDeliverCount",
        "Namespaces[0].Queues[2].Properties",
        "Namespaces[0].Topics[0].Name",
        "Namespaces[0].Topics[0].Nme",
        "Namespaces[0].Topics[1].Subscriptions[0].Rules[0].Properties",
    ]


def test_names_used_twice_are_told_whatever_their_case() -> None:
    source = config({"a": {}}, [topic("A", {"s": []})])
    source["UserConfig"]["Namespaces"][0]["Topics"][0]["Subscriptions"].append({"Name": "S"})
    assert problems(source) == [
        "Namespaces[0].Topics[0].Name: 'A' is already the name of $.UserConfig.Namespaces[0].Queues[0]; choose another",
        "Namespaces[0].Topics[0].Subscriptions[1].Name: 'S' appears twice in this topic; choose another",
    ]


def test_forwarding_to_nowhere_and_in_a_circle_is_told() -> None:
    source = config(
        {
            "a": {"ForwardTo": "b"},
            "b": {"ForwardTo": "a"},
            "c": {"ForwardDeadLetteredMessagesTo": "nobody"},
            "d": {"ForwardTo": "a"},
        }
    )
    assert problems(source) == [
        "Namespaces[0].Queues[2].Properties.ForwardDeadLetteredMessagesTo: "
        "there is no queue or topic 'nobody'; add it or mend the name",
        "Namespaces[0].Queues[0].Properties.ForwardTo: leads back to 'a' in a circle; break the circle",
        "Namespaces[0].Queues[1].Properties.ForwardTo: leads back to 'b' in a circle; break the circle",
    ]


def test_a_file_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Config.json"
    with pytest.raises(ConfigurationError, match=r"Config\.json: cannot be read"):
        read_configuration(path)
    path.write_text('{\n "UserConfig": {,}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"Config\.json: not valid JSON .*line 2"):
        read_configuration(path)
    path.write_text(json.dumps(config({"q": {}})), encoding="utf-8")
    assert [queue.name for queue in read_configuration(path).queues] == ["q"]

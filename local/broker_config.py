"""The city's Service Bus entities in the Config.json format of the official Service Bus emulator."""

from __future__ import annotations

from typing import Any

from shared.departments import City
from shared.entities import (
    DUPLICATE_WINDOW,
    LOCK_DURATION,
    MAX_DELIVERY_COUNT,
    Entities,
    Rule,
    Subscription,
    Topic,
    describe_entities,
)


def describe_namespace(city: City, name: str = "podatelna") -> dict[str, Any]:
    """https://learn.microsoft.com/azure/service-bus-messaging/test-locally-with-service-bus-emulator"""
    entities: Entities = describe_entities(city)
    return {
        "UserConfig": {
            "Namespaces": [
                {
                    "Name": name,
                    "Queues": [{"Name": queue, "Properties": _queue_properties()} for queue in entities.queues],
                    "Topics": [_topic(topic) for topic in entities.topics],
                }
            ],
            "Logging": {"Type": "File"},
        }
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "Name": topic.name,
        "Properties": {
            "DefaultMessageTimeToLive": "PT1H",  # the emulator's longest
            "DuplicateDetectionHistoryTimeWindow": _iso(DUPLICATE_WINDOW.total_seconds()),
            "RequiresDuplicateDetection": True,
        },
        "Subscriptions": [_subscription(subscription) for subscription in topic.subscriptions],
    }


def _subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        "Name": subscription.name,
        "Properties": _receiving_properties(),
        "Rules": [_rule(rule) for rule in subscription.rules],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    correlation = {"Properties": {rule.property: rule.value}}
    return {"Name": rule.name, "Properties": {"FilterType": "Correlation", "CorrelationFilter": correlation}}


def _queue_properties() -> dict[str, Any]:
    return _receiving_properties() | {
        "DuplicateDetectionHistoryTimeWindow": _iso(DUPLICATE_WINDOW.total_seconds()),
        "RequiresDuplicateDetection": True,
    }


def _receiving_properties() -> dict[str, Any]:
    return {
        "DeadLetteringOnMessageExpiration": True,
        "DefaultMessageTimeToLive": "PT1H",
        "LockDuration": _iso(LOCK_DURATION.total_seconds()),
        "MaxDeliveryCount": MAX_DELIVERY_COUNT,
        "ForwardDeadLetteredMessagesTo": "",
        "ForwardTo": "",
        "RequiresSession": False,
    }


def _iso(seconds: float) -> str:
    return f"PT{int(seconds)}S"

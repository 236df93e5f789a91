"""The doctor's comparison of Service Bus with shared/entities.py, to the last rule."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from infra.deployed import AGAIN, Deployed
from infra.findings import Finding
from infra.rest import Rest
from shared.departments import City
from shared.entities import describe_entities

AT_ONCE = 8


def entities(deployed: Deployed, city: City) -> Iterator[Finding]:
    """Queues, topics, subscriptions and rules, as shared/entities.py describes them for this city."""
    wanted = set(expected_entities(city))
    found = set(deployed_entities(deployed))
    for entity in sorted(wanted - found):
        yield Finding(f"missing: {entity}", False, AGAIN)
    for entity in sorted(found - wanted):
        yield Finding(f"not expected: {entity}", False, _removal(entity, deployed))
    if wanted == found:
        yield Finding(f"{len(wanted)} queues, topics, subscriptions and rules", True)


def expected_entities(city: City) -> Iterator[str]:
    described = describe_entities(city)
    yield from (f"queue {name}" for name in described.queues)
    for topic in described.topics:
        yield f"topic {topic.name}"
        for subscription in topic.subscriptions:
            yield f"subscription {topic.name}/{subscription.name}"
            for rule in subscription.rules:
                yield f"rule {topic.name}/{subscription.name}/{rule.name}: {rule.property} = {rule.value}"


def deployed_entities(deployed: Deployed) -> Iterator[str]:
    arm, namespace = deployed.arm.at("2024-01-01"), deployed.ids["serviceBus"]
    yield from (f"queue {item['name']}" for item in arm.pages(f"{namespace}/queues"))
    topics = [item["name"] for item in arm.pages(f"{namespace}/topics")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for lines in pool.map(lambda topic: list(_topic(arm, namespace, topic)), topics):
            yield from lines


def _topic(arm: Rest, namespace: str, topic: str) -> Iterator[str]:
    yield f"topic {topic}"
    for item in arm.pages(f"{namespace}/topics/{topic}/subscriptions"):
        name = item["name"]
        yield f"subscription {topic}/{name}"
        for rule in arm.pages(f"{namespace}/topics/{topic}/subscriptions/{name}/rules"):
            matched = rule["properties"].get("correlationFilter", {}).get("properties", {})
            what = ", ".join(f"{key} = {value}" for key, value in matched.items()) or "everything"
            yield f"rule {topic}/{name}/{rule['name']}: {what}"


def _removal(entity: str, deployed: Deployed) -> str:
    """How to remove one; a topic may still hold documents, so that is for a person to decide."""
    kind, _, rest = entity.partition(" ")
    names = rest.partition(":")[0].split("/")
    options = f"-g {deployed.place.group} --namespace-name {deployed.name('serviceBus')}"
    if kind == "rule":
        topic, subscription, rule = names
        return (
            f"az servicebus topic subscription rule delete {options} --topic-name {topic} "
            f"--subscription-name {subscription} -n '{rule}'"
        )
    return f"if nothing waits in it any more, remove it: docs/operations.md#removing-a-department ({rest})"

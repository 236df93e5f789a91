"""Reads the official Service Bus emulator's Config.json, telling every problem at once with its JSON path.

The format: https://learn.microsoft.com/azure/service-bus-messaging/test-locally-with-service-bus-emulator
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from local.servicebus.configuration_model import Config, Namespace, SubscriptionProperties
from local.servicebus.settings import NamespaceSettings
from shared.errors import ConfigurationError


def read_configuration(source: Path | Mapping[str, Any]) -> NamespaceSettings:
    """Raises ConfigurationError with every problem, each as `file: $.JSON.path: what is wrong`."""
    where = str(source) if isinstance(source, Path) else "configuration"
    try:
        config = Config.model_validate(_load(source) if isinstance(source, Path) else source)
    except ValidationError as error:
        raise ConfigurationError(
            [f"{where}: {_json_path(item['loc'])}: {_wording(item)}" for item in error.errors()]
        ) from error
    namespace = config.user_config.namespaces[0]
    problems = [f"{where}: {problem}" for problem in _cross_check(namespace)]
    if problems:
        raise ConfigurationError(problems)
    return NamespaceSettings(
        tuple(queue.settings() for queue in namespace.queues),
        tuple(topic.settings() for topic in namespace.topics),
    )


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read ({error.strerror}); give an existing file"]) from error
    except ValueError as error:
        raise ConfigurationError([f"{path}: not valid JSON ({error}); mend this place"]) from error


def _json_path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _wording(item: Mapping[str, Any]) -> str:
    if item["type"] == "extra_forbidden":
        return "is not a known key here; remove it or mend its spelling"
    if item["type"] == "missing":
        return "is missing; add it"
    given = "" if item["type"] == "value_error" else f" (it is {item['input']!r})"
    return str(item["msg"]).removeprefix("Value error, ") + given


def _cross_check(namespace: Namespace) -> Iterator[str]:
    """What one key alone cannot show: names used twice, forwarding to nowhere or in a circle."""
    root = "$.UserConfig.Namespaces[0]"
    targets: dict[str, str] = {}
    named = [(f"{root}.Queues[{index}]", queue.name) for index, queue in enumerate(namespace.queues)]
    named += [(f"{root}.Topics[{index}]", topic.name) for index, topic in enumerate(namespace.topics)]
    for path, name in named:
        if name.lower() in targets:
            yield f"{path}.Name: {name!r} is already the name of {targets[name.lower()]}; choose another"
        targets.setdefault(name.lower(), path)
    sources: list[tuple[str, str, SubscriptionProperties]] = [
        (f"{root}.Queues[{index}]", queue.name, queue.properties) for index, queue in enumerate(namespace.queues)
    ]
    for index, topic in enumerate(namespace.topics):
        seen: set[str] = set()
        for number, subscription in enumerate(topic.subscriptions):
            path = f"{root}.Topics[{index}].Subscriptions[{number}]"
            if subscription.name.lower() in seen:
                yield f"{path}.Name: {subscription.name!r} appears twice in this topic; choose another"
            seen.add(subscription.name.lower())
            sources.append((path, topic.name, subscription.properties))
    yield from _check_forwarding(sources, targets)


def _check_forwarding(
    sources: list[tuple[str, str, SubscriptionProperties]], targets: Mapping[str, str]
) -> Iterator[str]:
    onward: dict[str, set[str]] = {}
    for path, name, properties in sources:
        for key, target in (
            ("ForwardTo", properties.forward_to),
            ("ForwardDeadLetteredMessagesTo", properties.forward_dead_lettered_messages_to),
        ):
            if target and target.lower() not in targets:
                yield f"{path}.Properties.{key}: there is no queue or topic {target!r}; add it or mend the name"
        if properties.forward_to:
            onward.setdefault(name.lower(), set()).add(properties.forward_to.lower())
    for path, name, properties in sources:
        reached, frontier = set(), {properties.forward_to.lower()} - {""}
        while frontier:
            reached |= frontier
            frontier = {after for before in frontier for after in onward.get(before, ())} - reached
        if name.lower() in reached:
            yield f"{path}.Properties.ForwardTo: leads back to {name!r} in a circle; break the circle"

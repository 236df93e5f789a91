"""Reads the official Service Bus emulator's Config.json, telling every problem at once with its JSON path.

The format: https://learn.microsoft.com/azure/service-bus-messaging/test-locally-with-service-bus-emulator
Durations are ISO 8601. Shorter ones than Azure accepts (a lock of PT1S) are allowed here, for tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_pascal

from local.servicebus.rules import CorrelationRule, Rule, TrueRule, Value
from shared.errors import ConfigurationError

MAX_LOCK = 300.0  # seconds; https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
MAX_DUPLICATE_WINDOW = 7 * 86400.0
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """Seconds; `time_to_live` and `duplicate_window` None mean: for ever, and no detection."""

    name: str
    lock_duration: float = 60.0
    max_delivery_count: int = 10
    time_to_live: float | None = None
    dead_letter_on_expiry: bool = False
    duplicate_window: float | None = None
    forward_to: str | None = None
    forward_dead_letters_to: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionSettings:
    name: str
    queue: QueueSettings
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class TopicSettings:
    name: str
    subscriptions: tuple[SubscriptionSettings, ...]
    time_to_live: float | None = None
    duplicate_window: float | None = None


@dataclass(frozen=True, slots=True)
class NamespaceSettings:
    queues: tuple[QueueSettings, ...]
    topics: tuple[TopicSettings, ...]


def _seconds(value: object) -> object:
    match = DURATION.fullmatch(value) if isinstance(value, str) and value != "P" else None
    if match is None:
        raise ValueError(f'{value!r} is not an ISO 8601 duration; write for example "PT5M" or "PT30S"')
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total <= 0:
        raise ValueError(f'{value!r} lasts no time; write for example "PT5M"')
    return total


Seconds = Annotated[float, BeforeValidator(_seconds)]
Name = Annotated[str, Field(min_length=1, max_length=260)]


class Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", strict=True, frozen=True)


class TopicProperties(Part):
    default_message_time_to_live: Seconds | None = None
    duplicate_detection_history_time_window: Annotated[Seconds, Field(le=MAX_DUPLICATE_WINDOW)] = 600.0
    requires_duplicate_detection: bool = False

    @property
    def duplicate_window(self) -> float | None:
        return self.duplicate_detection_history_time_window if self.requires_duplicate_detection else None


class SubscriptionProperties(Part):
    dead_lettering_on_message_expiration: bool = False
    default_message_time_to_live: Seconds | None = None
    forward_dead_lettered_messages_to: str = ""
    forward_to: str = ""
    lock_duration: Annotated[Seconds, Field(le=MAX_LOCK)] = 60.0
    max_delivery_count: Annotated[int, Field(ge=1, le=2000)] = 10
    requires_session: bool = False

    @model_validator(mode="after")
    def _refuse_sessions(self) -> SubscriptionProperties:
        if self.requires_session:
            raise ValueError("RequiresSession: this broker keeps no sessions; write false")
        return self

    def queue_settings(self, name: str, duplicate_window: float | None = None) -> QueueSettings:
        return QueueSettings(
            name,
            lock_duration=self.lock_duration,
            max_delivery_count=self.max_delivery_count,
            time_to_live=self.default_message_time_to_live,
            dead_letter_on_expiry=self.dead_lettering_on_message_expiration,
            duplicate_window=duplicate_window,
            forward_to=self.forward_to or None,
            forward_dead_letters_to=self.forward_dead_lettered_messages_to or None,
        )


class QueueProperties(SubscriptionProperties, TopicProperties):
    pass


class CorrelationFilter(Part):
    content_type: str | None = None
    correlation_id: str | None = None
    label: str | None = None
    message_id: str | None = None
    reply_to: str | None = None
    reply_to_session_id: str | None = None
    session_id: str | None = None
    to: str | None = None
    properties: dict[str, Value] = Field(default_factory=dict)

    def rule(self) -> CorrelationRule:
        system = self.model_dump(by_alias=True, exclude={"properties"}, exclude_none=True)
        return CorrelationRule(system, self.properties)


class SqlFilter(Part):
    sql_expression: str


class RuleProperties(Part):
    filter_type: Literal["Correlation", "Sql"] = "Correlation"
    correlation_filter: CorrelationFilter = CorrelationFilter()
    sql_filter: SqlFilter | None = None

    @model_validator(mode="after")
    def _check_filter(self) -> RuleProperties:
        if self.filter_type == "Sql":
            expression = self.sql_filter.sql_expression if self.sql_filter else ""
            if expression.replace(" ", "") != "1=1":
                raise ValueError(
                    f'SqlFilter: of SQL only "1=1" (every message) is kept here, not {expression!r}; '
                    'write a FilterType "Correlation"'
                )
        elif self.correlation_filter == CorrelationFilter():
            raise ValueError("CorrelationFilter: names no property; write at least one")
        return self

    def rule(self) -> Rule:
        return TrueRule() if self.filter_type == "Sql" else self.correlation_filter.rule()


class NamedRule(Part):
    name: Name
    properties: RuleProperties


class Subscription(Part):
    name: Name
    properties: SubscriptionProperties = SubscriptionProperties()
    rules: list[NamedRule] = []

    def settings(self) -> SubscriptionSettings:
        rules = tuple(rule.properties.rule() for rule in self.rules) or (TrueRule(),)
        return SubscriptionSettings(self.name, self.properties.queue_settings(self.name), rules)


class Queue(Part):
    name: Name
    properties: QueueProperties = QueueProperties()

    def settings(self) -> QueueSettings:
        return self.properties.queue_settings(self.name, self.properties.duplicate_window)


class Topic(Part):
    name: Name
    properties: TopicProperties = TopicProperties()
    subscriptions: list[Subscription] = []

    def settings(self) -> TopicSettings:
        return TopicSettings(
            self.name,
            tuple(subscription.settings() for subscription in self.subscriptions),
            self.properties.default_message_time_to_live,
            self.properties.duplicate_window,
        )


class Namespace(Part):
    name: Name = "sbemulatorns"
    queues: list[Queue] = []
    topics: list[Topic] = []


class UserConfig(Part):
    namespaces: Annotated[list[Namespace], Field(min_length=1, max_length=1)]
    logging: dict[str, Any] = {}


class Config(Part):
    user_config: UserConfig


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

"""The shape of the emulator's Config.json, key by key.

Durations are ISO 8601. Shorter ones than Azure accepts (a lock of PT1S) are allowed here, for tests.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from local.servicebus.rules import CorrelationRule, Rule, TrueRule, Value
from local.servicebus.settings import QueueSettings, SubscriptionSettings, TopicSettings

MAX_LOCK = 300.0  # seconds; https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
MAX_DUPLICATE_WINDOW = 7 * 86400.0
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


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

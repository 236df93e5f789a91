"""A received Service Bus message as the Functions library presents it, made by the library's own converter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import azure.functions as func
from azure.functions.meta import Datum
from azure.functions.servicebus import ServiceBusMessageInConverter
from azure.servicebus import ServiceBusReceivedMessage


def present(message: ServiceBusReceivedMessage) -> func.ServiceBusMessage:
    """For a trigger with cardinality one."""
    metadata = {name: _datum(value) for name, value in _describe(message).items() if value is not None}
    converted = ServiceBusMessageInConverter.decode(Datum(_body(message), "bytes"), trigger_metadata=metadata)
    assert not isinstance(converted, list)
    return converted


def present_batch(messages: Sequence[ServiceBusReceivedMessage]) -> list[func.ServiceBusMessage]:
    """For a trigger with cardinality many: the metadata travels as arrays beside the bodies."""
    described = [_describe(message) for message in messages]
    plural = {"UserProperties": "UserPropertiesArray", "ApplicationProperties": "ApplicationPropertiesArray"}
    metadata = {
        plural.get(name, f"{name}Array"): Datum(json.dumps([one[name] for one in described]), "json")
        for name in described[0]
    }
    # The worker announces that it takes typed collections, so the host sends strings as such.
    bodies = Datum(SimpleNamespace(string=[_body(message).decode() for message in messages]), "collection_string")
    converted = ServiceBusMessageInConverter.decode(bodies, trigger_metadata=metadata)
    assert isinstance(converted, list)
    return list(converted)


def _body(message: ServiceBusReceivedMessage) -> bytes:
    return b"".join(part if isinstance(part, bytes) else bytes(part) for part in message.body)


def _describe(message: ServiceBusReceivedMessage) -> dict[str, Any]:
    properties = {_text(key): _text(value) for key, value in (message.application_properties or {}).items()}
    return {
        "UserProperties": properties,
        "ApplicationProperties": properties,
        "MessageId": message.message_id,
        "ContentType": message.content_type,
        "CorrelationId": message.correlation_id,
        "Subject": message.subject,
        "DeliveryCount": (message.delivery_count or 0) + 1,  # the host counts from 1, the SDK from 0
        "SequenceNumber": message.sequence_number,
        "EnqueuedTimeUtc": message.enqueued_time_utc.isoformat() if message.enqueued_time_utc else None,
        "LockToken": str(message.lock_token),
    }


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _datum(value: Any) -> Datum:
    if isinstance(value, dict):
        return Datum(json.dumps(value), "json")
    return Datum(value, "int" if isinstance(value, int) else "string")

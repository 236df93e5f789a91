"""Turns what a trigger hands over into the product's own message."""

from __future__ import annotations

import azure.functions as func

from shared.model import Message


def decode(raw: func.ServiceBusMessage) -> Message:
    """The claim check in a Service Bus message; a body that is none makes the host dead-letter it."""
    return Message.model_validate_json(raw.get_body())

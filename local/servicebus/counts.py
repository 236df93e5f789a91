"""Reads the message counts of a running broker over AMQP, from any process."""

from __future__ import annotations

from typing import Any

from proton import Message
from proton.utils import BlockingConnection

from local.servicebus.management import COUNTS_OPERATION, MANAGEMENT
from local.servicebus.namespace import Counts


def read_counts(connection_string: str, *, seconds: float = 10.0) -> dict[str, Counts]:
    """By queue name, topic name and `topic/Subscriptions/name`."""
    pairs = dict(part.split("=", 1) for part in connection_string.strip(";").split(";"))
    address = pairs["Endpoint"].replace("sb://", "amqp://").rstrip("/")
    connection = BlockingConnection(address, timeout=seconds, allowed_mechs="ANONYMOUS")
    try:
        replies = connection.create_receiver(MANAGEMENT, credit=1)
        connection.create_sender(MANAGEMENT).send(Message(properties={"operation": COUNTS_OPERATION}))
        body: Any = replies.receive().body
        return {name: Counts(**numbers) for name, numbers in body.items()}
    finally:
        connection.close()

"""What tests of the broker do with the synchronous SDK again and again."""

from __future__ import annotations

import time
from typing import Any

from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusReceiver


def send(client: ServiceBusClient, queue: str, *bodies: str, **fields: Any) -> None:
    with client.get_queue_sender(queue) as sender:
        for body in bodies:
            sender.send_messages(ServiceBusMessage(body, **fields))


def receive(receiver: ServiceBusReceiver, count: int = 1, wait: float = 5) -> list[ServiceBusReceivedMessage]:
    """Exactly `count` messages; fails when they do not come."""
    found: list[ServiceBusReceivedMessage] = []
    end = time.monotonic() + wait
    while len(found) < count and time.monotonic() < end:
        found += receiver.receive_messages(max_message_count=count - len(found), max_wait_time=end - time.monotonic())
    assert len(found) == count
    return found


def nothing(receiver: ServiceBusReceiver, wait: float = 0.3) -> bool:
    return receiver.receive_messages(max_message_count=1, max_wait_time=wait) == []

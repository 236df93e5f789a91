"""Service Bus through azure-servicebus: claim-check messages out, messages in from what a trigger hands over."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender
from azure.servicebus.exceptions import ServiceBusError

from shared.entities import GIVEN_UP_QUEUE
from shared.errors import TransientError
from shared.model import Event, Message

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential


# The SDK waits without end for a connection that broke at the wrong moment.
LONGEST_SEND_SECONDS = 30.0
MOMENT = 1.0  # seconds to wait for another message


def build_message(message: Message, at: datetime | None = None) -> ServiceBusMessage:
    """The message as it travels. Correlation rules select on `event` and `target`."""
    properties: dict[str | bytes, Any] = {
        "event": (Event.RETRY if message.target else message.event).value,
        "document_id": message.document_id,
        "schema": message.schema_version,
        "attempt": message.attempt,
    }
    optional = {"department": message.department, "target": message.target, "traceparent": message.traceparent}
    properties |= {name: value for name, value in optional.items() if value}
    if message.traceparent:
        properties["Diagnostic-Id"] = message.traceparent  # what the Functions host and older SDKs look for
    return ServiceBusMessage(
        message.model_dump_json(by_alias=True, exclude_none=True),
        message_id=message.message_id,
        content_type="application/json",
        subject=message.event.value,
        application_properties=properties,
        scheduled_enqueue_time_utc=at,
    )


class ServiceBus:
    """Implements ports.Bus; one sender an entity, kept open, used by one task at a time."""

    def __init__(self, client: ServiceBusClient) -> None:
        self._client = client
        self._senders: dict[str, ServiceBusSender] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def connect(
        cls, *, connection_string: str | None, namespace: str | None, credential: AsyncTokenCredential | None
    ) -> ServiceBus:
        """From a connection string (a laptop) or a namespace and a credential (Azure)."""
        # Left alone, the SDK reads the system's certificates again for each connection, and each entity has one.
        context = ssl.create_default_context()
        if connection_string:
            return cls(ServiceBusClient.from_connection_string(connection_string, ssl_context=context))
        if credential is None:
            raise ValueError("a namespace needs a credential")
        return cls(ServiceBusClient(namespace or "", credential, ssl_context=context))

    async def close(self) -> None:
        """All senders at once: each takes up to a second to end its connection."""
        await asyncio.gather(*(sender.close() for sender in self._senders.values()), return_exceptions=True)
        await self._client.close()

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        async with self._turns[entity]:
            sender = self._senders.get(entity)
            if sender is None:
                # Queues and topics take the same sender link; the address alone tells them apart.
                sender = self._senders[entity] = self._client.get_queue_sender(entity)
            try:
                async with asyncio.timeout(LONGEST_SEND_SECONDS):
                    await sender.send_messages(build_message(message, at))
            except (ServiceBusError, OSError, ValueError, TimeoutError) as error:
                self._senders.pop(entity, None)
                with suppress(ServiceBusError, OSError, ValueError, TimeoutError):
                    async with asyncio.timeout(MOMENT):
                        await sender.close()
                raise TransientError(f"{entity} takes no message: {type(error).__name__}") from error

    async def dead_letter(self, message: Message, *, reason: str, description: str) -> None:
        """A copy that we receive ourselves: the lock of the message in hand belongs to the Functions host."""
        await self.send(GIVEN_UP_QUEUE, message)
        async with self._receive() as receiver:
            async for kept in receiver:
                # Anything in this queue is there for this one purpose; a copy left over by a kill goes along.
                await receiver.dead_letter_message(kept, reason=reason, error_description=description)

    async def clear_dead_letters(self, document_id: str) -> None:
        async with self._receive(ServiceBusSubQueue.DEAD_LETTER) as receiver:
            async for kept in receiver:
                if (kept.application_properties or {}).get(b"document_id") == document_id.encode():
                    await receiver.complete_message(kept)

    @asynccontextmanager
    async def _receive(self, sub_queue: ServiceBusSubQueue | None = None) -> AsyncIterator[ServiceBusReceiver]:
        """Ends when nothing comes for a moment; what was not settled stays."""
        try:
            async with self._client.get_queue_receiver(
                GIVEN_UP_QUEUE, sub_queue=sub_queue, max_wait_time=MOMENT
            ) as receiver:
                yield receiver
        except (ServiceBusError, OSError, ValueError) as error:
            raise TransientError(f"{GIVEN_UP_QUEUE} cannot be read: {type(error).__name__}") from error

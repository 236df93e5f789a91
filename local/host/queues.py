"""Storage queue triggers: poll, call, delete; after the dequeue limit the message moves to `{queue}-poison`."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.functions.queue import QueueMessage
from azure.storage.queue import QueueMessage as StoredMessage
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from local.host.app import Function

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
MAX_DEQUEUE_COUNT = 5


class QueueListener:
    """Serves one queue-triggered function until cancelled."""

    def __init__(self, function: Function, service: QueueServiceClient) -> None:
        self._function = function
        self._service = service
        self._name = str(function.trigger["queueName"])
        self._queue = service.get_queue_client(self._name)

    async def listen(self) -> None:
        while True:
            try:
                async for message in self._queue.receive_messages(visibility_timeout=600):
                    await self._handle(message)
            except AzureError as error:
                logger.warning("queue %s cannot be read (%s), trying again", self._name, type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def drain(self) -> None:
        """Calls are made one by one within `listen`."""

    async def _handle(self, message: StoredMessage) -> None:
        body = str(message.content).encode()
        count = int(message.dequeue_count or 1)
        if await self._function.attempt(QueueMessage(id=message.id, body=body, dequeue_count=count)):
            await self._queue.delete_message(message)
        elif count >= MAX_DEQUEUE_COUNT:
            poison = await self._poison()
            await poison.send_message(message.content)
            await self._queue.delete_message(message)
        else:
            await self._queue.update_message(message, visibility_timeout=0)

    async def _poison(self) -> QueueClient:
        queue = self._service.get_queue_client(f"{self._name}-poison")
        with contextlib.suppress(ResourceExistsError):
            await queue.create_queue()
        return queue

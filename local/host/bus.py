"""Service Bus triggers: receive, call, complete or abandon."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import MessageAlreadySettled, ServiceBusError

from local.host.app import Function, HostSettings
from local.host.messages import present, present_batch

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds before a lost connection is tried again
MANY = "many"


class BusListener:
    """Serves one function from its queue or subscription until cancelled; `drain` waits for running calls."""

    def __init__(self, function: Function, client: ServiceBusClient, settings: HostSettings) -> None:
        self._function = function
        self._client = client
        self._settings = settings
        self._many = str(function.trigger.get("cardinality", "one")).lower() == MANY
        self._free = asyncio.Semaphore(1 if self._many else settings.concurrent_calls)
        self._calls: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        """Receive for ever; a lost broker is waited for."""
        while True:
            try:
                async with self._receiver() as receiver, AutoLockRenewer() as renewer:
                    try:
                        await self._serve(receiver, renewer)
                    finally:
                        await self.drain()
            except (ServiceBusError, OSError, ValueError) as error:
                logger.warning("%s: receiving failed (%s), trying again", self._function.name, type(error).__name__)
                await asyncio.sleep(PAUSE)

    async def drain(self) -> None:
        """Let running calls finish and settle their messages."""
        if self._calls:
            await asyncio.wait(self._calls)

    def _receiver(self) -> ServiceBusReceiver:
        trigger = self._function.trigger
        if trigger["type"] == "serviceBusTrigger" and trigger.get("topicName"):
            return self._client.get_subscription_receiver(trigger["topicName"], trigger["subscriptionName"])
        return self._client.get_queue_receiver(trigger["queueName"])

    async def _serve(self, receiver: ServiceBusReceiver, renewer: AutoLockRenewer) -> None:
        size = self._settings.batch_size if self._many else 1
        while True:
            await self._free.acquire()
            try:
                messages = await receiver.receive_messages(max_message_count=size, max_wait_time=None)
            except BaseException:
                self._free.release()
                raise
            if not messages:
                self._free.release()
                continue
            for message in messages:
                renewer.register(receiver, message, max_lock_renewal_duration=self._settings.renewal_seconds)
            call = asyncio.create_task(self._handle(receiver, messages))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _handle(self, receiver: ServiceBusReceiver, messages: Sequence[ServiceBusReceivedMessage]) -> None:
        try:
            argument = present_batch(messages) if self._many else present(messages[0])
            done = await self._function.attempt(argument)
            settle = receiver.complete_message if done else receiver.abandon_message
            for message in messages:
                await settle(message)
        except (ServiceBusError, MessageAlreadySettled, OSError) as error:
            # The lock runs out and the message comes again, as with the real host.
            logger.warning("%s: settling failed (%s)", self._function.name, type(error).__name__)
        finally:
            self._free.release()

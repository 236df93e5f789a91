"""The local broker against the real azure-servicebus SDK, asynchronous client: what the functions use."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
)

from local.servicebus.broker import Broker
from local.servicebus.namespace import Counts
from tests.fakes_broker import config, topic

pytestmark = pytest.mark.slow

SOURCE = config(
    {
        "q": {"LockDuration": "PT1M", "MaxDeliveryCount": 2},
        "brief": {"LockDuration": "PT2S", "MaxDeliveryCount": 3},
        "once": {"RequiresDuplicateDetection": True},
    },
    [topic("t", {"sharepoint": [{"Properties": {"event": "routed"}}], "teams": [{"Properties": {"event": "filed"}}]})],
)


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker(SOURCE)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
async def client(broker: Broker) -> AsyncIterator[ServiceBusClient]:
    async with ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0) as client:
        yield client


async def send(client: ServiceBusClient, queue: str, *bodies: str, **fields: Any) -> None:
    async with client.get_queue_sender(queue) as sender:
        for body in bodies:
            await sender.send_messages(ServiceBusMessage(body, **fields))


async def receive(receiver: ServiceBusReceiver, count: int = 1, wait: float = 5) -> list[ServiceBusReceivedMessage]:
    """Exactly `count` messages; fails when they do not come."""
    found: list[ServiceBusReceivedMessage] = []
    end = time.monotonic() + wait
    while len(found) < count and time.monotonic() < end:
        found += await receiver.receive_messages(count - len(found), max_wait_time=end - time.monotonic())
    assert len(found) == count
    return found


async def nothing(receiver: ServiceBusReceiver) -> bool:
    return await receiver.receive_messages(max_message_count=1, max_wait_time=0.3) == []


async def test_complete_abandon_defer_and_dead_letter(broker: Broker, client: ServiceBusClient) -> None:
    await send(client, "q", *"abcd")
    async with client.get_queue_receiver("q") as receiver:
        completed, abandoned, deferred, dead = await receive(receiver, 4)
        await receiver.complete_message(completed)
        await receiver.abandon_message(abandoned)
        await receiver.defer_message(deferred)
        await receiver.dead_letter_message(dead, reason="BadScan", error_description="prázdna strana")
        assert broker.counts()["q"] == Counts(active=1, deferred=1, scheduled=0, dead_letter=1)
        (again,) = await receive(receiver)
        assert (str(again), again.delivery_count) == ("b", 1)
        await receiver.abandon_message(again)
        (back,) = await receiver.receive_deferred_messages(deferred.sequence_number or 0)
        await receiver.complete_message(back)
        with pytest.raises(MessageNotFoundError):
            await receiver.receive_deferred_messages(deferred.sequence_number or 0)
    async with client.get_queue_receiver("q", sub_queue="deadletter") as receiver:
        dead, worn_out = await receive(receiver, 2)
        reasons = [(str(message), message.dead_letter_reason) for message in (dead, worn_out)]
        assert sorted(reasons) == [("b", "MaxDeliveryCountExceeded"), ("d", "BadScan")]
    assert broker.counts()["q"] == Counts(active=0, deferred=0, scheduled=0, dead_letter=2)


async def test_a_topic_feeds_the_subscriptions_whose_rules_match(client: ServiceBusClient) -> None:
    async with client.get_topic_sender("t") as sender:
        await sender.send_messages(
            [
                ServiceBusMessage(event, application_properties={"event": event})
                for event in ("routed", "filed", "moved")
            ]
        )
    for subscription, event in (("sharepoint", "routed"), ("teams", "filed")):
        async with client.get_subscription_receiver("t", subscription) as receiver:
            assert [str(message) for message in await receive(receiver)] == [event]
            assert await nothing(receiver)


async def test_scheduled_messages_come_when_due_unless_cancelled(broker: Broker, client: ServiceBusClient) -> None:
    due = datetime.now(UTC) + timedelta(seconds=2)
    async with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        await sender.send_messages(ServiceBusMessage("a", scheduled_enqueue_time_utc=due))
        numbers = await sender.schedule_messages([ServiceBusMessage("b"), ServiceBusMessage("c")], due)
        await sender.cancel_scheduled_messages(numbers[0])
        assert broker.counts()["q"].scheduled == 2
        messages = await receive(receiver, 2)
        assert datetime.now(UTC) >= due
        assert sorted(str(message) for message in messages) == ["a", "c"]


async def test_a_lock_can_be_renewed_and_is_lost_without(client: ServiceBusClient) -> None:
    await send(client, "brief", "a")
    async with client.get_queue_receiver("brief") as receiver, client.get_queue_receiver("brief") as other:
        (message,) = await receive(receiver)
        for _ in range(2):
            await asyncio.sleep(1.2)
            assert await receiver.renew_message_lock(message) > datetime.now(UTC)
        assert await nothing(other)
        (again,) = await receive(other)
        assert again.delivery_count == 1
        with pytest.raises(MessageLockLostError):
            await receiver.renew_message_lock(message)
        await other.complete_message(again)


async def test_duplicates_are_dropped_and_too_large_messages_refused(broker: Broker, client: ServiceBusClient) -> None:
    await send(client, "once", "a", "again", message_id="m")
    assert broker.counts()["once"].active == 1
    with pytest.raises(MessageSizeExceededError):
        await send(client, "once", "x" * 256 * 1024)


async def test_receive_and_delete_and_peek(broker: Broker, client: ServiceBusClient) -> None:
    await send(client, "q", *"ab")
    async with client.get_queue_receiver("q", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE) as receiver:
        assert [str(message) for message in await receiver.peek_messages(5)] == ["a", "b"]
        assert [str(message) for message in await receive(receiver, 2)] == ["a", "b"]
        assert broker.counts()["q"].active == 0


async def test_an_unknown_entity_is_not_found(client: ServiceBusClient) -> None:
    with pytest.raises(MessagingEntityNotFoundError):
        await send(client, "nobody", "a")
    with pytest.raises(MessagingEntityNotFoundError):
        async with client.get_subscription_receiver("t", "nobody") as receiver:
            await receiver.receive_messages(max_wait_time=1)


async def test_twenty_receivers_at_once_share_the_work(broker: Broker, client: ServiceBusClient) -> None:
    async with client.get_queue_sender("q") as sender:
        for start in range(0, 400, 100):
            await sender.send_messages([ServiceBusMessage(str(number)) for number in range(start, start + 100)])
    seen: Counter[str] = Counter()

    async def work() -> int:
        done = 0
        async with (
            # A connection each: the SDK closes receivers of one connection one after the other, a second apiece.
            ServiceBusClient.from_connection_string(broker.connection_string) as own,
            own.get_queue_receiver("q") as receiver,
        ):
            while messages := await receiver.receive_messages(max_message_count=5, max_wait_time=1):
                for message in messages:
                    await receiver.complete_message(message)
                    seen[str(message)] += 1
                    done += 1
        return done

    shares = await asyncio.gather(*(work() for _ in range(20)))
    assert seen == Counter(str(number) for number in range(400))
    assert min(shares) > 0
    assert broker.counts()["q"] == Counts(0, 0, 0, 0)


async def test_an_idle_receiver_outlives_many_idle_timeouts_and_gets_the_next_message() -> None:
    """Service Bus gives a silent client up after 240 s; here after 1 s, so that many fit into the test."""
    broker = Broker(SOURCE, idle_timeout=1.0)
    broker.start()
    try:
        async with (
            ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0) as client,
            client.get_queue_receiver("q") as receiver,
        ):
            waiting = asyncio.create_task(receiver.receive_messages(max_message_count=1, max_wait_time=20))
            await asyncio.sleep(5)
            await send(client, "q", "a")
            (message,) = await waiting
            await receiver.complete_message(message)
            assert broker.counts()["q"] == Counts(0, 0, 0, 0)
    finally:
        broker.stop()


async def test_a_client_that_was_given_up_for_its_silence_comes_back_by_itself() -> None:
    broker = Broker(SOURCE, idle_timeout=0.5)
    broker.start()
    try:
        async with (
            ServiceBusClient.from_connection_string(broker.connection_string, keep_alive=0) as client,
            client.get_queue_sender("q") as sender,
        ):
            await sender.send_messages(ServiceBusMessage("a"))
            await asyncio.sleep(2)
            await sender.send_messages(ServiceBusMessage("b"))
            assert broker.counts()["q"].active == 2
    finally:
        broker.stop()


async def test_clients_go_on_after_a_restart_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    broker = Broker(SOURCE, state=tmp_path)
    broker.start()
    seen: Counter[str] = Counter()

    async def work(client: ServiceBusClient) -> None:
        async with client.get_queue_receiver("q") as receiver:
            while sum(seen.values()) < 200:
                for message in await receiver.receive_messages(max_message_count=10, max_wait_time=0.5):
                    await receiver.complete_message(message)
                    seen[str(message)] += 1

    try:
        async with ServiceBusClient.from_connection_string(
            broker.connection_string, retry_backoff_factor=0.1
        ) as client:
            async with client.get_queue_sender("q") as sender:
                await sender.send_messages([ServiceBusMessage(str(number)) for number in range(100)])
                await asyncio.to_thread(broker.stop)
                await asyncio.to_thread(broker.start)
                await sender.send_messages([ServiceBusMessage(str(number)) for number in range(100, 200)])
            await asyncio.wait_for(work(client), 20)
        assert seen == Counter(str(number) for number in range(200))
        assert broker.counts()["q"] == Counts(0, 0, 0, 0)
    finally:
        broker.stop()


async def test_an_idle_broker_uses_next_to_no_processor_time(broker: Broker, client: ServiceBusClient) -> None:
    await send(client, "q", "a", scheduled_enqueue_time_utc=datetime.now(UTC) + timedelta(hours=1))
    await asyncio.sleep(0.5)
    before = thread_seconds()
    await asyncio.sleep(2)
    assert thread_seconds() - before < 0.05


def thread_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def test_a_second_of_processor_time_sends_receives_and_completes_five_hundred_messages(
    client: ServiceBusClient,
) -> None:
    count = 1000
    async with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        began = time.process_time()  # of client and broker together, so that a busy machine does not matter
        for start in range(0, count, 100):
            batch = [ServiceBusMessage("x" * 500, application_properties={"n": start}) for _ in range(100)]
            await sender.send_messages(batch)
        done = 0
        while done < count:
            messages = await receiver.receive_messages(max_message_count=100, max_wait_time=5)
            for message in messages:
                await receiver.complete_message(message)
            done += len(messages)
        assert count / (time.process_time() - began) > 500

"""The local host keeps the real host's promises, shown with small functions on the broker and Azurite."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import azure.functions as func
import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.host.app import Function, HostSettings, index
from local.host.bus import BusListener
from local.host.queues import QueueListener
from local.host.scans import ScanWatcher
from local.host.timers import next_time
from shared.entities import MAX_DELIVERY_COUNT
from shared.storage import POISON_QUEUE

pytestmark = pytest.mark.slow
SETTINGS = HostSettings(concurrent_calls=3, batch_size=10, renewal_seconds=60, blob_parallelism=2, blob_tries=3)
QUEUE, TOPIC = "recognize", "dept-majetok"


@pytest.fixture
async def client(service_bus: str) -> AsyncIterator[ServiceBusClient]:
    async with ServiceBusClient.from_connection_string(service_bus) as client:
        yield client


def queue_function(handler: Callable[[func.ServiceBusMessage], object]) -> Function:
    app = func.FunctionApp()
    trigger = app.service_bus_queue_trigger(arg_name="message", queue_name=QUEUE, connection="SERVICEBUS")
    app.function_name("handle")(trigger(handler))
    return index(app)[0]


async def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in handlers of many shapes
            await asyncio.sleep(0.05)


async def stop(listener: BusListener | ScanWatcher | QueueListener, task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await listener.drain()


async def send(client: ServiceBusClient, bodies: list[str], entity: str = QUEUE, event: str = "filed") -> None:
    async with client.get_queue_sender(entity) as sender:
        for body in bodies:
            message = ServiceBusMessage(body, message_id=uuid4().hex, application_properties={"event": event})
            await sender.send_messages(message)


async def dead_letters(client: ServiceBusClient) -> list[str]:
    receiver = client.get_queue_receiver(QUEUE, sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    async with receiver:
        found = await receiver.receive_messages(max_message_count=10, max_wait_time=2)
        for one in found:
            await receiver.complete_message(one)
        return [str(one) for one in found]


async def test_a_message_is_presented_as_the_functions_library_does_and_completed(client: ServiceBusClient) -> None:
    seen: list[func.ServiceBusMessage] = []

    async def handle(message: func.ServiceBusMessage) -> None:
        seen.append(message)

    listener = BusListener(queue_function(handle), client, SETTINGS)
    task = asyncio.create_task(listener.listen())
    await send(client, ["žiadosť"])
    await until(lambda: bool(seen))
    await stop(listener, task)
    assert seen[0].get_body().decode() == "žiadosť"
    assert seen[0].application_properties["event"] == "filed"
    assert seen[0].delivery_count == 1
    assert await dead_letters(client) == []


async def test_no_more_than_the_configured_number_run_at_once(client: ServiceBusClient) -> None:
    running, most, done = 0, 0, 0

    async def handle(message: func.ServiceBusMessage) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2)
        running -= 1
        done += 1

    listener = BusListener(queue_function(handle), client, SETTINGS)
    task = asyncio.create_task(listener.listen())
    await send(client, [str(number) for number in range(9)])
    await until(lambda: done == 9)
    await stop(listener, task)
    assert most == SETTINGS.concurrent_calls


async def test_a_failing_message_comes_again_at_once_and_is_dead_lettered_after_the_limit(
    client: ServiceBusClient,
) -> None:
    tries = 0

    async def handle(message: func.ServiceBusMessage) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("always")

    listener = BusListener(queue_function(handle), client, SETTINGS)
    task = asyncio.create_task(listener.listen())
    await send(client, ["poison"])
    await until(lambda: tries == MAX_DELIVERY_COUNT)
    await stop(listener, task)
    assert tries == MAX_DELIVERY_COUNT
    assert await dead_letters(client) == ["poison"]


async def test_a_stop_lets_running_calls_finish(client: ServiceBusClient) -> None:
    started, finished = asyncio.Event(), False

    async def handle(message: func.ServiceBusMessage) -> None:
        nonlocal finished
        started.set()
        await asyncio.sleep(0.5)
        finished = True

    listener = BusListener(queue_function(handle), client, SETTINGS)
    task = asyncio.create_task(listener.listen())
    await send(client, ["long"])
    await started.wait()
    await stop(listener, task)
    assert finished


async def test_a_trigger_for_many_gets_what_waits_in_one_call(client: ServiceBusClient) -> None:
    calls: list[list[func.ServiceBusMessage]] = []

    async def handle(messages: list[func.ServiceBusMessage]) -> None:
        calls.append(messages)

    app = func.FunctionApp()
    trigger = app.service_bus_topic_trigger(
        arg_name="messages",
        topic_name=TOPIC,
        subscription_name="teams",
        connection="SERVICEBUS",
        cardinality=func.Cardinality.MANY,
    )
    app.function_name("handle_many")(trigger(handle))
    await send(client, ['{"n": 1}', '{"n": 2}', '{"n": 3}'], TOPIC)
    listener = BusListener(index(app)[0], client, SETTINGS)
    task = asyncio.create_task(listener.listen())
    await until(lambda: sum(map(len, calls)) == 3)
    await stop(listener, task)
    bodies = [json.loads(message.get_body())["n"] for call in calls for message in call]
    assert sorted(bodies) == [1, 2, 3]
    assert len(calls) < 3


async def test_a_scan_is_tried_a_few_times_and_then_told_to_the_poison_queue(storage: str, tmp_path: Path) -> None:
    tries: list[str] = []

    async def take_in(scan: func.InputStream) -> None:
        tries.append(f"{scan.name} {scan.length}")
        raise RuntimeError("always")

    app = func.FunctionApp()
    source = func.BlobSource.EVENT_GRID
    trigger = app.blob_trigger(arg_name="scan", path="scans/{name}", connection="STORAGE", source=source)
    app.function_name("take_in_scan")(trigger(take_in))
    async with (
        BlobServiceClient.from_connection_string(storage) as blobs,
        QueueServiceClient.from_connection_string(storage) as queues,
    ):
        container = blobs.get_container_client(f"scans-{uuid4().hex[:8]}")
        await container.create_container()
        poison = queues.get_queue_client(POISON_QUEUE)
        await poison.clear_messages()
        watcher = ScanWatcher(index(app)[0], container, poison, SETTINGS)
        task = asyncio.create_task(watcher.listen())
        await container.upload_blob("a.pdf", b"12345")
        await until(lambda: len(tries) == SETTINGS.blob_tries)
        await stop(watcher, task)
        told = [json.loads(str(message.content)) async for message in poison.receive_messages()]
    assert tries == [f"{container.container_name}/a.pdf 5"] * SETTINGS.blob_tries
    assert [(one["BlobName"], one["FunctionId"]) for one in told] == [("a.pdf", "Host.Functions.take_in_scan")]


async def test_a_replaced_scan_is_announced_again_and_an_unchanged_one_is_not(storage: str) -> None:
    seen: list[bytes] = []

    async def take_in(scan: func.InputStream) -> None:
        seen.append(scan.read())

    app = func.FunctionApp()
    trigger = app.blob_trigger(arg_name="scan", path="scans/{name}", connection="STORAGE")
    app.function_name("take_in_scan")(trigger(take_in))
    async with (
        BlobServiceClient.from_connection_string(storage) as blobs,
        QueueServiceClient.from_connection_string(storage) as queues,
    ):
        container = blobs.get_container_client(f"scans-{uuid4().hex[:8]}")
        await container.create_container()
        watcher = ScanWatcher(index(app)[0], container, queues.get_queue_client(POISON_QUEUE), SETTINGS)
        task = asyncio.create_task(watcher.listen())
        await container.upload_blob("a.pdf", b"one")
        await until(lambda: len(seen) == 1)
        await asyncio.sleep(1.2)  # two more looks
        await container.upload_blob("a.pdf", b"two", overwrite=True)
        await until(lambda: len(seen) == 2)
        await stop(watcher, task)
    assert seen == [b"one", b"two"]


async def test_a_queue_message_that_fails_is_tried_again_and_then_moved_to_the_poison_queue(storage: str) -> None:
    tries = 0

    async def handle(poison: func.QueueMessage) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("always")

    app = func.FunctionApp()
    name = f"work-{uuid4().hex[:8]}"
    app.function_name("work")(app.queue_trigger(arg_name="poison", queue_name=name, connection="STORAGE")(handle))
    async with QueueServiceClient.from_connection_string(storage) as queues:
        queue = await queues.create_queue(name)
        await queue.send_message("task")
        listener = QueueListener(index(app)[0], queues)
        task = asyncio.create_task(listener.listen())
        await until(lambda: tries == 5, 30)
        await asyncio.sleep(0.5)
        await stop(listener, task)
        poison = queues.get_queue_client(f"{name}-poison")
        assert [message.content async for message in poison.receive_messages()] == ["task"]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("0 0 6 * * *", (21, 6, 0)), ("0 */15 * * * *", (20, 11, 15)), ("30 0 12 * * 1-5", (20, 12, 0))],
)
def test_timers_follow_six_field_schedules(schedule: str, expected: tuple[int, int, int]) -> None:
    moment = next_time(schedule, datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    assert (moment.day, moment.hour, moment.minute) == expected

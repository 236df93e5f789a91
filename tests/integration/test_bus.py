"""The bus adapter on the broker: claim checks arrive where the correlation rules send them, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient

from shared.adapters.service_bus import ServiceBus
from shared.errors import TransientError
from shared.model import Event, Message

pytestmark = pytest.mark.slow
TOPIC = "dept-skolstvo"


@pytest.fixture
async def bus(service_bus: str) -> AsyncIterator[ServiceBus]:
    bus = ServiceBus.connect(connection_string=service_bus, namespace=None, credential=None)
    yield bus
    await bus.close()


def message(event: Event = Event.ROUTED, **more: object) -> Message:
    known = {"document_id": f"20261120-{uuid4().hex[:8]}-1", "department": "skolstvo", "traceparent": "00-a-b-01"}
    return Message(event=event, first_seen=datetime.now(UTC), **(known | more))


async def take(connection: str, subscription: str, seconds: float = 2.0) -> list[Message]:
    """Everything that waits in a subscription of the topic, completed."""
    found = []
    async with (
        ServiceBusClient.from_connection_string(connection) as client,
        client.get_subscription_receiver(TOPIC, subscription) as receiver,
    ):
        while batch := await receiver.receive_messages(max_message_count=20, max_wait_time=seconds):
            for one in batch:
                found.append(Message.model_validate_json(str(one)))
                await receiver.complete_message(one)
    return found


async def test_an_event_reaches_only_the_channel_whose_rule_names_it(bus: ServiceBus, service_bus: str) -> None:
    routed, filed = message(), message(Event.FILED)
    for one in (routed, filed):
        await bus.send(TOPIC, one)
    assert await take(service_bus, "sharepoint") == [routed]
    assert await take(service_bus, "teams") == [filed]


async def test_a_retried_copy_reaches_only_its_target_and_keeps_its_event(bus: ServiceBus, service_bus: str) -> None:
    again = message(target="teams", attempt=2)
    await bus.send(TOPIC, again)
    assert await take(service_bus, "sharepoint", 1.0) == []
    assert await take(service_bus, "teams") == [again]


async def test_the_same_message_sent_twice_arrives_once(bus: ServiceBus, service_bus: str) -> None:
    once = message()
    await bus.send(TOPIC, once)
    await bus.send(TOPIC, once)
    assert await take(service_bus, "sharepoint") == [once]


async def test_a_scheduled_message_waits_for_its_time(bus: ServiceBus, service_bus: str) -> None:
    later = message()
    await bus.send(TOPIC, later, at=datetime.now(UTC) + timedelta(seconds=3))
    assert await take(service_bus, "sharepoint", 1.0) == []
    assert await take(service_bus, "sharepoint", 5.0) == [later]


async def test_an_unknown_entity_is_an_error_that_can_be_tried_again(bus: ServiceBus) -> None:
    with pytest.raises(TransientError):
        await bus.send("dept-neexistuje", message())


async def test_what_is_given_up_is_a_dead_letter_with_its_reason_until_it_is_cleared(
    bus: ServiceBus, service_bus: str
) -> None:
    kept, cleared = message(target="teams"), message(target="sharepoint")
    await bus.dead_letter(kept, reason="dept-skolstvo/teams", description="Pracovný postup neexistuje.")
    await bus.dead_letter(cleared, reason="dept-skolstvo/sharepoint", description="Knižnica chýba.")
    await bus.clear_dead_letters(cleared.document_id)
    async with (
        ServiceBusClient.from_connection_string(service_bus) as client,
        client.get_queue_receiver("given-up", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as letters,
        client.get_queue_receiver("given-up") as active,
    ):
        found = await letters.peek_messages(max_message_count=10)
        assert await active.peek_messages() == []
    mine = [one for one in found if Message.model_validate_json(str(one)) in (kept, cleared)]
    assert [Message.model_validate_json(str(one)) for one in mine] == [kept]
    assert (mine[0].dead_letter_reason, mine[0].dead_letter_error_description) == (
        "dept-skolstvo/teams",
        "Pracovný postup neexistuje.",
    )

"""The local broker against the real azure-servicebus SDK, synchronous client."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import (
    AutoLockRenewer,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusReceiveMode,
    ServiceBusReceiver,
)
from azure.servicebus._common import mgmt_handlers
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    ServiceBusError,
)

from local.servicebus.broker import Broker
from local.servicebus.counts import read_counts
from local.servicebus.namespace import Counts
from tests.fakes_broker import config, topic
from tests.integration.servicebus_client import nothing, receive, send

pytestmark = pytest.mark.slow

SOURCE = config(
    {
        "q": {"LockDuration": "PT30S", "MaxDeliveryCount": 3},
        "brief": {"LockDuration": "PT1S", "MaxDeliveryCount": 2},
        "once": {"RequiresDuplicateDetection": True, "DuplicateDetectionHistoryTimeWindow": "PT1M"},
        "mortal": {"DefaultMessageTimeToLive": "PT1S", "DeadLetteringOnMessageExpiration": True},
    },
    [
        topic(
            "dept-stavebny-urad",
            {
                "sharepoint": [{"Properties": {"event": "routed"}}, {"Properties": {"event": "review"}}],
                "teams": [{"Properties": {"event": "filed"}}, {"Label": "card", "To": "desk"}],
                "all": [],
            },
        )
    ],
)


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker(SOURCE)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def client(broker: Broker) -> Iterator[ServiceBusClient]:
    with ServiceBusClient.from_connection_string(broker.connection_string, keep_alive=0, retry_total=0) as client:
        yield client


def test_every_property_of_a_message_arrives(client: ServiceBusClient) -> None:
    sent = ServiceBusMessage(
        '{"ž": "ľ"}',
        message_id="m-1",
        subject="routed",
        correlation_id="c-1",
        to="desk",
        reply_to="r",
        content_type="application/json",
        application_properties={"event": "routed", "attempt": 1, "share": 0.5, "urgent": True, "raw": b"raw"},
        time_to_live=timedelta(minutes=5),
    )
    before = datetime.now(UTC) - timedelta(seconds=1)
    with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        sender.send_messages(sent)
        (message,) = receive(receiver)
        assert str(message) == '{"ž": "ľ"}'
        assert message.application_properties == {
            b"event": b"routed", b"attempt": 1, b"share": 0.5, b"urgent": True, b"raw": b"raw",
        }  # fmt: skip
        names = ("message_id", "subject", "correlation_id", "to", "reply_to", "content_type", "time_to_live")
        assert [getattr(message, name) for name in names] == [getattr(sent, name) for name in names]
        assert (message.sequence_number, message.delivery_count) == (1, 0)
        assert message.enqueued_time_utc is not None
        assert before < message.enqueued_time_utc < datetime.now(UTC)
        assert message.locked_until_utc is not None
        assert timedelta(seconds=28) < message.locked_until_utc - datetime.now(UTC) <= timedelta(seconds=30)


def test_a_completed_message_is_gone_and_counted_so(broker: Broker, client: ServiceBusClient) -> None:
    send(client, "q", "a", "b")
    with client.get_queue_receiver("q") as receiver:
        receiver.complete_message(receive(receiver)[0])
        assert broker.counts()["q"] == Counts(active=1, deferred=0, scheduled=0, dead_letter=0)
        receiver.complete_message(receive(receiver)[0])
        assert nothing(receiver)
    assert read_counts(broker.connection_string)["q"] == Counts(0, 0, 0, 0)


def test_a_batch_and_a_list_arrive_as_single_messages_in_order(client: ServiceBusClient) -> None:
    with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        batch = sender.create_message_batch()
        for number in range(50):
            batch.add_message(ServiceBusMessage(f"{number}", application_properties={"n": number}))
        sender.send_messages(batch)
        sender.send_messages([ServiceBusMessage(f"{number}") for number in range(50, 60)])
        messages = receive(receiver, 60)
        assert [str(message) for message in messages] == [str(number) for number in range(60)]
        assert [message.sequence_number for message in messages] == list(range(1, 61))


def test_large_bodies_pass_up_to_256_kilobytes_and_no_further(client: ServiceBusClient) -> None:
    with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        body = os.urandom(255 * 1024)
        sender.send_messages(ServiceBusMessage(body))
        assert b"".join(receive(receiver)[0].body) == body
        with pytest.raises(MessageSizeExceededError):
            sender.send_messages(ServiceBusMessage(b"x" * (256 * 1024)))
        with pytest.raises(MessageSizeExceededError):
            sender.send_messages([ServiceBusMessage(b"x" * (200 * 1024)) for _ in range(2)])
        sender.send_messages(ServiceBusMessage("and on it goes"))
        assert str(receive(receiver)[0]) == "and on it goes"


def test_subscriptions_take_what_their_rules_match(client: ServiceBusClient) -> None:
    with client.get_topic_sender("dept-stavebny-urad") as sender:
        for body, event in [("1", "routed"), ("2", "filed"), ("3", "review"), ("4", "moved")]:
            sender.send_messages(ServiceBusMessage(body, application_properties={"event": event}))
        sender.send_messages(ServiceBusMessage("5", subject="card", to="desk"))
        sender.send_messages(ServiceBusMessage("6", subject="card", to="elsewhere"))
    expected = {"sharepoint": ["1", "3"], "teams": ["2", "5"], "all": ["1", "2", "3", "4", "5", "6"]}
    for subscription, bodies in expected.items():
        with client.get_subscription_receiver("dept-stavebny-urad", subscription) as receiver:
            messages = receive(receiver, len(bodies))
            assert [str(message) for message in messages] == bodies
            for message in messages:
                receiver.complete_message(message)
            assert nothing(receiver)


def test_an_abandoned_message_comes_back_until_the_dead_letter_queue_takes_it(client: ServiceBusClient) -> None:
    send(client, "q", "a", application_properties={"event": "routed"})
    with client.get_queue_receiver("q") as receiver:
        for count in range(3):
            (message,) = receive(receiver)
            assert message.delivery_count == count
            receiver.abandon_message(message)
        assert nothing(receiver)
    with client.get_queue_receiver("q", sub_queue="deadletter") as receiver:
        (message,) = receive(receiver)
        assert (str(message), message.delivery_count) == ("a", 3)
        assert message.dead_letter_reason == "MaxDeliveryCountExceeded"
        assert message.dead_letter_error_description == "Message could not be consumed after 3 delivery attempts."
        assert message.application_properties is not None
        assert message.application_properties[b"event"] == b"routed"
        receiver.complete_message(message)
        assert nothing(receiver)


def test_abandoning_can_change_properties_on_both_ways_of_settling(client: ServiceBusClient) -> None:
    """The Python SDK has no public call for this, as the others have; its own internals can send it."""
    send(client, "q", "a", application_properties={"kept": 1, "by": "sender"})
    with client.get_queue_receiver("q") as receiver:
        (message,) = receive(receiver)
        receiver._handler.settle_messages(
            message._delivery_id,
            message._delivery_tag,
            "modified",
            delivery_failed=True,
            undeliverable_here=False,
            message_annotations={"by": "link"},
            await_outcome=True,
        )
        (message,) = receive(receiver)
        assert message.application_properties == {b"kept": 1, b"by": b"link"}
        request = {
            "disposition-status": "abandoned",
            "lock-tokens": receiver._amqp_transport.AMQP_ARRAY_VALUE([message.lock_token]),
            "properties-to-modify": {"by": "management", "raw": b"raw"},
        }
        receiver._mgmt_request_response_with_retry(b"com.microsoft:update-disposition", request, mgmt_handlers.default)
        (message,) = receive(receiver)
        assert message.application_properties == {b"kept": 1, b"by": b"management", b"raw": b"raw"}
        assert message.delivery_count == 2


def test_dead_lettering_keeps_reason_and_description(client: ServiceBusClient) -> None:
    with client.get_topic_sender("dept-stavebny-urad") as sender:
        sender.send_messages(ServiceBusMessage("a"))
    with client.get_subscription_receiver("dept-stavebny-urad", "all") as receiver:
        receiver.dead_letter_message(receive(receiver)[0], reason="BadScan", error_description="žiadna strana")
    dead = client.get_subscription_receiver("dept-stavebny-urad", "all", sub_queue="deadletter")
    with dead as receiver:
        (message,) = receive(receiver)
        assert (message.dead_letter_reason, message.dead_letter_error_description) == ("BadScan", "žiadna strana")


def test_a_lost_lock_brings_the_message_back_at_once_and_refuses_late_settlement(client: ServiceBusClient) -> None:
    send(client, "brief", "a")
    with client.get_queue_receiver("brief") as receiver, client.get_queue_receiver("brief") as other:
        (message,) = receive(receiver)
        began = time.monotonic()
        (again,) = receive(other)
        assert 0.8 < time.monotonic() - began < 3
        assert again.delivery_count == 1
        with pytest.raises(MessageLockLostError):
            receiver.complete_message(message)
        other.complete_message(again)


def test_the_broker_itself_refuses_a_lock_token_that_is_no_longer_held(client: ServiceBusClient) -> None:
    send(client, "q", "a")
    with client.get_queue_receiver("q") as receiver:
        (message,) = receive(receiver)
        receiver.complete_message(message)
        with pytest.raises(MessageLockLostError):
            receiver.renew_message_lock(message_like(message))


def message_like(message: ServiceBusReceivedMessage) -> ServiceBusReceivedMessage:
    """The message as if it were not settled: the SDK then asks the broker."""
    message._settled = False
    return message


def test_a_renewed_lock_outlasts_its_duration(client: ServiceBusClient) -> None:
    send(client, "brief", "a")
    with client.get_queue_receiver("brief") as receiver, client.get_queue_receiver("brief") as other:
        (message,) = receive(receiver)
        for _ in range(3):
            time.sleep(0.6)
            assert receiver.renew_message_lock(message) > datetime.now(UTC)
        assert nothing(other)
        receiver.complete_message(message)


def test_the_lock_renewer_of_the_sdk_keeps_a_message(client: ServiceBusClient) -> None:
    send(client, "brief", "a")
    with AutoLockRenewer() as renewer, client.get_queue_receiver("brief", auto_lock_renewer=renewer) as receiver:
        (message,) = receive(receiver)
        time.sleep(2.5)
        receiver.complete_message(message)
        assert nothing(receiver)


def test_a_deferred_message_is_received_by_its_sequence_number(client: ServiceBusClient) -> None:
    send(client, "q", "a", "b")
    with client.get_queue_receiver("q") as receiver:
        first, second = receive(receiver, 2)
        receiver.defer_message(first)
        receiver.defer_message(second)
        assert nothing(receiver)
        numbers = [first.sequence_number, second.sequence_number]
        back = receiver.receive_deferred_messages([number for number in numbers if number])
        assert [str(message) for message in back] == ["a", "b"]
        assert back[0].locked_until_utc is not None
        receiver.renew_message_lock(back[0])
        receiver.complete_message(back[0])
        receiver.dead_letter_message(back[1], reason="late", error_description="very")
        with pytest.raises(MessageNotFoundError):
            receiver.receive_deferred_messages(numbers[0] or 0)
    with client.get_queue_receiver("q", sub_queue="deadletter") as receiver:
        assert receive(receiver)[0].dead_letter_reason == "late"


def test_receive_and_delete_needs_no_settlement(broker: Broker, client: ServiceBusClient) -> None:
    send(client, "q", "a", "b")
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    with client.get_queue_receiver("q", receive_mode=mode) as receiver:
        assert [str(message) for message in receive(receiver, 2)] == ["a", "b"]
    assert broker.counts()["q"].active == 0


def test_peek_shows_all_without_locking(client: ServiceBusClient) -> None:
    send(client, "q", *"abcd")
    with client.get_queue_receiver("q") as receiver:
        receive(receiver)
        peeked = receiver.peek_messages(max_message_count=3, sequence_number=1)
        assert [(str(message), message.sequence_number) for message in peeked] == [("a", 1), ("b", 2), ("c", 3)]
        assert [str(message) for message in receiver.peek_messages(max_message_count=10)] == ["d"]
        assert receiver.peek_messages(sequence_number=99) == []
        assert len(receive(receiver, 3)) == 3


def test_a_scheduled_message_comes_when_it_is_due(client: ServiceBusClient) -> None:
    due = datetime.now(UTC) + timedelta(seconds=4)
    send(client, "q", "later", scheduled_enqueue_time_utc=due)
    with client.get_queue_receiver("q") as receiver:
        (message,) = receiver.peek_messages()
        assert message.state.name == "SCHEDULED"
        (message,) = receive(receiver)
        assert timedelta(seconds=-0.05) < datetime.now(UTC) - due < timedelta(seconds=2)
        assert str(message) == "later"
        assert message.scheduled_enqueue_time_utc is not None


def test_messages_are_scheduled_and_cancelled_by_number(broker: Broker, client: ServiceBusClient) -> None:
    due = datetime.now(UTC) + timedelta(seconds=1)
    with client.get_queue_sender("q") as sender, client.get_queue_receiver("q") as receiver:
        numbers = sender.schedule_messages([ServiceBusMessage(body) for body in "abc"], due)
        assert numbers == [1, 2, 3]
        sender.cancel_scheduled_messages(numbers[1])
        assert broker.counts()["q"] == Counts(active=0, deferred=0, scheduled=2, dead_letter=0)
        assert [str(message) for message in receive(receiver, 2)] == ["a", "c"]
        with pytest.raises(MessageNotFoundError):
            sender.cancel_scheduled_messages(numbers[1])
    with client.get_topic_sender("dept-stavebny-urad") as sender:
        sender.schedule_messages(ServiceBusMessage("d", application_properties={"event": "filed"}), datetime.now(UTC))
    with client.get_subscription_receiver("dept-stavebny-urad", "teams") as receiver:
        assert str(receive(receiver)[0]) == "d"


def test_a_repeated_message_id_is_accepted_and_dropped(broker: Broker, client: ServiceBusClient) -> None:
    send(client, "once", "a", "again", message_id="m-1")
    send(client, "once", "b", message_id="m-2")
    with client.get_queue_receiver("once") as receiver:
        assert [str(message) for message in receive(receiver, 2)] == ["a", "b"]
        assert broker.counts()["once"].active == 2


def test_an_expired_message_is_dead_lettered_with_its_reason(client: ServiceBusClient) -> None:
    send(client, "mortal", "a")
    with client.get_queue_receiver("mortal", sub_queue="deadletter") as receiver:
        (message,) = receive(receiver)
        assert message.dead_letter_reason == "TTLExpiredException"


@pytest.mark.parametrize(
    "open_link",
    [
        lambda client: client.get_queue_sender("nobody"),
        lambda client: client.get_topic_sender("nobody"),
        lambda client: client.get_queue_receiver("nobody"),
        lambda client: client.get_subscription_receiver("dept-stavebny-urad", "nobody"),
    ],
)
def test_an_unknown_entity_is_not_found(
    client: ServiceBusClient, open_link: Callable[[ServiceBusClient], AbstractContextManager[Any]]
) -> None:
    with pytest.raises(MessagingEntityNotFoundError, match="could not be found"), open_link(client) as link:
        use(link)


def use(link: Any) -> None:
    if isinstance(link, ServiceBusReceiver):
        link.receive_messages(max_wait_time=1)
    else:
        link.send_messages(ServiceBusMessage("a"))


def test_sending_to_a_subscription_is_refused(client: ServiceBusClient) -> None:
    with (
        pytest.raises(ServiceBusError, match="only gives messages out"),
        client.get_queue_sender("dept-stavebny-urad/Subscriptions/all") as sender,
    ):
        sender.send_messages(ServiceBusMessage("a"))


def test_twenty_receivers_at_once_share_the_work_and_none_is_given_twice(
    broker: Broker, client: ServiceBusClient
) -> None:
    send_in_batches(client, "q", 400)
    seen: list[str] = []
    workers: set[int] = set()

    def work() -> None:
        with (
            ServiceBusClient.from_connection_string(broker.connection_string) as own,
            own.get_queue_receiver("q") as receiver,
        ):
            while messages := receiver.receive_messages(max_message_count=5, max_wait_time=1):
                for message in messages:
                    receiver.complete_message(message)
                    seen.append(str(message))
                    workers.add(threading.get_ident())

    with ThreadPoolExecutor(20) as pool:
        for future in [pool.submit(work) for _ in range(20)]:
            future.result()
    assert sorted(seen, key=int) == [str(number) for number in range(400)]
    assert len(workers) == 20
    assert broker.counts()["q"] == Counts(0, 0, 0, 0)


def send_in_batches(client: ServiceBusClient, queue: str, count: int) -> None:
    with client.get_queue_sender(queue) as sender:
        for start in range(0, count, 100):
            sender.send_messages([ServiceBusMessage(str(number)) for number in range(start, min(start + 100, count))])


def test_prefetched_messages_are_given_back_when_the_receiver_closes(client: ServiceBusClient) -> None:
    send_in_batches(client, "q", 50)
    with client.get_queue_receiver("q", prefetch_count=20) as receiver:
        receiver.complete_message(receive(receiver)[0])
    with client.get_queue_receiver("q") as receiver:
        messages = receive(receiver, 49)
        assert {message.delivery_count for message in messages} == {0}

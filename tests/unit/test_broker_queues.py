"""Peek-lock, delivery count, deferral, expiry and dead letters, on a clock that the test moves."""

from __future__ import annotations

from typing import Any

import pytest

from local.servicebus.messages import Entry, LockLost, MessageNotFound
from local.servicebus.namespace import Counts
from local.servicebus.queues import Queue
from tests.fakes_broker import TimedNamespace, config, topic


def make(**properties: Any) -> TimedNamespace:
    return TimedNamespace(config({"q": {"LockDuration": "PT30S", "MaxDeliveryCount": 3} | properties}))


def acquire(queue: Queue) -> tuple[Entry, bytes]:
    entry = queue.acquire()
    assert entry is not None, "the queue has nothing to give"
    assert entry.lock is not None
    return entry, entry.lock.token


def test_messages_come_in_the_order_they_were_sent_with_rising_sequence_numbers() -> None:
    namespace = make()
    for name in "abc":
        namespace.send("q", name)
    entries = [acquire(namespace.outlet("q"))[0] for _ in range(3)]
    assert [(entry.message.message_id, entry.sequence_number) for entry in entries] == [("a", 1), ("b", 2), ("c", 3)]


def test_a_locked_message_is_given_to_nobody_else() -> None:
    namespace = make()
    namespace.send("q")
    acquire(namespace.outlet("q"))
    assert namespace.outlet("q").acquire() is None


def test_a_completed_message_is_gone() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    queue.complete(acquire(queue)[1])
    namespace.pass_time(3600)
    assert namespace.ids("q") == []


def test_an_expired_lock_brings_the_message_back_at_once_and_counts_a_delivery() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    woken: list[bool] = []
    queue.wake = lambda: woken.append(True)
    _, token = acquire(queue)
    namespace.pass_time(29.9)
    assert not woken
    namespace.pass_time(0.1)
    assert woken
    with pytest.raises(LockLost):
        queue.complete(token)
    assert acquire(queue)[0].delivery_count == 1


def test_a_renewed_lock_holds_for_the_whole_duration_again() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    entry, token = acquire(queue)
    namespace.pass_time(20)
    assert queue.renew(token) == namespace.clock.time + 30
    namespace.pass_time(29)
    queue.complete(token)
    assert entry.delivery_count == 0


def test_renewing_a_lost_lock_is_refused() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    _, token = acquire(queue)
    namespace.pass_time(30)
    with pytest.raises(LockLost):
        queue.renew(token)


def test_an_abandoned_message_comes_back_in_its_old_place_with_changed_properties() -> None:
    namespace = make()
    namespace.send("q", "a", application={"kept": 1, "changed": 1})
    namespace.send("q", "b")
    queue = namespace.outlet("q")
    queue.abandon(acquire(queue)[1], {"changed": 2})
    entry, _ = acquire(queue)
    assert entry.message.message_id == "a"
    assert entry.delivery_count == 1
    assert entry.application == {"kept": 1, "changed": 2}


def test_a_released_message_comes_back_without_a_counted_delivery() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    queue.release(acquire(queue)[1])
    assert acquire(queue)[0].delivery_count == 0


def test_the_last_allowed_delivery_is_followed_by_the_dead_letter_queue() -> None:
    namespace = make()
    namespace.send("q", application={"event": "routed"})
    queue = namespace.outlet("q")
    queue.abandon(acquire(queue)[1])
    acquire(queue)
    namespace.pass_time(30)
    queue.abandon(acquire(queue)[1])
    assert queue.acquire() is None
    dead, _ = acquire(namespace.outlet("q/$DeadLetterQueue"))
    assert dead.delivery_count == 3
    assert dead.sequence_number == 1
    assert dead.application == {
        "event": "routed",
        "DeadLetterReason": "MaxDeliveryCountExceeded",
        "DeadLetterErrorDescription": "Message could not be consumed after 3 delivery attempts.",
    }


def test_a_dead_lettered_message_carries_reason_and_description() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    queue.dead_letter(acquire(queue)[1], "BadScan", "no page", {"tries": 2})
    dead, _ = acquire(namespace.outlet("q/$deadletterqueue"))
    assert dead.application == {"DeadLetterReason": "BadScan", "DeadLetterErrorDescription": "no page", "tries": 2}


def test_a_dead_letter_can_be_locked_again_and_again_and_never_expires() -> None:
    namespace = make(MaxDeliveryCount=1, DefaultMessageTimeToLive="PT1H")
    namespace.send("q")
    queue = namespace.outlet("q")
    queue.abandon(acquire(queue)[1])
    dead = namespace.outlet("q/$DeadLetterQueue")
    for _ in range(5):
        dead.abandon(acquire(dead)[1])
    namespace.pass_time(7200)
    assert acquire(dead)[0].delivery_count == 6


def test_dead_letters_are_forwarded_where_the_configuration_says() -> None:
    namespace = TimedNamespace(
        config({"q": {"MaxDeliveryCount": 1, "ForwardDeadLetteredMessagesTo": "failed"}, "failed": {}})
    )
    namespace.send("q", "a")
    queue = namespace.outlet("q")
    queue.abandon(acquire(queue)[1])
    entry, _ = acquire(namespace.outlet("failed"))
    assert entry.message.dead_letter_source == "q"
    assert entry.application["DeadLetterReason"] == "MaxDeliveryCountExceeded"
    assert namespace.ids("q/$DeadLetterQueue") == []


def test_messages_are_forwarded_where_the_configuration_says() -> None:
    namespace = TimedNamespace(config({"in": {"ForwardTo": "out"}, "out": {}}))
    namespace.send("in", "a")
    assert (namespace.ids("in"), namespace.ids("out")) == ([], ["a"])


def test_a_deferred_message_is_received_by_its_number_only() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    entry, token = acquire(queue)
    queue.defer(token, {"why": "later"})
    namespace.pass_time(120)
    assert queue.acquire() is None
    (deferred,) = queue.receive_deferred([entry.sequence_number], lock=True)
    assert deferred.application == {"why": "later"}
    assert deferred.lock is not None
    queue.complete(deferred.lock.token)
    assert namespace.ids("q") == []


def test_an_abandoned_deferred_message_stays_deferred() -> None:
    namespace = make()
    namespace.send("q")
    queue = namespace.outlet("q")
    queue.defer(acquire(queue)[1])
    (deferred,) = queue.receive_deferred([1], lock=True)
    assert deferred.lock is not None
    queue.abandon(deferred.lock.token)
    assert queue.acquire() is None
    assert queue.receive_deferred([1], lock=False)[0].delivery_count == 1
    assert namespace.ids("q") == []


@pytest.mark.parametrize("numbers", [[2], [99], [1, 2], [1, 99], []])
def test_receiving_what_is_not_deferred_is_refused_and_locks_nothing(numbers: list[int]) -> None:
    namespace = make()
    queue = namespace.outlet("q")
    namespace.send("q", "1 is deferred")
    queue.defer(acquire(queue)[1])
    namespace.send("q", "2 is active")
    with pytest.raises(MessageNotFound):
        queue.receive_deferred(numbers, lock=True)
    assert queue.receive_deferred([1], lock=True)


def test_receive_and_delete_takes_the_message_away() -> None:
    namespace = make()
    namespace.send("q", "a")
    queue = namespace.outlet("q")
    entry = queue.take()
    assert entry is not None
    assert (entry.message.message_id, entry.lock, namespace.ids("q")) == ("a", None, [])


def test_a_message_past_its_time_to_live_is_dropped() -> None:
    namespace = make()
    namespace.send("q", "short", time_to_live=10)
    namespace.send("q", "long", time_to_live=100)
    namespace.pass_time(10)
    assert namespace.ids("q") == ["long"]
    assert namespace.ids("q/$DeadLetterQueue") == []


def test_the_shorter_of_the_message_and_queue_time_to_live_counts() -> None:
    namespace = make(DefaultMessageTimeToLive="PT10S")
    namespace.send("q", "a", time_to_live=100)
    namespace.send("q", "b", time_to_live=5)
    namespace.pass_time(5)
    assert namespace.ids("q") == ["a"]
    namespace.pass_time(5)
    assert namespace.ids("q") == []


def test_an_expired_message_is_dead_lettered_when_the_queue_says_so() -> None:
    namespace = make(DeadLetteringOnMessageExpiration=True)
    namespace.send("q", time_to_live=10)
    namespace.pass_time(10)
    dead, _ = acquire(namespace.outlet("q/$DeadLetterQueue"))
    assert dead.application["DeadLetterReason"] == "TTLExpiredException"


def test_a_locked_message_expires_only_when_its_lock_ends() -> None:
    namespace = make()
    namespace.send("q", "a", time_to_live=10)
    namespace.send("q", "b", time_to_live=10)
    queue = namespace.outlet("q")
    _, first = acquire(queue)
    _, second = acquire(queue)
    namespace.pass_time(20)
    queue.complete(first)
    queue.abandon(second)
    assert namespace.ids("q") == []


def test_peek_shows_everything_from_a_number_on_and_locks_nothing() -> None:
    namespace = make()
    queue = namespace.outlet("q")
    for name in "abcde":
        namespace.send("q", name)
    acquire(queue)
    queue.defer(acquire(queue)[1])
    assert namespace.ids("q") == list("abcde")
    assert [entry.message.message_id for entry in queue.peek(2, 3)] == ["b", "c", "d"]


def test_counts_tell_active_deferred_scheduled_and_dead_letters_of_each_entity() -> None:
    namespace = TimedNamespace(config({"q": {}}, [topic("t", {"s": []})]))
    queue = namespace.outlet("q")
    for _ in range(4):
        namespace.send("q")
    acquire(queue)
    queue.dead_letter(acquire(queue)[1], "r", "d")
    queue.defer(acquire(queue)[1])
    namespace.send("q", scheduled_for=namespace.clock.time + 60)
    namespace.send("t")
    namespace.send("t", scheduled_for=namespace.clock.time + 60)
    assert namespace.counts() == {
        "q": Counts(active=2, deferred=1, scheduled=1, dead_letter=1),
        "t/Subscriptions/s": Counts(active=1, deferred=0, scheduled=0, dead_letter=0),
        "t": Counts(active=0, deferred=0, scheduled=1, dead_letter=0),
    }

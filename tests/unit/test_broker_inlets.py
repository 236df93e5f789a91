"""Duplicate detection, scheduled messages, topics with their rules, and timers."""

from __future__ import annotations

import pytest

from local.servicebus.agenda import Agenda
from local.servicebus.messages import EntityNotFound, Message, MessageNotFound, NotAllowed, State
from local.servicebus.rules import CorrelationRule
from tests.fakes_broker import StandingClock, TimedNamespace, config, topic

DETECTING = {"RequiresDuplicateDetection": True, "DuplicateDetectionHistoryTimeWindow": "PT10M"}


def test_a_repeated_message_id_is_dropped_within_the_window_even_after_completion() -> None:
    namespace = TimedNamespace(config({"q": DETECTING}))
    namespace.send("q", "a")
    namespace.outlet("q").take()
    namespace.pass_time(599)
    namespace.send("q", "a")
    namespace.send("q", "b")
    assert namespace.ids("q") == ["b"]


def test_a_message_id_may_return_after_the_window() -> None:
    namespace = TimedNamespace(config({"q": DETECTING}))
    namespace.send("q", "a")
    namespace.pass_time(600)
    namespace.send("q", "a")
    assert namespace.ids("q") == ["a", "a"]


def test_without_duplicate_detection_repeated_ids_are_kept() -> None:
    namespace = TimedNamespace(config({"q": {}}))
    namespace.send("q", "a")
    namespace.send("q", "a")
    assert namespace.ids("q") == ["a", "a"]


def test_a_topic_detects_duplicates_for_all_its_subscriptions() -> None:
    namespace = TimedNamespace(config(topics=[topic("t", {"one": [], "two": []}, **DETECTING)]))
    namespace.send("t", "a")
    namespace.send("t", "a")
    assert namespace.ids("t/subscriptions/one") == ["a"]
    assert namespace.ids("t/Subscriptions/two") == ["a"]


def test_a_scheduled_message_comes_when_it_is_due_with_a_new_sequence_number() -> None:
    namespace = TimedNamespace(config({"q": {}}))
    queue = namespace.outlet("q")
    namespace.send("q", "later", scheduled_for=namespace.clock.time + 60)
    namespace.send("q", "now")
    assert [(entry.state, entry.sequence_number) for entry in queue.peek(0, 9)] == [
        (State.SCHEDULED, 1),
        (State.ACTIVE, 2),
    ]
    namespace.pass_time(59.9)
    assert [entry.message.message_id for entry in (queue.take(), queue.take()) if entry] == ["now"]
    namespace.pass_time(0.1)
    entry = queue.acquire()
    assert entry is not None
    assert (entry.message.message_id, entry.sequence_number, entry.enqueued_at) == ("later", 3, namespace.clock.time)


def test_time_to_live_of_a_scheduled_message_begins_when_it_is_enqueued() -> None:
    namespace = TimedNamespace(config({"q": {}}))
    namespace.send("q", "a", scheduled_for=namespace.clock.time + 60, time_to_live=10)
    namespace.pass_time(60)
    namespace.pass_time(9)
    assert namespace.ids("q") == ["a"]
    namespace.pass_time(1)
    assert namespace.ids("q") == []


def test_a_message_scheduled_for_the_past_is_enqueued_at_once() -> None:
    namespace = TimedNamespace(config({"q": {}}))
    namespace.send("q", "a", scheduled_for=namespace.clock.time - 1)
    assert namespace.outlet("q").acquire() is not None


def test_a_cancelled_scheduled_message_never_comes() -> None:
    namespace = TimedNamespace(config({"q": {}}))
    number = namespace.inlet("q").schedule(Message(b""), namespace.clock.time + 60)
    namespace.inlet("q").cancel(number)
    namespace.pass_time(60)
    assert namespace.ids("q") == []
    with pytest.raises(MessageNotFound):
        namespace.inlet("q").cancel(number)


def test_a_message_scheduled_on_a_topic_reaches_the_matching_subscriptions_when_due() -> None:
    namespace = TimedNamespace(config(topics=[topic("t", {"all": [], "teams": [{"Label": "filed"}]})]))
    namespace.send("t", "a", scheduled_for=namespace.clock.time + 60)
    assert namespace.ids("t/Subscriptions/all") == []
    namespace.pass_time(60)
    assert (namespace.ids("t/Subscriptions/all"), namespace.ids("t/Subscriptions/teams")) == (["a"], [])


def test_a_subscription_takes_what_any_of_its_rules_matches_once() -> None:
    rules = [{"Properties": {"event": "routed"}}, {"Properties": {"target": "teams"}}]
    namespace = TimedNamespace(config(topics=[topic("t", {"s": rules})]))
    for number, application in enumerate(
        [
            {"event": "routed"},
            {"event": "filed"},
            {"event": "retry", "target": "teams"},
            {"event": "routed", "target": "teams"},
        ]
    ):
        namespace.send("t", str(number), application=application)
    assert namespace.ids("t/Subscriptions/s") == ["0", "2", "3"]


def test_each_subscription_settles_its_own_copy() -> None:
    namespace = TimedNamespace(config(topics=[topic("t", {"one": [], "two": []})]))
    namespace.send("t", "a")
    assert namespace.outlet("t/Subscriptions/one").take() is not None
    entry = namespace.outlet("t/Subscriptions/two").acquire()
    assert entry is not None
    assert entry.enqueued_sequence_number == 1


def test_the_time_to_live_of_a_topic_bounds_its_messages() -> None:
    namespace = TimedNamespace(config(topics=[topic("t", {"s": []}, DefaultMessageTimeToLive="PT10S")]))
    namespace.send("t", time_to_live=100)
    namespace.pass_time(10)
    assert namespace.ids("t/Subscriptions/s") == []


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (CorrelationRule({"Label": "filed"}), True),
        (CorrelationRule({"Label": "Filed"}), False),
        (CorrelationRule({"Label": "filed", "To": "desk"}), True),
        (CorrelationRule({"Label": "filed", "To": "elsewhere"}), False),
        (CorrelationRule({"CorrelationId": "c"}), False),
        (CorrelationRule({}, {"event": "routed"}), True),
        (CorrelationRule({}, {"event": "routed", "attempt": 1}), True),
        (CorrelationRule({}, {"event": "routed", "attempt": "1"}), False),
        (CorrelationRule({}, {"attempt": True}), False),
        (CorrelationRule({}, {"urgent": True}), True),
        (CorrelationRule({}, {"absent": "x"}), False),
        (CorrelationRule({"Label": "filed"}, {"event": "moved"}), False),
    ],
)
def test_a_correlation_rule_wants_every_named_property_to_be_equal(rule: CorrelationRule, matches: bool) -> None:
    message = Message(
        b"", system={"Label": "filed", "To": "desk"}, application={"event": "routed", "attempt": 1, "urgent": True}
    )
    assert rule.matches(message) is matches


def test_entities_are_found_in_any_case_and_by_whole_addresses() -> None:
    namespace = TimedNamespace(config({"Recognize": {}}))
    namespace.send("amqps://localhost:5672/recognize", "a")
    assert namespace.ids("RECOGNIZE") == ["a"]


@pytest.mark.parametrize("address", ["", "nobody", "t/Subscriptions/nobody", "q/$Transfer/$DeadLetterQueue"])
def test_unknown_entities_are_not_found(address: str) -> None:
    namespace = TimedNamespace(config({"q": {}}, [topic("t", {"s": []})]))
    with pytest.raises(EntityNotFound):
        namespace.inlet(address)
    with pytest.raises(EntityNotFound):
        namespace.outlet(address)


def test_nobody_sends_to_a_subscription_or_receives_from_a_topic() -> None:
    namespace = TimedNamespace(config({"q": {}}, [topic("t", {"s": []})]))
    for address in ("t/Subscriptions/s", "q/$DeadLetterQueue"):
        with pytest.raises(NotAllowed):
            namespace.inlet(address)
    with pytest.raises(NotAllowed):
        namespace.outlet("t")


def test_timers_run_in_order_of_time_and_only_once() -> None:
    clock = StandingClock()
    agenda = Agenda(clock)
    ran: list[str] = []
    agenda.at(clock.time + 2, ran.append, "second")
    agenda.at(clock.time + 1, ran.append, "first")
    agenda.at(clock.time + 3, ran.append, "third")
    clock.time += 2
    agenda.run_due()
    agenda.run_due()
    assert ran == ["first", "second"]
    assert agenda.next_due() == clock.time + 1


def test_cancelled_timers_neither_run_nor_pile_up() -> None:
    clock = StandingClock()
    agenda = Agenda(clock)
    ran: list[int] = []
    timers = [agenda.at(clock.time + 1 + number, ran.append, number) for number in range(5000)]
    for timer in timers[:4999]:
        timer.cancel()
    assert agenda.next_due() == clock.time + 5000
    assert len(agenda._heap) < 2500
    clock.time += 5000
    agenda.run_due()
    assert ran == [4999]

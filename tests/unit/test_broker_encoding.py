"""AMQP messages in and out: nothing a sender wrote is lost, and what only the broker may say is added."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from proton import Message as AmqpMessage
from proton import symbol, timestamp, ubyte

from local.servicebus import encoding
from local.servicebus.messages import BadRequest, Entry


def encoded(**fields: Any) -> bytes:
    return bytes(AmqpMessage(**fields).encode())


def delivered(entry: Entry) -> Any:
    message = AmqpMessage()
    message.decode(encoding.encode(entry))
    return message


def test_the_properties_a_rule_can_name_are_read() -> None:
    message = encoding.decode(
        encoded(
            id="m",
            address="desk",
            subject="filed",
            reply_to="r",
            correlation_id="c",
            content_type="application/json",
            group_id="s",
            reply_to_group_id="rs",
            properties={"event": "routed", "raw": b"\x00\xff", "many": 3},
            ttl=1.5,
        )
    )
    assert message.message_id == "m"
    assert message.system == {
        "MessageId": "m",
        "To": "desk",
        "Label": "filed",
        "ReplyTo": "r",
        "CorrelationId": "c",
        "ContentType": "application/json",
        "SessionId": "s",
        "ReplyToSessionId": "rs",
    }
    assert message.application == {"event": "routed", "raw": b"\x00\xff", "many": 3}
    assert message.time_to_live == 1.5


def test_message_ids_of_every_amqp_type_are_told_apart_as_text() -> None:
    name = uuid.UUID(int=7)
    assert encoding.decode(encoded(id=name)).message_id == str(name)
    assert encoding.decode(encoded(id=7)).message_id == "7"


def test_what_the_sender_wrote_comes_out_again_with_the_brokers_annotations() -> None:
    raw = encoded(
        id="m",
        body={"any": ["value", 1, None]},
        properties={"small": ubyte(3), "when": timestamp(5)},
        annotations={symbol("x-own"): "kept", symbol("x-opt-sequence-number"): 99},
        durable=True,
        priority=7,
    )
    entry = Entry(12, encoding.decode(raw), 1_000.5, delivery_count=2, enqueued_sequence_number=4)
    message = delivered(entry)
    assert (message.id, message.body, message.durable, message.priority) == ("m", {"any": ["value", 1, None]}, True, 7)
    assert (message.properties, type(message.properties["small"])) == ({"small": 3, "when": 5}, ubyte)
    assert message.delivery_count == 2
    assert message.annotations == {
        "x-own": "kept",
        "x-opt-enqueued-time": 1_000_500,
        "x-opt-sequence-number": 12,
        "x-opt-enqueue-sequence-number": 4,
        "x-opt-message-state": 0,
    }


def test_changed_application_properties_are_delivered() -> None:
    entry = Entry(1, encoding.decode(encoded(properties={"a": 1, "b": 1})), 0.0, changes={"b": 2, "c": 3})
    assert delivered(entry).properties == {"a": 1, "b": 2, "c": 3}


def test_a_stored_message_reads_back_the_same() -> None:
    annotations = {symbol("x-opt-scheduled-enqueue-time"): timestamp(5_000)}
    raw = encoded(id="m", body=b"bytes", properties={"a": b"1"}, annotations=annotations, ttl=2.0)
    message = encoding.decode(raw)
    assert message.scheduled_for == 5
    assert encoding.decode(encoding.encode_stored(Entry(1, message, 0.0))) == message


def test_a_batch_is_split_into_its_messages() -> None:
    parts = [encoded(id="a", body=b"1"), encoded(id="b", body=b"x" * 300)]
    envelope = encoded(id="a").partition(b"\x00Sw")[0]  # without its empty body
    batch = envelope + b"".join(data_section(part) for part in parts)
    assert encoding.split_batch(batch) == parts


@pytest.mark.parametrize("body", [b"", b"{}", b"\x00Sx", b"\x00\x53\x75\xa0\x05abc", b"\x00" * 40])
def test_a_message_with_any_other_body_is_not_taken_for_a_batch(body: bytes) -> None:
    message = data_section(body)
    assert encoding.split_batch(message) == [message]


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\x00", b"\x00Sp\xd0\x00\x00\x00\x09", b"\x00S\x10\x40", b"\x00Ss\x40"]
)
def test_what_is_no_message_is_refused(garbage: bytes) -> None:
    with pytest.raises(BadRequest):
        encoding.decode(garbage)


def data_section(content: bytes) -> bytes:
    return b"\x00\x53\x75\xb0" + len(content).to_bytes(4, "big") + content

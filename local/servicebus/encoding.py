"""AMQP 1.0 messages, section by section (OASIS AMQP 1.0, part 3.2).

Properties, body and footer are kept byte for byte as they came; header, annotations and application properties
are written anew at each delivery, because the broker adds to them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from proton import Data, Described, ProtonException, symbol, timestamp, ubyte, uint, ulong

from local.servicebus.messages import BadRequest, Entry, Message

HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES, APPLICATION, DATA, FOOTER = (
    0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x78,
)  # fmt: skip
SYSTEM_PROPERTIES = {
    0: "MessageId", 2: "To", 3: "Label", 4: "ReplyTo", 5: "CorrelationId", 6: "ContentType",
    10: "SessionId", 12: "ReplyToSessionId",
}  # fmt: skip
MALFORMED = (ValueError, TypeError, IndexError, AttributeError, struct.error, ProtonException)
SCHEDULED_FOR = "x-opt-scheduled-enqueue-time"
# Annotations that only the broker may state; a copy of a received message must not carry the old ones.
OWN_ANNOTATIONS = {
    "x-opt-enqueued-time", "x-opt-sequence-number", "x-opt-enqueue-sequence-number", "x-opt-locked-until",
    "x-opt-lock-token", "x-opt-message-state", "x-opt-deadletter-source",
}  # fmt: skip


class Content(NamedTuple):
    durable: bool | None
    priority: int | None
    annotations: dict[Any, Any]
    properties: bytes
    body: bytes


def split_batch(encoded: bytes) -> list[bytes]:
    """The messages of a batch, or the message itself.

    A batch has message format 0x80013700, which proton does not tell. But its envelope has no application
    properties, and each of its data sections is a whole encoded message; that tells it as well.
    """
    parts = []
    for code, start, end in _sections(encoded):
        if code in (HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES):
            continue
        if code != DATA:
            return [encoded]
        part = bytes(_value(encoded[start:end]))
        if not _is_message(part):
            return [encoded]
        parts.append(part)
    return parts or [encoded]


def decode(encoded: bytes) -> Message:
    """Raises BadRequest for bytes that are no AMQP message."""
    header: list[Any] = []
    annotations: dict[Any, Any] = {}
    application: dict[str, Any] = {}
    properties, body = b"", b""
    try:
        for code, start, end in _sections(encoded):
            section = encoded[start:end]
            if code == HEADER:
                header = _value(section)
            elif code == ANNOTATIONS:
                annotations = _value(section)
            elif code == PROPERTIES:
                properties = section
            elif code == APPLICATION:
                application = _value(section)
            elif code != DELIVERY_ANNOTATIONS:
                body += section
        system = _system_properties(_value(properties)) if properties else {}
        scheduled = _seconds(annotations.pop(SCHEDULED_FOR, None))
        durable, priority, lifetime = [*header, None, None, None][:3]
        lifetime = _seconds(lifetime)
    except MALFORMED as error:
        raise BadRequest(f"not an AMQP 1.0 message: {error}") from error
    source = annotations.get("x-opt-deadletter-source")
    kept = {key: value for key, value in annotations.items() if key not in OWN_ANNOTATIONS}
    return Message(
        Content(durable, priority, kept, properties, body),
        message_id=system.get("MessageId"),
        system=system,
        application=application,
        time_to_live=lifetime,
        scheduled_for=scheduled,
        dead_letter_source=source,
    )


def encode(entry: Entry) -> bytes:
    """The message as it is delivered: with its delivery count, sequence number, times and state."""
    message = entry.message
    content: Content = message.content
    annotations: dict[Any, Any] = {
        **content.annotations,
        symbol("x-opt-enqueued-time"): _time(entry.enqueued_at),
        symbol("x-opt-sequence-number"): entry.sequence_number,
        symbol("x-opt-message-state"): int(entry.state),
    }
    if entry.enqueued_sequence_number is not None:
        annotations[symbol("x-opt-enqueue-sequence-number")] = entry.enqueued_sequence_number
    if entry.lock is not None:
        annotations[symbol("x-opt-locked-until")] = _time(entry.lock.until)
    return _encode(message, annotations, entry.application, entry.delivery_count)


def encode_stored(entry: Entry) -> bytes:
    """The message for the disk: what `decode` gives back, with what changed since it was sent."""
    return _encode(entry.message, dict(entry.message.content.annotations), entry.application, 0)


def _encode(
    message: Message, annotations: dict[Any, Any], application: Mapping[str, Any], delivery_count: int
) -> bytes:
    content: Content = message.content
    if message.scheduled_for is not None:
        annotations[symbol(SCHEDULED_FOR)] = _time(message.scheduled_for)
    if message.dead_letter_source is not None:
        annotations[symbol("x-opt-deadletter-source")] = message.dead_letter_source
    priority = None if content.priority is None else ubyte(content.priority)
    lifetime = None if message.time_to_live is None else uint(int(min(message.time_to_live * 1000, 2**32 - 1)))
    header = [content.durable, priority, lifetime, None, uint(delivery_count)]
    return b"".join(
        (
            _section(HEADER, header),
            _section(ANNOTATIONS, annotations) if annotations else b"",
            content.properties,
            _section(APPLICATION, dict(application)) if application else b"",
            content.body,
        )
    )


def _system_properties(values: list[Any]) -> dict[str, str]:
    return {
        # Not str(7): proton's integers print as ulong(7).
        name: f"{values[index]:d}" if isinstance(values[index], int) else str(values[index])
        for index, name in SYSTEM_PROPERTIES.items()
        if index < len(values) and values[index] is not None
    }


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _time(seconds: float) -> Any:
    return timestamp(int(seconds * 1000))


def _section(code: int, value: Any) -> bytes:
    data = Data()
    data.put_object(Described(ulong(code), value))
    return bytes(data.encode())


def _value(section: bytes) -> Any:
    data = Data()
    data.decode(section)
    data.rewind()
    data.next()
    described: Any = data.get_object()
    return owned(described.value)


def owned(value: Any) -> Any:
    """proton gives binary values as views into memory that it frees; this copies them out in time."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, dict):
        return {key: owned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [owned(item) for item in value]
    return value


def _is_message(encoded: bytes) -> bool:
    try:
        codes = [code for code, _, _ in _sections(encoded)]
    except MALFORMED:
        return False
    return bool(codes) and codes == sorted(codes)


def _sections(encoded: bytes) -> Iterator[tuple[int, int, int]]:
    """Each section as its code, start and end."""
    start = 0
    while start < len(encoded):
        if encoded[start] != 0:
            raise ValueError(f"no section begins at byte {start}")
        if encoded[start + 1] == 0x53:  # smallulong
            code = encoded[start + 2]
        elif encoded[start + 1] == 0x80:  # ulong
            code = encoded[start + 9]
        else:
            raise ValueError(f"a section at byte {start} has no numeric code")
        if not HEADER <= code <= FOOTER:
            raise ValueError(f"unknown section {code:#x} at byte {start}")
        end = _skip(encoded, _skip(encoded, start + 1))
        yield code, start, end
        start = end


def _skip(encoded: bytes, start: int) -> int:
    """The end of the value at `start`; the constructor's high nibble tells its width (part 1.6)."""
    width = encoded[start] >> 4
    if 0x4 <= width <= 0x9:
        end = start + 1 + (0, 1, 2, 4, 8, 16)[width - 4]
    elif width in (0xA, 0xC, 0xE):
        end = start + 2 + encoded[start + 1]
    elif width in (0xB, 0xD, 0xF):
        end = start + 5 + int(struct.unpack_from(">I", encoded, start + 1)[0])
    else:
        raise ValueError(f"unknown constructor {encoded[start]:#x}")
    if end > len(encoded):
        raise ValueError("the message is cut short")
    return end

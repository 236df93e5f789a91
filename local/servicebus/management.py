"""Requests and their replies: `$cbs` (sign-in), `entity/$management`, and `$management` of the namespace.

The operations: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Protocol

from proton import UNDESCRIBED, Array, Data, Delivery, Message, int32, symbol, timestamp

from local.servicebus import encoding
from local.servicebus.inlets import Inlet
from local.servicebus.links import SENDER_CREDIT, read_delivery, settle
from local.servicebus.messages import BadRequest, BrokerError, Entry
from local.servicebus.namespace import Namespace
from local.servicebus.queues import Queue

Body = dict[str, Any]
SIGN_IN, MANAGEMENT = "$cbs", "$management"
COUNTS_OPERATION = "podatelna:counts"


class Service(Protocol):
    def answer(self, request: Any) -> Any: ...


class RequestLink:
    """A client's sender of requests; each is answered on the reply link of the same session and address."""

    def __init__(self, link: Any, service: Service, reply: Callable[[Any], None]) -> None:
        self._link = link
        self._service = service
        self._reply = reply
        link.open()
        link.flow(SENDER_CREDIT)

    def on_flow(self) -> None:
        pass

    def on_delivery(self, delivery: Any) -> None:
        encoded = read_delivery(self._link, delivery)
        if encoded is None:
            return
        settle(delivery, Delivery.ACCEPTED)
        request = Message()
        request.decode(encoded)
        answer = self._service.answer(request)
        answer.correlation_id = request.id
        self._reply(answer)

    def on_close(self) -> None:
        pass


class ReplyLink:
    """A client's receiver of replies; they wait here while it gives no credit."""

    def __init__(self, link: Any, touch: Callable[[], None]) -> None:
        self._link = link
        self._touch = touch
        self._waiting: deque[bytes] = deque()
        self._sent = 0
        link.open()

    def send(self, answer: Any) -> None:
        self._waiting.append(bytes(answer.encode()))
        self.on_flow()

    def on_flow(self) -> None:
        while self._waiting and self._link.credit > 0:
            self._sent += 1
            delivery = self._link.delivery(self._sent.to_bytes(8, "big"))
            self._link.stream(self._waiting.popleft())
            delivery.settle()
            self._link.advance()
            self._touch()
        if self._link.drain_mode:
            self._link.drained()

    def on_delivery(self, delivery: Any) -> None:
        pass

    def on_close(self) -> None:
        self._waiting.clear()


class SignIn:
    """`$cbs`: every token is welcome; the broker listens on this machine only."""

    def answer(self, request: Any) -> Any:
        return Message(properties={"status-code": int32(202), "status-description": "Accepted"})


class EntityManagement:
    """`entity/$management`; a topic has an inlet only, a subscription a queue only."""

    def __init__(self, inlet: Inlet | None, queue: Queue | None) -> None:
        self._operations: dict[str, Callable[[Body], Body | None]] = {}
        if inlet is not None:
            self._inlet = inlet
            self._operations |= {
                "com.microsoft:schedule-message": self._schedule,
                "com.microsoft:cancel-scheduled-message": self._cancel,
            }
        if queue is not None:
            self._queue = queue
            self._operations |= {
                "com.microsoft:renew-lock": self._renew,
                "com.microsoft:peek-message": self._peek,
                "com.microsoft:receive-by-sequence-number": self._receive_deferred,
                "com.microsoft:update-disposition": self._settle,
            }

    def answer(self, request: Any) -> Any:
        name = str((request.properties or {}).get("operation"))
        try:
            operation = self._operations.get(name)
            if operation is None:
                raise BadRequest(f"operation {name!r} is not supported here")
            try:
                body = operation(request.body)
            except (KeyError, TypeError, AttributeError) as error:
                raise BadRequest(f"operation {name!r}: malformed body ({error!r})") from error
        except BrokerError as error:
            return _reply(error.status, str(error), None, error.condition)
        return _reply(200, "OK", body) if body is not None else _reply(204, "No content", None)

    def _schedule(self, body: Body) -> Body:
        messages = [encoding.decode(bytes(item["message"])) for item in body["messages"]]
        if any(message.scheduled_for is None for message in messages):
            raise BadRequest("a message to schedule has no scheduled enqueue time")
        numbers = [self._inlet.schedule(message, message.scheduled_for or 0.0) for message in messages]
        return {"sequence-numbers": array(Data.LONG, numbers)}

    def _cancel(self, body: Body) -> Body:
        for number in body["sequence-numbers"]:
            self._inlet.cancel(number)
        return {}

    def _renew(self, body: Body) -> Body:
        until = [self._queue.renew(token) for token in _tokens(body)]
        times = [timestamp(int(seconds * 1000)) for seconds in until]
        return {"expirations": array(Data.TIMESTAMP, times)}

    def _peek(self, body: Body) -> Body | None:
        entries = self._queue.peek(body["from-sequence-number"], body["message-count"])
        return {"messages": [{"message": encoding.encode(entry)} for entry in entries]} if entries else None

    def _receive_deferred(self, body: Body) -> Body:
        lock = bool(body["receiver-settle-mode"])
        entries = self._queue.receive_deferred(list(body["sequence-numbers"]), lock=lock)
        return {"messages": [_deferred(entry) for entry in entries]}

    def _settle(self, body: Body) -> Body:
        changes = encoding.owned(body.get("properties-to-modify") or {})
        for token in _tokens(body):
            match body["disposition-status"]:
                case "completed":
                    self._queue.complete(token)
                case "abandoned":
                    self._queue.abandon(token, changes)
                case "defered":  # the protocol's own spelling
                    self._queue.defer(token, changes)
                case "suspended":
                    reason, description = body.get("deadletter-reason"), body.get("deadletter-description")
                    self._queue.dead_letter(token, reason, description, changes)
                case status:
                    raise BadRequest(f"disposition status {status!r} is not known")
        return {}


class NamespaceManagement:
    """`$management`: the counts of every entity, for operations. Not part of Service Bus."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    def answer(self, request: Any) -> Any:
        if (request.properties or {}).get("operation") != COUNTS_OPERATION:
            return _reply(400, f"only {COUNTS_OPERATION} is answered here", None, BadRequest.condition)
        return _reply(200, "OK", {name: asdict(counts) for name, counts in self._namespace.counts().items()})


def _tokens(body: Body) -> Iterable[bytes]:
    return [token.bytes_le for token in body["lock-tokens"]]


def array(kind: int, values: list[Any]) -> Any:
    undescribed: Any = UNDESCRIBED
    return Array(undescribed, kind, *values)


def _deferred(entry: Entry) -> Body:
    item: Body = {"message": encoding.encode(entry)}
    if entry.lock is not None:
        item["lock-token"] = uuid.UUID(bytes_le=entry.lock.token)
    return item


def _reply(status: int, description: str, body: Body | None, condition: str | None = None) -> Any:
    properties: Body = {"statusCode": int32(status), "statusDescription": description}
    if condition is not None:
        properties["errorCondition"] = symbol(condition)
    return Message(body=body, properties=properties)

"""One client's connection: bytes in and out of proton's AMQP engine, and its links' ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from proton import Collector, Connection, Endpoint, Terminus, Transport

from local.servicebus.links import IncomingLink, LinkEnd, OutgoingLink, Pump, condition
from local.servicebus.management import (
    MANAGEMENT,
    SIGN_IN,
    EntityManagement,
    NamespaceManagement,
    ReplyLink,
    RequestLink,
    Service,
    SignIn,
)
from local.servicebus.messages import BrokerError, NotAllowed
from local.servicebus.namespace import Namespace, normalize
from local.servicebus.queues import Queue

log = logging.getLogger(__name__)

MAX_FRAME_BYTES = 65536
SESSION_FILTER = "com.microsoft:session-filter"


class Host(Protocol):
    """What a connection needs of the broker."""

    namespace: Namespace
    idle_timeout: float

    def pump(self, queue: Queue) -> Pump: ...
    def touch(self, connection: ClientConnection) -> None: ...
    def end_turn(self) -> None: ...
    def forget(self, connection: ClientConnection) -> None: ...


class ClientConnection(asyncio.Protocol):
    """proton reports events as `on_…` calls; what they cause is written out when the broker's turn ends."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._ends: dict[Any, LinkEnd] = {}
        self._replies: dict[tuple[Any, str], ReplyLink] = {}
        self._writable = True
        self._tick: asyncio.TimerHandle | None = None
        self._collector = Collector()
        self._amqp = Connection()
        self._amqp.collect(self._collector)
        self._engine = Transport(Transport.SERVER)
        self._engine.sasl().allowed_mechs("ANONYMOUS")
        self._engine.max_frame_size = MAX_FRAME_BYTES
        self._engine.idle_timeout = host.idle_timeout
        self._engine.bind(self._amqp)

    # the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._socket = transport

    def data_received(self, data: bytes) -> None:
        rest = data
        while rest and (capacity := self._engine.capacity()) > 0:
            self._engine.push(rest[:capacity])
            rest = rest[capacity:]
            self._react()
        self._host.touch(self)
        self._host.end_turn()

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._host.touch(self)
        self._host.end_turn()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._tick is not None:
            self._tick.cancel()
        for end in self._ends.values():
            end.on_close()
        self._ends.clear()
        self._replies.clear()
        self._collector.release()
        self._host.forget(self)

    def write(self) -> None:
        """Hands the engine's output to the socket, and lets links go on that waited for room."""
        while self._writable and (pending := self._engine.pending()) > 0:
            self._socket.write(bytes(self._engine.peek(pending) or b""))
            self._engine.pop(pending)
            for end in list(self._ends.values()):
                if isinstance(end, OutgoingLink):
                    end.resume()
        self._react()
        if self._engine.pending() < 0:
            self._socket.close()

    def shut(self) -> None:
        """Tells the client that the broker stops; the SDK reconnects on its own."""
        if self._amqp.state & Endpoint.LOCAL_ACTIVE:
            self._amqp.condition = condition("amqp:connection:forced", "the broker stops")
            self._amqp.close()
        self.write()
        self._socket.close()

    def abort(self) -> None:
        self._socket.abort()

    def _react(self) -> None:
        handler: Any = self
        try:
            while (event := self._collector.peek()) is not None:
                event.dispatch(handler)
                self._collector.pop()
        except Exception:
            log.exception("the connection is closed after an error")
            self._collector.release()
            self._socket.abort()

    def _keep_alive(self) -> None:
        due = self._engine.tick(asyncio.get_running_loop().time())
        if due:
            self._tick = asyncio.get_running_loop().call_at(due, self._keep_alive)
        self._host.touch(self)
        self._host.end_turn()

    # what proton reports

    def on_connection_remote_open(self, event: Any) -> None:
        self._amqp.container = "podatelna-servicebus"
        self._amqp.open()
        asyncio.get_running_loop().call_soon(self._keep_alive)

    def on_session_remote_open(self, event: Any) -> None:
        event.session.open()

    def on_link_remote_open(self, event: Any) -> None:
        link = event.link
        try:
            create_end = self._find_end(link)
        except BrokerError as error:
            # Opened without the end it asked for, then closed with the reason (AMQP 1.0, part 2.6.3).
            (link.target if link.is_receiver else link.source).type = Terminus.UNSPECIFIED
            link.open()
            link.condition = condition(error.condition, str(error))
            link.close()
        else:
            link.source.copy(link.remote_source)
            link.target.copy(link.remote_target)
            self._ends[link] = create_end()

    def on_link_flow(self, event: Any) -> None:
        end = self._ends.get(event.link)
        if end is not None and event.link.is_sender:
            end.on_flow()

    def on_delivery(self, event: Any) -> None:
        end = self._ends.get(event.link)
        if end is not None:
            end.on_delivery(event.delivery)

    def on_link_remote_detach(self, event: Any) -> None:
        self._release(event.link)
        event.link.detach()

    def on_link_remote_close(self, event: Any) -> None:
        self._release(event.link)
        event.link.close()
        event.link.free()

    def on_session_remote_close(self, event: Any) -> None:
        for link in [link for link in self._ends if link.session == event.session]:
            self._release(link)
        event.session.close()
        event.session.free()

    def on_connection_remote_close(self, event: Any) -> None:
        self._amqp.close()

    def _release(self, link: Any) -> None:
        end = self._ends.pop(link, None)
        if end is not None:
            end.on_close()
        self._replies = {key: reply for key, reply in self._replies.items() if reply is not end}

    def _find_end(self, link: Any) -> Callable[[], LinkEnd]:
        """What creates the broker's end; raises BrokerError for an address that cannot have one."""
        terminus = link.remote_target if link.is_receiver else link.remote_source
        address = terminus.address or ""
        path = normalize(address)
        if path in (SIGN_IN, MANAGEMENT) or path.endswith("/" + MANAGEMENT):
            service = self._find_service(path)
            return lambda: self._attach_service(link, path, service)
        if link.is_receiver:
            inlet = self._host.namespace.inlet(address)
            return lambda: IncomingLink(link, inlet)
        if SESSION_FILTER in _filters(terminus):
            raise NotAllowed(f"{address}: this broker keeps no sessions")
        queue = self._host.namespace.outlet(address)
        return lambda: OutgoingLink(link, queue, self._host.pump(queue), lambda: self._host.touch(self))

    def _attach_service(self, link: Any, path: str, service: Service) -> LinkEnd:
        key = (link.session, path)
        if link.is_sender:
            self._replies[key] = ReplyLink(link, lambda: self._host.touch(self))
            return self._replies[key]

        def reply(answer: Any) -> None:
            if key in self._replies:
                self._replies[key].send(answer)

        return RequestLink(link, service, reply)

    def _find_service(self, path: str) -> Service:
        namespace = self._host.namespace
        if path == SIGN_IN:
            return SignIn()
        if path == MANAGEMENT:
            return NamespaceManagement(namespace)
        return EntityManagement(*namespace.find(path.removesuffix("/" + MANAGEMENT)))


def _filters(terminus: Any) -> set[str]:
    data = terminus.filter
    data.rewind()
    return {str(name) for name in (data.get_object() or {})} if data.next() else set()

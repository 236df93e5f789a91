"""The broker: one thread, one event loop, one journal."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.servicebus.agenda import Agenda
from local.servicebus.configuration import read_configuration
from local.servicebus.connection import ClientConnection
from local.servicebus.journal import Journal, MemoryJournal
from local.servicebus.links import Pump
from local.servicebus.namespace import Counts, Namespace
from local.servicebus.queues import Queue
from local.servicebus.store import SqliteJournal

log = logging.getLogger(__name__)

IDLE_TIMEOUT = 240.0  # seconds of silence after which a client is given up, as in Service Bus


class Broker:
    """Serves the entities of an emulator Config.json (a path, or the parsed JSON) from a thread of its own.

    With `state`, a folder, messages outlive the process. Raises ConfigurationError, or OSError for a taken port.
    """

    def __init__(
        self,
        config: Path | Mapping[str, Any],
        host: str = "127.0.0.1",
        port: int = 0,
        state: Path | None = None,
        *,
        idle_timeout: float = IDLE_TIMEOUT,
    ) -> None:
        self._settings = read_configuration(config)
        self._host = host
        self._state = state
        self._thread: threading.Thread | None = None
        self._started: threading.Event = threading.Event()
        self._failure: BaseException | None = None
        self.port = port
        self.idle_timeout = idle_timeout

    @property
    def connection_string(self) -> str:
        return connection_string(self._host, self.port)

    def start(self) -> None:
        """Returns when clients can connect; `port` is then the real one."""
        self._started.clear()
        self._thread = threading.Thread(target=self._run, name="servicebus", daemon=True)
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        """Closes every connection; safe to call twice."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._thread = None

    def counts(self) -> dict[str, Counts]:
        """Messages of every entity while the broker runs, from any thread."""

        async def read() -> dict[str, Counts]:
            return self.namespace.counts()

        return asyncio.run_coroutine_threadsafe(read(), self._loop).result()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            if self._started.is_set():
                log.exception("the broker stopped after an error")
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._failure = None
        self._connections: set[ClientConnection] = set()
        self._touched: dict[ClientConnection, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        self._journal = self._open_journal()
        self._agenda = Agenda(time.time)
        self.namespace = Namespace(self._settings, self._agenda, self._journal)
        self._pumps = {queue: Pump(queue) for queue in self.namespace.queues()}
        try:
            server = await self._loop.create_server(self._accept, self._host, self.port)
            self.port = server.sockets[0].getsockname()[1]
            self.end_turn()
            self._started.set()
            await self._stopping.wait()
            server.close()
            for connection in list(self._connections):
                connection.shut()
            await asyncio.sleep(0)
            for connection in list(self._connections):
                connection.abort()  # a client that does not read cannot hold the broker up
            await server.wait_closed()
        finally:
            self._journal.close()

    def _open_journal(self) -> Journal:
        return SqliteJournal(self._state) if self._state else MemoryJournal()

    def _accept(self) -> ClientConnection:
        connection = ClientConnection(self)
        self._connections.add(connection)
        return connection

    # what connections need

    def pump(self, queue: Queue) -> Pump:
        return self._pumps[queue]

    def touch(self, connection: ClientConnection) -> None:
        """The connection has something to write when the turn ends."""
        self._touched[connection] = None

    def forget(self, connection: ClientConnection) -> None:
        self._connections.discard(connection)
        self._touched.pop(connection, None)

    def end_turn(self) -> None:
        """What the turn changed is on disk before any client hears of it."""
        self._agenda.run_due()
        self._journal.commit()
        while self._touched:
            connection, _ = self._touched.popitem()
            connection.write()
        self._set_timer()

    def _set_timer(self) -> None:
        due = self._agenda.next_due()
        if due == self._due:
            return
        self._due = due
        if self._timer is not None:
            self._timer.cancel()
        if due is not None:
            self._timer = self._loop.call_later(max(0.0, due - self._agenda.now()), self._wake_up)

    def _wake_up(self) -> None:
        self._due = None
        self.end_turn()


def connection_string(host: str, port: int) -> str:
    """In the emulator's form; the broker looks at neither key name nor key."""
    return (
        f"Endpoint=sb://{host}:{port};SharedAccessKeyName=RootManageSharedAccessKey;"
        "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;"
    )

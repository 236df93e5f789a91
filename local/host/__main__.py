"""`python -m local.host`: serves function_app.py until SIGTERM or Ctrl-C, then lets running calls finish.

Settings come from the environment, as in Azure; `--port` is where HTTP functions listen (0: any free one).
Prints one line, `listening on PORT`, once every trigger is served.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import ssl
from pathlib import Path
from typing import Protocol

from aiohttp import web
from azure.servicebus.aio import ServiceBusClient
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.host.app import Function, HostSettings, index
from local.host.bus import BusListener
from local.host.queues import QueueListener
from local.host.scans import ScanWatcher
from local.host.timers import TimerListener
from local.host.web import build_web
from shared.storage import POISON_QUEUE

ROOT = Path(__file__).resolve().parents[2]
# Long enough that an idle connection sleeps in the socket instead of waking five times a second.
SOCKET_SECONDS = 30.0
# Objects made before the young ones are looked through for garbage; at Python's 700 that takes a twentieth of the time.
YOUNG_OBJECTS = 20_000


class Listener(Protocol):
    async def listen(self) -> None: ...
    async def drain(self) -> None: ...


async def serve(port: int) -> None:
    """Index the app, listen to every trigger, stop on a signal."""
    import function_app

    gc.set_threshold(YOUNG_OBJECTS)
    functions = index(function_app.app)
    settings = HostSettings.read(ROOT / "host.json")
    storage = os.environ["STORAGE"]
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    bus = ServiceBusClient.from_connection_string(
        os.environ["SERVICEBUS"], socket_timeout=SOCKET_SECONDS, ssl_context=ssl.create_default_context()
    )
    async with (
        bus,
        BlobServiceClient.from_connection_string(storage, use_env_settings=False) as blobs,
        QueueServiceClient.from_connection_string(storage, use_env_settings=False) as queues,
    ):
        listeners = [_listener(function, settings, bus, blobs, queues) for function in functions]
        tasks = [asyncio.create_task(listener.listen()) for listener in listeners if listener]
        runner = web.AppRunner(build_web(functions), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        print(f"listening on {runner.addresses[0][1]}", flush=True)
        watch = asyncio.create_task(_first_failure(tasks, stopping))
        await stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.sleep(0)  # they take no more from here on
        await asyncio.gather(*(listener.drain() for listener in listeners if listener))
        await runner.cleanup()
        # Closing an AMQP connection takes up to a second: all of them at once.
        closed = asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(watch, function_app.mailroom.close(), closed)


async def _first_failure(tasks: list[asyncio.Task[None]], stopping: asyncio.Event) -> None:
    """A listener never returns by itself; if one breaks, the host stops and says why."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if not stopping.is_set():
        logging.getLogger(__name__).error("a trigger broke", exc_info=next(iter(done)).exception())
        stopping.set()


def _listener(
    function: Function,
    settings: HostSettings,
    bus: ServiceBusClient,
    blobs: BlobServiceClient,
    queues: QueueServiceClient,
) -> Listener | None:
    if function.kind == "serviceBusTrigger":
        return BusListener(function, bus, settings)
    if function.kind == "blobTrigger":
        container = blobs.get_container_client(str(function.trigger["path"]).split("/")[0])
        return ScanWatcher(function, container, queues.get_queue_client(POISON_QUEUE), settings)
    if function.kind == "queueTrigger":
        return QueueListener(function, queues)
    if function.kind == "timerTrigger":
        return TimerListener(function)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the HTTP functions (0: any free one)")
    arguments = parser.parse_args()
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    asyncio.run(serve(arguments.port))


if __name__ == "__main__":
    main()

"""The blob trigger: sees new or replaced blobs, tries five times, then tells the poison queue.

In Azure Event Grid announces blobs; Azurite has no Event Grid, so this lists the container instead.
"""

from __future__ import annotations

import asyncio
import json
import logging

from azure.core.exceptions import AzureError
from azure.functions.blob import InputStream
from azure.storage.blob import BlobProperties
from azure.storage.blob.aio import ContainerClient
from azure.storage.queue.aio import QueueClient

from local.host.app import Function, HostSettings

logger = logging.getLogger(__name__)

POLL_SECONDS, LONGEST_POLL_SECONDS = 0.5, 2.0  # less often while nothing comes


class ScanWatcher:
    """Serves one blob-triggered function until cancelled."""

    def __init__(
        self, function: Function, container: ContainerClient, poison: QueueClient, settings: HostSettings
    ) -> None:
        self._function = function
        self._container = container
        self._poison = poison
        self._tries = settings.blob_tries
        self._free = asyncio.Semaphore(settings.blob_parallelism)
        self._seen: set[tuple[str, str]] = set()
        self._calls: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        pause = POLL_SECONDS
        while True:
            known = len(self._seen)
            try:
                async for blob in self._container.list_blobs():
                    await self._announce(blob)
            except AzureError as error:
                logger.warning("scans cannot be listed (%s), trying again", type(error).__name__)
            quiet = known and len(self._seen) == known
            pause = min(2 * pause, LONGEST_POLL_SECONDS) if quiet else POLL_SECONDS
            await asyncio.sleep(pause)

    async def drain(self) -> None:
        if self._calls:
            await asyncio.wait(self._calls)

    async def _announce(self, blob: BlobProperties) -> None:
        version = (str(blob.name), str(blob.etag))
        if version in self._seen:
            return
        self._seen.add(version)
        await self._free.acquire()
        call = asyncio.create_task(self._handle(blob))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _handle(self, blob: BlobProperties) -> None:
        try:
            for _ in range(self._tries):
                if await self._try(blob):
                    return
            await self._poison.send_message(
                json.dumps(
                    {
                        "Type": "BlobTrigger",
                        "FunctionId": f"Host.Functions.{self._function.name}",
                        "BlobType": "BlockBlob",
                        "ContainerName": self._container.container_name,
                        "BlobName": blob.name,
                        "ETag": blob.etag,
                    }
                )
            )
        finally:
            self._free.release()

    async def _try(self, blob: BlobProperties) -> bool:
        try:
            download = await self._container.download_blob(str(blob.name))
            data = await download.readall()
        except AzureError as error:
            logger.warning("%s: a scan cannot be read (%s)", self._function.name, type(error).__name__)
            return False
        path = f"{self._container.container_name}/{blob.name}"
        return await self._function.attempt(InputStream(data=data, name=path, length=len(data)))

"""Makes what Bicep makes in Azure: containers, queues and tables."""

from __future__ import annotations

import contextlib

from azure.core.exceptions import ResourceExistsError
from azure.data.tables.aio import TableServiceClient
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from shared.storage import CONTAINERS, QUEUES, TABLES


async def make_storage(connection_string: str) -> None:
    """Create what is missing; what exists stays."""
    async with BlobServiceClient.from_connection_string(connection_string) as blobs:
        for container in CONTAINERS:
            with contextlib.suppress(ResourceExistsError):
                await blobs.create_container(container)
    async with QueueServiceClient.from_connection_string(connection_string) as queues:
        for queue in QUEUES:
            with contextlib.suppress(ResourceExistsError):
                await queues.create_queue(queue)
    async with TableServiceClient.from_connection_string(connection_string) as tables:
        for table in TABLES:
            await tables.create_table_if_not_exists(table)

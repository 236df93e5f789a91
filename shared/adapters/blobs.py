"""Blob Storage through azure-storage-blob."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceModifiedError, ResourceNotFoundError
from azure.core.settings import settings
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobServiceClient

from shared.errors import TransientError, UnknownDocument

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.storage.blob import BlobProperties


# The SDK's own spans hold the addresses of blobs, which the scanner names; ours tell what operations need.
settings.tracing_enabled = False


class StoredBlobs:
    """Implements ports.Blobs."""

    def __init__(self, client: BlobServiceClient) -> None:
        self._client = client

    @classmethod
    def connect(
        cls, *, connection_string: str | None, uri: str | None, credential: AsyncTokenCredential | None
    ) -> StoredBlobs:
        """From a connection string (a laptop, never behind a proxy) or an address and a credential (Azure)."""
        if connection_string:
            return cls(BlobServiceClient.from_connection_string(connection_string, use_env_settings=False))
        return cls(BlobServiceClient(uri or "", credential=credential))

    async def close(self) -> None:
        await self._client.close()

    async def read(self, container: str, name: str, *, etag: str | None = None) -> bytes:
        # The SDK hands an etag of None on to its transport, which does not know it.
        condition: Any = {"etag": etag, "match_condition": MatchConditions.IfNotModified} if etag else {}
        with _reading(container, name):
            stream = await self._client.get_blob_client(container, name).download_blob(**condition)
            return bytes(await stream.readall())

    async def download(self, container: str, name: str, target: Path, *, etag: str) -> str:
        digest = hashlib.sha256()
        file = await asyncio.to_thread(target.open, "wb")
        with file, _reading(container, name):
            # The SDK asks for each further piece under the same etag.
            stream = await self._client.get_blob_client(container, name).download_blob(
                etag=etag, match_condition=MatchConditions.IfNotModified
            )
            async for piece in stream.chunks():
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
        return digest.hexdigest()

    async def upload(self, container: str, name: str, source: Path, *, content_type: str) -> None:
        file = await asyncio.to_thread(source.open, "rb")
        try:
            with file:
                await self._client.get_blob_client(container, name).upload_blob(
                    file,
                    length=os.fstat(file.fileno()).st_size,
                    overwrite=True,
                    content_settings=ContentSettings(content_type=content_type),
                )
        except AzureError as error:
            raise TransientError(f"{_called(container, name)} cannot be written: {type(error).__name__}") from error

    async def copy(self, container: str, name: str, target_container: str, target: str, *, etag: str) -> None:
        source = self._client.get_blob_client(container, name)
        with _reading(container, name):
            await self._client.get_blob_client(target_container, target).start_copy_from_url(
                source.url, source_etag=etag, source_match_condition=MatchConditions.IfNotModified
            )

    async def write(
        self, container: str, name: str, data: bytes, *, content_type: str, metadata: Mapping[str, str] | None = None
    ) -> None:
        try:
            await self._client.get_blob_client(container, name).upload_blob(
                data,
                overwrite=True,
                content_settings=ContentSettings(content_type=content_type),
                metadata=dict(metadata or {}),
            )
        except AzureError as error:
            raise TransientError(f"{_called(container, name)} cannot be written: {type(error).__name__}") from error

    async def info(self, container: str, name: str) -> BlobProperties | None:
        try:
            return await self._client.get_blob_client(container, name).get_blob_properties()
        except ResourceNotFoundError:
            return None
        except AzureError as error:
            raise TransientError(f"{_called(container, name)} cannot be looked up: {type(error).__name__}") from error

    async def list(self, container: str, prefix: str = "") -> AsyncIterator[BlobProperties]:
        try:
            async for blob in self._client.get_container_client(container).list_blobs(name_starts_with=prefix or None):
                yield blob
        except AzureError as error:
            raise TransientError(f"container {container} cannot be listed: {type(error).__name__}") from error

    async def delete(self, container: str, name: str) -> None:
        try:
            await self._client.get_blob_client(container, name).delete_blob()
        except ResourceNotFoundError:
            return
        except AzureError as error:
            raise TransientError(f"{_called(container, name)} cannot be deleted: {type(error).__name__}") from error


def _called(container: str, name: str) -> str:
    """For the log: names in these containers were given by people."""
    return f"blob in {container}" if container in ("scans", "quarantine") else f"blob {container}/{name}"


@contextmanager
def _reading(container: str, name: str) -> Iterator[None]:
    """Maps what a read can meet to our errors."""
    try:
        yield
    except ResourceModifiedError as error:
        raise TransientError(f"{_called(container, name)} changed while it was read") from error
    except ResourceNotFoundError as error:
        raise UnknownDocument(
            f"no {_called(container, name)}", reason="Súbor v úložisku chýba.", advice="Naskenujte ho znova."
        ) from error
    except AzureError as error:
        raise TransientError(f"{_called(container, name)} cannot be read: {type(error).__name__}") from error

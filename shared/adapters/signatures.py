"""Signatures of documents in Table Storage: one row under each key, the newest first in its partition.

RowKey: 99999999 less the day of the document's id, then the id; a query without an order gives the newest first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableServiceClient

from shared.errors import TransientError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

TABLE = "signatures"
NEWEST = 40  # rows a key; more means that the key says little


class TableSignatures:
    """Implements ports.Signatures."""

    def __init__(self, service: TableServiceClient) -> None:
        self._service = service
        self._table = service.get_table_client(TABLE)

    @classmethod
    def connect(
        cls, *, connection_string: str | None, uri: str | None, credential: AsyncTokenCredential | None
    ) -> TableSignatures:
        if connection_string:
            return cls(TableServiceClient.from_connection_string(connection_string, use_env_settings=False))
        return cls(TableServiceClient(uri or "", credential=credential))

    async def close(self) -> None:
        await self._service.close()

    async def find(self, keys: Sequence[str]) -> Mapping[str, str]:
        try:
            pages = await asyncio.gather(*(self._newest(key) for key in keys))
        except AzureError as error:
            raise _unreachable(error) from error
        return {name: text for page in pages for name, text in page.items()}

    async def keep(self, document_id: str, keys: Sequence[str], signature: str) -> None:
        row_key = f"{99_999_999 - int(document_id[:8]):08d}|{document_id}"
        rows = [{"PartitionKey": key, "RowKey": row_key, "signature": signature} for key in keys]
        try:
            await asyncio.gather(*(self._table.upsert_entity(row, mode=UpdateMode.REPLACE) for row in rows))
        except AzureError as error:
            raise _unreachable(error) from error

    async def _newest(self, key: str) -> dict[str, str]:
        query = self._table.query_entities(
            "PartitionKey eq @key", parameters={"key": key}, results_per_page=NEWEST, select=["RowKey", "signature"]
        )
        async for page in query.by_page():
            return {row["RowKey"].partition("|")[2]: str(row["signature"]) async for row in page}
        return {}


def _unreachable(error: AzureError) -> TransientError:
    return TransientError(f"the table of signatures does not answer: {type(error).__name__}")

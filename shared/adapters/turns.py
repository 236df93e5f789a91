"""Turns of a limited far end, counted across all instances: one row of Table Storage a name, with the last times."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableServiceClient

from shared.errors import TransientError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

TABLE = "turns"
TRIES = 8


def next_turn(times: list[float], now: float, limit: int, seconds: float) -> tuple[list[float], float]:
    """The times to keep with this turn added, or the seconds to wait for one."""
    recent = [time for time in times if time > now - seconds]
    if len(recent) < limit:
        return [*recent, now], 0.0
    return recent, max(1.0, sorted(recent)[-limit] + seconds - now)


class TableTurns:
    """Implements ports.Turns."""

    def __init__(self, service: TableServiceClient) -> None:
        self._service = service
        self._table = service.get_table_client(TABLE)

    @classmethod
    def connect(
        cls, *, connection_string: str | None, uri: str | None, credential: AsyncTokenCredential | None
    ) -> TableTurns:
        if connection_string:
            return cls(TableServiceClient.from_connection_string(connection_string))
        return cls(TableServiceClient(uri or "", credential=credential))

    async def close(self) -> None:
        await self._service.close()

    async def take(self, name: str, at: datetime, *, limit: int, seconds: float) -> float:
        for _ in range(TRIES):
            try:
                row = await self._row(name)
                times, wait = next_turn(json.loads(row["times"]) if row else [], at.timestamp(), limit, seconds)
                if not wait:
                    await self._store(name, row, times)
                return wait
            except (ResourceModifiedError, ResourceExistsError):
                continue  # another instance took a turn in between
            except AzureError as error:
                raise TransientError(f"turns of {name} cannot be counted: {type(error).__name__}") from error
        raise TransientError(f"too many instances count turns of {name} at once", retry_after=1.0)

    async def _row(self, name: str) -> Any | None:
        try:
            return await self._table.get_entity(TABLE, name)
        except ResourceNotFoundError:
            return None

    async def _store(self, name: str, row: Any | None, times: list[float]) -> None:
        entity = {"PartitionKey": TABLE, "RowKey": name, "times": json.dumps(times)}
        if row is None:
            await self._table.create_entity(entity)
            return
        await self._table.update_entity(
            entity, mode=UpdateMode.REPLACE, etag=row.metadata["etag"], match_condition=MatchConditions.IfNotModified
        )

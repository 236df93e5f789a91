"""Turns of a limited far end, counted across all instances: one row of Table Storage a name."""

from __future__ import annotations

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


def next_turn(spent_until: float, now: float, burst: int, seconds: float) -> tuple[float, float]:
    """When all turns will be back again with this one taken, and 0; or unchanged, and the seconds to wait.

    Each turn comes back `seconds` after the one before it (the generic cell rate algorithm of ITU-T I.371).
    """
    wait = max(spent_until, now) - now - (burst - 1) * seconds
    if wait > 0:
        return spent_until, wait
    return max(spent_until, now) + seconds, 0.0


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
            return cls(TableServiceClient.from_connection_string(connection_string, use_env_settings=False))
        return cls(TableServiceClient(uri or "", credential=credential))

    async def close(self) -> None:
        await self._service.close()

    async def take(self, name: str, at: datetime, *, burst: int, seconds: float) -> float:
        for _ in range(TRIES):
            try:
                row = await self._row(name)
                spent_until, wait = next_turn(row["spent_until"] if row else 0.0, at.timestamp(), burst, seconds)
                if not wait:
                    await self._store(name, row, spent_until)
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

    async def _store(self, name: str, row: Any | None, spent_until: float) -> None:
        entity = {"PartitionKey": TABLE, "RowKey": name, "spent_until": spent_until}
        if row is None:
            await self._table.create_entity(entity)
            return
        await self._table.update_entity(
            entity, mode=UpdateMode.REPLACE, etag=row.metadata["etag"], match_condition=MatchConditions.IfNotModified
        )

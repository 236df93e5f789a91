"""The ledger on Table Storage through azure-data-tables.

Table `documents`, partition = local day of receipt (the first eight characters of an id), so that a document's row
and its steps change in one transaction and a day is one partition:

    D|{document}          the record as it stands, with the columns that questions filter on
    S|{document}|{n}      step n, with its hash (shared/chain.py)

Table `sources` holds the scanned files by the same day, table `claims` whose bytes came first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableTransactionError, UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

from shared.chain import GENESIS, Chain, Ring, Sealed, digest, link
from shared.errors import LedgerConflict, TransientError, UnknownDocument
from shared.ledger_rows import add_to_chains, document_row, join, read_record, read_step, source_row, step_row, tagged
from shared.model import DocumentRecord, SourceRecord, State, Step

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

TABLES = ("documents", "sources", "claims")


class TableLedger:
    """Implements ports.Ledger."""

    def __init__(self, service: TableServiceClient) -> None:
        self._service = service
        self._documents, self._sources, self._claims = (service.get_table_client(name) for name in TABLES)

    @classmethod
    def connect(
        cls, *, connection_string: str | None, uri: str | None, credential: AsyncTokenCredential | None
    ) -> TableLedger:
        """From a connection string (a laptop, never behind a proxy) or an address and a credential (Azure)."""
        if connection_string:
            return cls(TableServiceClient.from_connection_string(connection_string, use_env_settings=False))
        return cls(TableServiceClient(uri or "", credential=credential))

    async def close(self) -> None:
        await self._service.close()

    async def open_source(self, source: SourceRecord) -> SourceRecord:
        try:
            await self._sources.create_entity(source_row(source))
        except ResourceExistsError:
            return await self.source(source.id)
        except AzureError as error:
            raise _unreachable(source.id, error) from error
        return source

    async def save_source(self, source: SourceRecord) -> None:
        try:
            await self._sources.upsert_entity(source_row(source), mode=UpdateMode.REPLACE)
        except AzureError as error:
            raise _unreachable(source.id, error) from error

    async def source(self, source_id: str) -> SourceRecord:
        row = await _get(self._sources, source_id[:8], source_id, source_id)
        return SourceRecord.model_validate_json(join(row))

    async def claim(self, sha256: str, source_id: str) -> str:
        row = {"PartitionKey": sha256[:2], "RowKey": sha256, "source": source_id}
        try:
            await self._claims.create_entity(row)
        except ResourceExistsError:
            first = await _get(self._claims, sha256[:2], sha256, source_id)
            return str(first["source"])
        except AzureError as error:
            raise _unreachable(source_id, error) from error
        return source_id

    async def open_document(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        text, ring = _forge(record, step, GENESIS, 1)
        try:
            answers = await self._documents.submit_transaction(
                [("create", document_row(record, text, 1, ring.hash)), ("create", step_row(record.id, ring))]
            )
        except (ResourceExistsError, TableTransactionError) as error:
            if not _exists(error):
                raise _unreachable(record.id, error) from error
            return await self.document(record.id)
        except AzureError as error:
            raise _unreachable(record.id, error) from error
        return tagged(record, answers[0], 1, ring.hash)

    async def document(self, document_id: str) -> DocumentRecord:
        row = await _get(self._documents, document_id[:8], f"D|{document_id}", document_id)
        return read_record(row)

    async def advance(self, record: DocumentRecord, step: Step) -> DocumentRecord:
        etag, count, previous = record.etag.rsplit(" ", 2)
        text, ring = _forge(record, step, previous, int(count) + 1)
        condition = {"mode": UpdateMode.REPLACE, "etag": etag, "match_condition": MatchConditions.IfNotModified}
        try:
            answers = await self._documents.submit_transaction(
                [
                    ("update", document_row(record, text, ring.number, ring.hash), condition),
                    ("create", step_row(record.id, ring)),
                ]
            )
        except (ResourceModifiedError, ResourceExistsError, TableTransactionError) as error:
            raise LedgerConflict(f"document {record.id} changed since it was read") from error
        except AzureError as error:
            raise _unreachable(record.id, error) from error
        return tagged(record, answers[0], ring.number, ring.hash)

    async def steps(self, document_id: str) -> list[Step]:
        query = "PartitionKey eq @day and RowKey ge @first and RowKey lt @last"
        span = {"day": document_id[:8], "first": f"S|{document_id}|", "last": f"S|{document_id}}}"}
        found = [read_step(row) async for row in _query(self._documents, query, span)]
        if not found:
            raise UnknownDocument(f"no document {document_id}")
        return found

    async def chains(self, *, since: date, until: date) -> AsyncIterator[Chain]:
        day = since
        while day <= until:
            found: dict[str, Chain] = {}
            async for row in _query(self._documents, "PartitionKey eq @day", {"day": f"{day:%Y%m%d}"}):
                add_to_chains(found, row)
            for chain in found.values():
                yield chain
            day += timedelta(days=1)

    async def seals(self, *, since: date, until: date) -> AsyncIterator[Sealed]:
        async for row in _by_day(self._sources, "RowKey ge @first", {"first": ""}, since, until):
            yield Sealed(str(row["RowKey"]), join(row), str(row.get("seal", "")))

    async def documents(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        state: State | None = None,
        department: str | None = None,
        source_id: str | None = None,
    ) -> AsyncIterator[DocumentRecord]:
        first = f"D|{source_id}-" if source_id else "D|"
        query, values = (
            "RowKey ge @first and RowKey lt @last",
            {"first": first, "last": first[:-1] + chr(ord(first[-1]) + 1)},
        )
        for column, wanted in (("state", state), ("department", department)):
            if wanted is not None:
                query, values = f"{query} and {column} eq @{column}", values | {column: str(wanted)}
        if source_id:
            since = until = date.fromisoformat(source_id[:8])
        async for row in _by_day(self._documents, query, values, since, until):
            yield read_record(row)

    async def sources(self, *, since: date | None = None, until: date | None = None) -> AsyncIterator[SourceRecord]:
        async for row in _by_day(self._sources, "RowKey ge @first", {"first": ""}, since, until):
            yield SourceRecord.model_validate_json(join(row))


def _forge(record: DocumentRecord, step: Step, previous: str, number: int) -> tuple[str, Ring]:
    """The record's text, and the step as the chain's next ring."""
    text, told = record.model_dump_json(), step.model_dump_json()
    mark = digest(text)
    return text, Ring(number, told, mark, link(previous, told, mark))


def _exists(error: AzureError) -> bool:
    return isinstance(error, ResourceExistsError) or getattr(error, "error_code", "") == "EntityAlreadyExists"


def _unreachable(what: str, error: AzureError) -> TransientError:
    return TransientError(f"ledger does not answer about {what}: {type(error).__name__}")


async def _get(table: TableClient, partition: str, row: str, what: str) -> Any:
    try:
        return await table.get_entity(partition, row)
    except ResourceNotFoundError as error:
        raise UnknownDocument(
            f"no document {what} in the ledger", reason=f"Dokument {what} evidencia nepozná."
        ) from error
    except AzureError as error:
        raise _unreachable(what, error) from error


async def _query(table: TableClient, query: str, values: Mapping[str, Any]) -> AsyncIterator[Any]:
    try:
        async for row in table.query_entities(query, parameters=dict(values)):
            yield row
    except AzureError as error:
        raise _unreachable(table.table_name, error) from error


async def _by_day(
    table: TableClient, query: str, values: Mapping[str, Any], since: date | None, until: date | None
) -> AsyncIterator[Any]:
    """Partition by partition where the span is short, since a point query of a partition is the fast one."""
    if since and until and (until - since) <= timedelta(days=92):
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        for day in days:
            async for row in _query(table, f"PartitionKey eq @day and {query}", {**values, "day": f"{day:%Y%m%d}"}):
                yield row
        return
    for name, bound, operator in (("since", since, "ge"), ("until", until, "le")):
        if bound:
            query, values = f"PartitionKey {operator} @{name} and {query}", {**values, name: f"{bound:%Y%m%d}"}
    async for row in _query(table, query, values):
        yield row

"""How the ledger's records stand in tables (pure).

A property holds 64 KiB of UTF-16, an entity 1 MiB, so a long text goes into several properties
(https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.chain import Chain, Ring, digest
from shared.model import DocumentRecord, SourceRecord, Step

PART = 30_000
Row = Mapping[str, Any]


def source_row(source: SourceRecord) -> dict[str, Any]:
    text = source.model_dump_json()
    columns = {"state": source.state.value, "name": source.name, "seal": digest(text)}
    return {"PartitionKey": source.id[:8], "RowKey": source.id, **columns, **split(text)}


def document_row(record: DocumentRecord, text: str, steps: int, head: str) -> dict[str, Any]:
    columns = {"state": record.state.value, "department": record.department or "", "kind": record.kind or ""}
    key = {"PartitionKey": record.id[:8], "RowKey": f"D|{record.id}", "steps": steps, "chain": head}
    return {**key, **columns, **split(text)}


def step_row(document_id: str, ring: Ring) -> dict[str, Any]:
    key = {"PartitionKey": document_id[:8], "RowKey": f"S|{document_id}|{ring.number:06d}"}
    return {**key, "hash": ring.hash, "record": ring.record, **split(ring.step)}


def split(text: str) -> dict[str, str]:
    return {f"json{index:02d}": text[at : at + PART] for index, at in enumerate(range(0, len(text), PART))}


def join(row: Row) -> str:
    return "".join(str(row[name]) for name in sorted(row) if name.startswith("json"))


def read_record(row: Any) -> DocumentRecord:
    return tagged(DocumentRecord.model_validate_json(join(row)), row.metadata, row["steps"], row["chain"])


def tagged(record: DocumentRecord, metadata: Row, steps: int, head: str) -> DocumentRecord:
    """The opaque tag of ports: the row's ETag, how many steps there are, and the hash of the last."""
    return record.model_copy(update={"etag": f"{metadata['etag']} {steps} {head}"})


def read_step(row: Row) -> Step:
    return Step.model_validate_json(join(row))


def add_to_chains(chains: dict[str, Chain], row: Row) -> None:
    """Sort one row of a day into the chains of its documents; a row that was tampered with must not stop us."""
    mark, _, rest = str(row["RowKey"]).partition("|")
    document_id, _, number = rest.partition("|")
    chain = chains.setdefault(document_id, Chain(document_id))
    if mark == "D":
        chain.record, chain.head = join(row), str(row.get("chain", ""))
        chain.count = int(row.get("steps", 0))
    else:
        place = int(number) if number.isdigit() else len(chain.rings) + 1
        chain.rings.append(Ring(place, join(row), str(row.get("record", "")), str(row.get("hash", ""))))

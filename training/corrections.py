"""What clerks corrected, and what was decided lately: the city's own examples, read from the store and the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass

from shared.errors import UnknownDocument
from shared.extracted import read_text
from shared.kinds import Catalogue
from shared.model import MAILROOM, State
from shared.ports import Blobs, Ledger
from training.corpus import Example
from training.material import AGENDA
from training.measuring import Case

CONTAINER = "corrections"
DECIDED = {State.ROUTED, State.FILED, State.DELIVERED}


@dataclass(frozen=True)
class Correction:
    """A document a clerk sent elsewhere; `version` counts its moves."""

    document_id: str
    department: str
    version: int


async def read_corrections(blobs: Blobs, catalogue: Catalogue) -> list[Example]:
    """One example a document, with the department it was moved to last; oldest id first. Unusable ones are left out."""
    latest: dict[str, Correction] = {}
    async for blob in blobs.list(CONTAINER):
        correction = _read(await blobs.read(CONTAINER, blob.name), blob.name)
        before = latest.get(correction.document_id) if correction else None
        if correction and (before is None or before.version < correction.version):
            latest[correction.document_id] = correction
    examples = []
    for document_id, correction in sorted(latest.items()):
        if correction.department not in catalogue.departments:
            continue
        text = await _text(blobs, document_id)
        if text:
            examples.append(Example(text, f"{correction.department}.{AGENDA}", correction.department))
    return examples


async def read_decisions(blobs: Blobs, ledger: Ledger, count: int) -> list[Case]:
    """The last `count` documents that reached a department, each with where it is now."""
    records = [record async for record in ledger.documents() if record.state in DECIDED]
    records.sort(key=lambda record: record.received_at)
    cases = []
    for record in records[-count:] if count else []:
        text = await _text(blobs, record.id)
        if text and record.department and record.department != MAILROOM:
            cases.append(Case(record.id, text, record.department))
    return cases


def _read(data: bytes, name: str) -> Correction | None:
    try:
        told = json.loads(data)
        version = name.rsplit("-", 1)[-1].removesuffix(".json")
        return Correction(told["document_id"], told["to"], int(version) if version.isdigit() else 0)
    except (ValueError, KeyError, TypeError):
        return None


async def _text(blobs: Blobs, document_id: str) -> str:
    """Nothing for a document whose text was deleted after its retention."""
    try:
        return (await read_text(blobs, document_id)).text
    except UnknownDocument:
        return ""

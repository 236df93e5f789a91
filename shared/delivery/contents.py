"""What is delivered of a document: its PDF and the few things read off it that people are shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from shared.columns import LONGEST_TEXT
from shared.errors import UnknownDocument
from shared.extracted import read_decision
from shared.kinds import FieldName
from shared.model import DocumentRecord, ReadField
from shared.ports import Blobs

SEARCHABLE, AS_SCANNED = "delivered", "documents"


@dataclass(frozen=True)
class Contents:
    pdf: bytes
    applicant: str | None = None
    subject: str | None = None


async def read_contents(blobs: Blobs, record: DocumentRecord, *, with_pdf: bool = True) -> Contents:
    """Raises UnknownDocument, with advice, when the document was deleted after its retention."""
    fields = await _read_fields(blobs, record.id)
    return Contents(
        pdf=await _read_pdf(blobs, record.id) if with_pdf else b"",
        applicant=_value(fields, FieldName.APPLICANT),
        subject=_value(fields, FieldName.SUBJECT),
    )


async def _read_pdf(blobs: Blobs, document_id: str) -> bytes:
    """A document whose text could not be read has only its pages as they were scanned."""
    for container in (SEARCHABLE, AS_SCANNED):
        with suppress(UnknownDocument):
            return await blobs.read(container, f"{document_id}.pdf")
    raise UnknownDocument(
        f"no PDF of {document_id} in the store",
        reason="Súbor dokumentu už v úložisku nie je (uplynula doba uchovania alebo ho niekto vymazal).",
        advice="Naskenujte listinu znova.",
    )


async def _read_fields(blobs: Blobs, document_id: str) -> list[ReadField]:
    try:
        return (await read_decision(blobs, document_id)).fields
    except UnknownDocument:
        return []


def _value(fields: list[ReadField], name: FieldName) -> str | None:
    """The most certain reading, on one line."""
    found = [field for field in fields if field.name == name.value and field.value.strip()]
    if not found:
        return None
    return " ".join(max(found, key=lambda field: field.confidence).value.split())[:LONGEST_TEXT]

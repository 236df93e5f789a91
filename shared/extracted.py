"""What was read and decided about a document, kept in the blob container `extracted`.

`{id}.json` is the text (DocumentText), `{id}.decision.json` the classifier's Decision with the fields it read.
Both hold personal data and exist nowhere else: messages and the ledger carry neither.
"""

from __future__ import annotations

from shared.model import Decision, DocumentText
from shared.ports import Blobs

CONTAINER = "extracted"
JSON = "application/json"


async def read_text(blobs: Blobs, document_id: str) -> DocumentText:
    return DocumentText.model_validate_json(await blobs.read(CONTAINER, f"{document_id}.json"))


async def write_text(blobs: Blobs, text: DocumentText) -> None:
    name = f"{text.document_id}.json"
    await blobs.write(CONTAINER, name, text.model_dump_json().encode(), content_type=JSON)


async def read_decision(blobs: Blobs, document_id: str) -> Decision:
    return Decision.model_validate_json(await blobs.read(CONTAINER, f"{document_id}.decision.json"))


async def write_decision(blobs: Blobs, document_id: str, decision: Decision) -> None:
    name = f"{document_id}.decision.json"
    await blobs.write(CONTAINER, name, decision.model_dump_json().encode(), content_type=JSON)

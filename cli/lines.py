"""The line of `--json` for a document, as fixed for other people's programs."""

from __future__ import annotations

from typing import Any

from local.following import Dropped, is_finished
from shared.model import DocumentRecord, Fate, State

UNDER_WAY = "Spracovanie sa nedokončilo v čase, ktorý naň bol."


def describe(dropped: Dropped, record: DocumentRecord | None, seconds: float, *, dry: bool = False) -> dict[str, Any]:
    """One document, or a source that yielded none. `dry`: classified only, so routed is as far as it goes."""
    line = _document(record, dry) if record else _source(dropped)
    return {"source": str(dropped.path), **line, "seconds": round(seconds, 3)}


def _document(record: DocumentRecord, dry: bool) -> dict[str, Any]:
    ended = is_finished(record) or (dry and record.state in (State.ROUTED, State.REVIEW))
    return {
        "document_id": record.id,
        "pages": record.pages,
        "state": record.state.value if ended else State.FAILED.value,
        "kind": record.kind,
        "department": record.department,
        "confidence": record.confidence,
        "candidates": [candidate.model_dump() for candidate in record.candidates],
        "reasons": record.reasons,
        "text_chars": record.text_chars,
        "error": record.error if ended else record.error or UNDER_WAY,
        "url": record.filed.url if record.filed else None,
    }


def _source(dropped: Dropped) -> dict[str, Any]:
    source = dropped.source
    accounted = [] if source is None else [one.page for one in source.pages if one.fate is not Fate.DOCUMENT]
    ended = source is not None and source.state in (State.QUARANTINED, State.DUPLICATE, State.FAILED)
    return {
        "document_id": source.id if source else "",
        "pages": accounted,
        "state": source.state.value if source and ended else State.FAILED.value,
        "kind": None,
        "department": None,
        "confidence": None,
        "candidates": [],
        "reasons": [f"Rovnaký súbor už prišiel: {source.duplicate_of}"] if source and source.duplicate_of else [],
        "text_chars": 0,
        "error": (source.error if source and ended else UNDER_WAY),
    }

"""A scan on which the host gave up after five tries: it is recorded as failed and the mailroom is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from shared.departments import City
from shared.ids import source_id
from shared.model import Event, Message, SourceRecord, State
from shared.ports import Blobs, Bus, Ledger

REASON = "Sken sa ani na päť pokusov nepodarilo spracovať. Skontrolujte súbor a naskenujte ho znova."


async def record_poisoned(
    body: bytes, *, blobs: Blobs, ledger: Ledger, bus: Bus, city: City, clock: Callable[[], datetime]
) -> None:
    """`body` is the host's poison message: JSON with ContainerName, BlobName and ETag."""
    name = str(json.loads(body)["BlobName"])
    blob = await blobs.info("scans", name)
    if blob is None:  # taken away in between: nothing is left to say where it is
        return
    identity = source_id(name, blob.etag, blob.last_modified, city.city.time_zone)
    found = SourceRecord(
        id=identity,
        name=name,
        etag=blob.etag,
        size=blob.size,
        received_at=blob.last_modified,
        state=State.FAILED,
        error=REASON,
    )
    stored = await ledger.open_source(found)
    if stored.state not in (State.RECEIVED, State.FAILED):
        return  # a later try went through after all
    await ledger.save_source(stored.model_copy(update={"state": State.FAILED, "error": REASON}))
    notice = Message(
        event=Event.NOTICE, document_id=identity, department=city.mailroom.id, first_seen=clock(), detail=REASON
    )
    await bus.send(city.mailroom.topic, notice)

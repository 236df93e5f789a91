"""Triggers of intake: a scan was dropped; a scan that failed five times went to the poison queue."""

from __future__ import annotations

import azure.functions as func

from shared.mailroom import Mailroom
from shared.storage import POISON_QUEUE


def intake_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()

    @blueprint.function_name("take_in_scan")
    @blueprint.blob_trigger(
        arg_name="scan", path="scans/{name}", connection="STORAGE", source=func.BlobSource.EVENT_GRID
    )
    async def take_in_scan(scan: func.InputStream) -> None:
        await mailroom.take_in((scan.name or "").removeprefix("scans/"))

    @blueprint.function_name("record_poisoned_scan")
    @blueprint.queue_trigger(arg_name="poison", queue_name=POISON_QUEUE, connection="STORAGE")
    async def record_poisoned_scan(poison: func.QueueMessage) -> None:
        await mailroom.record_poisoned(poison.get_body())

    return blueprint

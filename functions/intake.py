"""Triggers of intake: a scan was dropped, or found without an event; one failed five times (the poison queue)."""

from __future__ import annotations

import azure.functions as func

from functions.decoding import decode
from shared.entities import INTAKE_QUEUE
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

    @blueprint.function_name("take_in_found_scan")
    @blueprint.service_bus_queue_trigger(arg_name="message", queue_name=INTAKE_QUEUE, connection="SERVICEBUS")
    async def take_in_found_scan(message: func.ServiceBusMessage) -> None:
        await mailroom.take_in_found(decode(message))

    @blueprint.function_name("record_poisoned_scan")
    @blueprint.queue_trigger(arg_name="poison", queue_name=POISON_QUEUE, connection="STORAGE")
    async def record_poisoned_scan(poison: func.QueueMessage) -> None:
        await mailroom.record_poisoned(poison.get_body())

    return blueprint

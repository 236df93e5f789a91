"""Trigger of recognition: a document waits to be read."""

from __future__ import annotations

import azure.functions as func

from functions.decoding import decode
from shared.entities import RECOGNIZE_QUEUE
from shared.mailroom import Mailroom


def recognition_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()

    @blueprint.function_name("recognize_document")
    @blueprint.service_bus_queue_trigger(arg_name="message", queue_name=RECOGNIZE_QUEUE, connection="SERVICEBUS")
    async def recognize_document(message: func.ServiceBusMessage) -> None:
        await mailroom.recognize(decode(message))

    return blueprint

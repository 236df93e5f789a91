"""Trigger of classification: a document has been read and waits for a decision."""

from __future__ import annotations

import azure.functions as func

from functions.decoding import decode
from shared.entities import CLASSIFY_QUEUE
from shared.mailroom import Mailroom


def classification_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()

    @blueprint.function_name("classify_document")
    @blueprint.service_bus_queue_trigger(arg_name="message", queue_name=CLASSIFY_QUEUE, connection="SERVICEBUS")
    async def classify_document(message: func.ServiceBusMessage) -> None:
        await mailroom.classify(decode(message))

    return blueprint

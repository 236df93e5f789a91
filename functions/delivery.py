"""Triggers of delivery: one function a department and channel, made in a loop over config/departments.yaml."""

from __future__ import annotations

from typing import List  # noqa: UP035

import azure.functions as func

from functions.decoding import decode
from shared.departments import Delivery, Department
from shared.mailroom import Mailroom


def delivery_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()
    for department in mailroom.city.departments:
        for channel in department.channels:
            _register(blueprint, mailroom, department, channel)
    return blueprint


def function_name(channel: Delivery, department: Department) -> str:
    """For example `deliver_teams_stavebny_urad`."""
    return f"deliver_{channel.value}_{department.id.replace('-', '_')}"


def _register(blueprint: func.Blueprint, mailroom: Mailroom, department: Department, channel: Delivery) -> None:
    """Teams takes many messages at once, so that a backlog becomes one digest card."""
    many = channel is Delivery.TEAMS
    trigger = blueprint.service_bus_topic_trigger(
        arg_name="messages" if many else "message",
        topic_name=department.topic,
        subscription_name=channel.value,
        connection="SERVICEBUS",
        cardinality=func.Cardinality.MANY if many else func.Cardinality.ONE,
    )

    # The worker knows a batch by `typing.List` alone; it refuses the built-in generic.
    async def post(messages: List[func.ServiceBusMessage]) -> None:  # noqa: UP006
        await mailroom.post_cards([decode(message) for message in messages])

    async def file(message: func.ServiceBusMessage) -> None:
        await mailroom.file(decode(message))

    async def forward(message: func.ServiceBusMessage) -> None:
        await mailroom.forward(decode(message))

    handler = {Delivery.TEAMS: post, Delivery.SHAREPOINT: file, Delivery.EMAIL: forward}[channel]
    blueprint.function_name(function_name(channel, department))(trigger(handler))

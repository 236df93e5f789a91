"""Timers. Flex Consumption knows UTC only, so the morning's check is woken at both hours that six o'clock can be."""

from __future__ import annotations

import azure.functions as func

from shared.mailroom import Mailroom

SIX_IN_THE_MORNING = "0 0 4,5 * * *"
AT_NIGHT = "0 30 1 * * *"
EVERY_TEN_MINUTES = "0 */10 * * * *"


def maintenance_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()

    @blueprint.function_name("reconcile_scans")
    @blueprint.timer_trigger(arg_name="timer", schedule=SIX_IN_THE_MORNING)
    async def reconcile_scans(timer: func.TimerRequest) -> None:
        await mailroom.maintenance.reconcile_in_the_morning(late=bool(timer.past_due))

    @blueprint.function_name("delete_expired")
    @blueprint.timer_trigger(arg_name="timer", schedule=AT_NIGHT)
    async def delete_expired(timer: func.TimerRequest) -> None:
        await mailroom.maintenance.delete_expired()

    @blueprint.function_name("measure_backlog")
    @blueprint.timer_trigger(arg_name="timer", schedule=EVERY_TEN_MINUTES)
    async def measure_backlog(timer: func.TimerRequest) -> None:
        await mailroom.maintenance.measure_backlog()

    return blueprint

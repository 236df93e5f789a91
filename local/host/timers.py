"""Timer triggers: six-field NCRONTAB schedules in UTC."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from azure.functions.timer import TimerRequest
from cronsim import CronSim

from local.host.app import Function


class TimerListener:
    """Calls one timer-triggered function at its times until cancelled."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._schedule = str(function.trigger["schedule"])

    async def listen(self) -> None:
        while True:
            moment = next_time(self._schedule, datetime.now(UTC))
            await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
            await self._function.attempt(TimerRequest())

    async def drain(self) -> None:
        """Calls are made one by one within `listen`."""


def next_time(schedule: str, after: datetime) -> datetime:
    """The next moment of an NCRONTAB expression `{second} {minute} {hour} {day} {month} {day of week}`."""
    moment: datetime = next(CronSim(schedule, after))
    return moment

"""What the timers and the command line do for the mailroom as a whole."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shared.errors import PodatelnaError
from shared.model import MAILROOM
from shared.telemetry import Stage

if TYPE_CHECKING:
    from shared.bootstrap import Services
    from shared.reconciliation import Report
    from shared.retention import Expiry

MORNING = 6
logger = logging.getLogger(__name__)


class Maintenance:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def reconcile_in_the_morning(self, *, late: bool) -> None:
        """At six by the city's clock, or at once when the timer comes late; else it is the other season's call."""
        if late or is_six(self._services.clock(), self._services.city.city.time_zone):
            await self.reconcile()

    async def reconcile(self, *, since: date | None = None, heal: bool = True, tell: bool = True) -> Report:
        """The mailroom's channel hears of it only when something is wrong, telemetry always."""
        from shared.reconciliation import reconcile

        s = self._services
        with s.telemetry.running(Stage.RECONCILIATION):
            report = await reconcile(
                blobs=s.blobs,
                ledger=s.ledger,
                bus=s.bus,
                city=s.city,
                checking=s.operations.reconciliation,
                clock=s.clock,
                since=since,
                heal=heal,
            )
            s.telemetry.reconciled(report.figures())
            if report.findings and tell:
                await self._tell(report)
        return report

    async def _tell(self, report: Report) -> None:
        """A channel that does not answer must not undo what was healed: the figures are in telemetry all the same."""
        from shared.reconciliation import build_notice

        s = self._services
        key = f"reconciliation:{s.clock():%Y%m%d%H%M}"
        try:
            await s.channel.post(MAILROOM, build_notice(report, s.settings.desk_url), key=key)
        except PodatelnaError as error:
            logger.error("the mailroom's channel did not take the reconciliation's notice: %s", error)

    async def measure_backlog(self) -> None:
        from shared.reconciliation import measure_backlog

        s = self._services
        s.telemetry.backlog(await measure_backlog(s.ledger, s.clock()))

    async def delete_expired(self, *, dry_run: bool = False) -> Expiry:
        from shared.retention import delete_expired

        s = self._services
        with s.telemetry.running(Stage.RETENTION):
            expiry = await delete_expired(
                blobs=s.blobs, ledger=s.ledger, periods=s.operations.retention, clock=s.clock, dry_run=dry_run
            )
            if not dry_run:
                s.telemetry.expired(expiry.deleted)
        return expiry


def is_six(now: datetime, time_zone: str) -> bool:
    return now.astimezone(ZoneInfo(time_zone)).hour == MORNING

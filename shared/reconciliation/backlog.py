"""How long the documents that wait have been in the house, by the stage they wait for."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.model import State
from shared.ports import Ledger
from shared.telemetry import Stage

LOOK_BACK = timedelta(days=3)
WAITS_FOR = {
    State.RECEIVED: Stage.RECOGNITION,
    State.RECOGNIZED: Stage.CLASSIFICATION,
    State.ROUTED: Stage.SHAREPOINT,
    State.FILED: Stage.TEAMS,
}


async def measure_backlog(ledger: Ledger, now: datetime) -> dict[str, list[float]]:
    """Seconds since its scan of each waiting document; an empty list where nothing waits."""
    since, until = (now - LOOK_BACK).date(), (now + timedelta(days=1)).date()
    ages: dict[str, list[float]] = {stage.value: [] for stage in (Stage.INTAKE, *WAITS_FOR.values())}
    async for source in ledger.sources(since=since, until=until):
        if source.state is State.RECEIVED:
            ages[Stage.INTAKE.value].append(max(0.0, (now - source.received_at).total_seconds()))
    for state, stage in WAITS_FOR.items():
        async for record in ledger.documents(since=since, until=until, state=state):
            ages[stage.value].append(max(0.0, (now - record.received_at).total_seconds()))
    return ages

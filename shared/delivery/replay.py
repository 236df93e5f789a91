"""Sends again what was given up, to the very stage that gave it up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.delivery.moves import LEDGER_FIRST
from shared.effects import effect_key
from shared.entities import CLASSIFY_QUEUE, RECOGNIZE_QUEUE
from shared.errors import PermanentError, TransientError
from shared.failures import GAVE_UP
from shared.model import DocumentRecord, Event, Message, State, Step
from shared.ports import Bus, Ledger

BEFORE = {RECOGNIZE_QUEUE: State.RECEIVED, CLASSIFY_QUEUE: State.RECOGNIZED}


@dataclass(frozen=True)
class Replay:
    """One stage to run again."""

    entity: str
    message: Message

    @property
    def stage(self) -> str:
        return self.message.target or self.entity


async def plan_replay(document_id: str, *, ledger: Ledger, now: datetime) -> list[Replay]:
    """What `replay_document` would send. Raises UnknownDocument."""
    record = await ledger.document(document_id)
    if record.state is not State.FAILED and not any(key.startswith("failed:") for key in record.effects):
        return []
    found: dict[str, Replay] = {}
    for step in await ledger.steps(document_id):
        if step.action == GAVE_UP:
            replay = _from_step(record, step, now)
            if replay:
                found[replay.stage] = replay
    return list(found.values())


async def replay_document(
    document_id: str, *, who: str, ledger: Ledger, bus: Bus, clock: Callable[[], datetime]
) -> list[Replay]:
    """Raises PermanentError when nothing of the document was given up."""
    replays = await plan_replay(document_id, ledger=ledger, now=clock())
    if not replays:
        raise PermanentError(
            f"nothing of {document_id} was given up",
            reason=f"Pri dokumente {document_id} nič nezlyhalo, niet čo opakovať.",
        )
    for replay in replays:
        record = await ledger.document(document_id)
        # First the message: a kill in between only leaves the replay out of the history.
        await bus.send(replay.entity, replay.message, at=clock() + LEDGER_FIRST)
        # Reading and sorting look at the state; delivery looks at effects and mends the state itself.
        state = BEFORE.get(replay.entity, record.state)
        step = Step(at=clock(), actor=who, action="replayed", state=state, details={"stage": replay.stage})
        await ledger.advance(record.model_copy(update={"state": state}), step)
    with suppress(TransientError):  # a dead letter that stays is only seen once more
        await bus.clear_dead_letters(document_id)
    return replays


def _from_step(record: DocumentRecord, step: Step, now: datetime) -> Replay | None:
    """None when the failure is history: done since, or of a version that was moved away."""
    told = step.details
    entity, channel, department, version = told["entity"], told["channel"], told["department"], int(told["version"])
    event = Event(told["event"])
    if event in (Event.MOVED, Event.NOTICE):
        return None
    if channel is None:
        if record.state is not State.FAILED or record.department is not None:
            return None
    elif version != record.version or effect_key(channel, department, version) in record.effects:
        return None
    message = Message(
        event=event,
        document_id=record.id,
        department=department,
        version=version,
        first_seen=now,
        target=channel or entity,
        detail=told.get("detail", ""),
    )
    return Replay(entity, message)

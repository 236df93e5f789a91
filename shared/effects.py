"""What has been done for people, kept in DocumentRecord.effects so that a repeated message does nothing.

sharepoint:<department>:<version>          the file is there (also teams:… the card, email:… the letter)
moved:<department>:<version>               the department was told where its document went
notice:<what failed>                       the mailroom was told
lost:<event>:<department>:<version>        a card beside the document's own could not be posted
claim:<any of the above>                   somebody is at it since then
maybe:<any of the above>                   it failed, but the answer may have been lost
together:<id>:<any of the above>           that claim belongs to a digest card of this id
failed:<channel>:<department>:<version>    that channel gave up
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from shared.departments import City, Department, Role
from shared.errors import LedgerConflict, TransientError
from shared.model import MAILROOM, DocumentRecord, State, Step
from shared.ports import Ledger

# Longer than the longest post of a card and its record together: when it has passed, who claimed is dead.
CLAIM = timedelta(seconds=60)
CONFLICTS = 8
TOGETHER = "together:"


def effect_key(channel: str, department: str, version: int) -> str:
    return f"{channel}:{department}:{version}"


def failed_key(channel: str, department: str, version: int) -> str:
    return f"failed:{effect_key(channel, department, version)}"


def place_of(record: DocumentRecord) -> str | None:
    """The department that has, or should have, the document now; None while nobody decided."""
    if record.state is State.REVIEW:
        return MAILROOM
    if record.state is State.FAILED:
        # A document in review names the best guess as its department, so look where delivery gave up.
        for key in record.effects:
            parts = key.split(":")
            if parts[0] == "failed" and parts[-1] == str(record.version):
                return parts[2] if parts[2] != "-" else None
    return record.department


def settled_state(record: DocumentRecord, department: Department) -> State:
    """What the effects of the present version amount to."""
    channels = [channel.value for channel in department.channels]
    if any(failed_key(channel, department.id, record.version) in record.effects for channel in channels):
        return State.FAILED
    if department.role is Role.MAILROOM:
        return State.REVIEW
    if all(effect_key(channel, department.id, record.version) in record.effects for channel in channels):
        return State.DELIVERED
    return State.FILED if effect_key("sharepoint", department.id, record.version) in record.effects else State.ROUTED


async def change(
    ledger: Ledger,
    record: DocumentRecord,
    edit: Callable[[DocumentRecord], DocumentRecord],
    step: Callable[[DocumentRecord], Step],
) -> DocumentRecord:
    """Edit the record, reading it again when somebody else changed it in between; an edit may find nothing to do."""
    for _ in range(CONFLICTS):
        edited = edit(record)
        if edited == record:
            return record
        try:
            return await ledger.advance(edited, step(edited))
        except LedgerConflict:
            record = await ledger.document(record.id)
    raise TransientError(f"document {record.id} keeps changing")


async def claim(
    ledger: Ledger, record: DocumentRecord, key: str, *, actor: str, now: datetime, together: str | None = None
) -> DocumentRecord:
    """Take an effect upon oneself; raises TransientError while another has it, LedgerConflict when it came first."""
    since = record.effects.get(f"claim:{key}")
    if since is not None and now < since + CLAIM:
        wait = (since + CLAIM - now).total_seconds()
        raise TransientError(f"another instance is at {key} of {record.id}", retry_after=wait)
    marks = {f"claim:{key}": now} | ({f"{TOGETHER}{together}:{key}": now} if together else {})
    claimed = record.model_copy(update={"effects": {**_unclaimed(record, key), **marks}})
    return await ledger.advance(claimed, Step(at=now, actor=actor, action="claimed", state=record.state))


async def release(
    ledger: Ledger, record: DocumentRecord, key: str, *, actor: str, now: datetime, maybe: bool = False
) -> None:
    """After a failure that is known, so that the next try need not wait; without an answer the claim just ends.

    `maybe` remembers that people may see the effect all the same.
    """

    def step(record: DocumentRecord) -> Step:
        return Step(at=now, actor=actor, action="released", state=record.state)

    def edit(record: DocumentRecord) -> DocumentRecord:
        marks = {f"maybe:{key}": now} if maybe else {}
        return record.model_copy(update={"effects": {**_unclaimed(record, key), **marks}})

    with suppress(TransientError):
        await change(ledger, record, edit, step)


def claimed_together(record: DocumentRecord, key: str) -> str | None:
    """The id of the digest card that the claim of an effect belongs to."""
    marks = [mark for mark in record.effects if mark.startswith(TOGETHER) and mark.endswith(f":{key}")]
    return marks[0].removeprefix(TOGETHER).removesuffix(f":{key}") if marks else None


def _unclaimed(record: DocumentRecord, key: str) -> dict[str, datetime]:
    return {
        effect: at
        for effect, at in record.effects.items()
        if effect != f"claim:{key}" and not (effect.startswith(TOGETHER) and effect.endswith(f":{key}"))
    }


def done(record: DocumentRecord, key: str, now: datetime, city: City) -> DocumentRecord:
    """The record with the effect made. The state follows the effects of the present version."""
    effects = {
        effect: at for effect, at in _unclaimed(record, key).items() if effect not in (f"failed:{key}", f"maybe:{key}")
    }
    made = record.model_copy(update={"effects": {**effects, key: now}})
    _, department, version = key.split(":")[:3] if key.count(":") == 2 else ("", "", "")
    if version != str(record.version) or department not in city.by_id or key.startswith("moved:"):
        return made
    state = settled_state(made, city.by_id[department])
    return made.model_copy(update={"state": state, "error": record.error if state is State.FAILED else None})

"""What a person does with a document: sends it somewhere, or ends it here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.delivery.moves import MOVED, PERSON, move_document
from shared.departments import City
from shared.effects import place_of
from shared.errors import LedgerConflict, PermanentError, TransientError
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, State, Step
from shared.ports import Blobs, Bus, Ledger
from shared.review.queues import find_deed
from shared.review.words import CLOSED

TRIES = 5
LONGEST_NOTE = 300
# Why a document is ended without sending it anywhere.
WAYS = {
    "opakovane": "Opakované doručenie, podanie už máme.",
    "reklama": "Reklama alebo nevyžiadaná zásielka.",
    "novy-sken": "Nečitateľný alebo neúplný sken, naskenuje sa znova.",
    "vybavene": "Vybavené na mieste alebo iným spôsobom.",
}


async def decide(
    document_id: str,
    to: str,
    *,
    version: int,
    who: str,
    note: str = "",
    kind: str | None = None,
    blobs: Blobs,
    ledger: Ledger,
    bus: Bus,
    city: City,
    kinds: Catalogue,
    clock: Callable[[], datetime],
) -> DocumentRecord:
    """`version` is what the person saw; raises LedgerConflict, telling who came first, when it is no more so.

    A guessed kind of another department is forgotten: its title and its period would be wrong there. The same
    decision sent twice (a double click, a lost answer) is one decision.
    """
    for _ in range(TRIES):
        record = await ledger.document(document_id)
        if _is_repeat(record, to, version, who):
            return record
        if record.version != version:
            raise await _came_first(record, ledger, city)
        guessed = kinds.by_id.get(record.kind or "")
        fitting = kind or (None if guessed and guessed.department == to else "")
        try:
            return await move_document(
                document_id,
                to,
                who=who,
                reason=_shorten(note),
                kind=None if to == MAILROOM else fitting,
                version=version,
                blobs=blobs,
                ledger=ledger,
                bus=bus,
                city=city,
                kinds=kinds,
                clock=clock,
            )
        except LedgerConflict:
            continue  # a stage noted what it did, or somebody decided: look again
    raise TransientError(f"document {document_id} keeps changing")


async def close(
    document_id: str,
    way: str,
    *,
    version: int,
    who: str,
    note: str = "",
    ledger: Ledger,
    city: City,
    clock: Callable[[], datetime],
) -> DocumentRecord:
    """End a document in the mailroom; it stays in its library and can still be sent somewhere later.

    The version rises, so that a card or a file of the earlier one, still on its way, changes nothing any more.
    """
    for _ in range(TRIES):
        record = await ledger.document(document_id)
        if record.version != version:
            raise await _came_first(record, ledger, city)
        _check_closable(record, way)
        reason = f"{WAYS[way]} {_shorten(note)}".strip()
        changed = record.model_copy(
            update={
                "state": State.DELIVERED,
                "department": MAILROOM,
                "version": record.version + 1,
                "decided_by": f"{PERSON}{who}",
                "error": None,
            }
        )
        details = {"way": way, "guess": record.department, "version": changed.version}
        step = Step(at=clock(), actor=who, action=CLOSED, state=changed.state, reason=reason, details=details)
        try:
            return await ledger.advance(changed, step)
        except LedgerConflict:
            continue
    raise TransientError(f"document {document_id} keeps changing")


def may_close(record: DocumentRecord) -> bool:
    """Only what the mailroom has, and has in its library: else nobody would find it later."""
    return record.state is State.REVIEW and record.filed is not None


def _check_closable(record: DocumentRecord, way: str) -> None:
    if way not in WAYS:
        raise PermanentError(f"no way {way} to close", reason="Vyberte, prečo sa dokument nikam neposiela.")
    if not may_close(record):
        raise PermanentError(
            f"{record.id} is {record.state}",
            reason=f"Dokument {record.id} sa teraz nedá vybaviť bez odoslania.",
            advice="Dá sa to, keď čaká na rozhodnutie a je uložený v knižnici podateľne; skúste o chvíľu.",
        )


def _is_repeat(record: DocumentRecord, to: str, version: int, who: str) -> bool:
    return (record.version, place_of(record), record.decided_by) == (version + 1, to, f"{PERSON}{who}")


async def _came_first(record: DocumentRecord, ledger: Ledger, city: City) -> LedgerConflict:
    deed = find_deed(await ledger.steps(record.id))
    if deed is None:
        return LedgerConflict(f"document {record.id} changed", reason=f"Dokument {record.id} sa medzitým zmenil.")
    at = deed.at.astimezone(ZoneInfo(city.city.time_zone))
    goal = city.by_id.get(str(deed.details.get("to")))
    what = f"presun – {goal.name}" if deed.action == MOVED and goal else "vybavené v podateľni"
    return LedgerConflict(
        f"document {record.id} was decided by somebody else",
        reason=f"O dokumente {record.id} už medzitým rozhodol niekto iný.",
        advice=f"{deed.actor} o {at:%H:%M}: {what}. Vaše rozhodnutie sa nevykonalo; ak s týmto nesúhlasíte, "
        "otvorte dokument a presuňte ho znova.",
    )


def _shorten(note: str) -> str:
    return " ".join(note.split())[:LONGEST_NOTE]

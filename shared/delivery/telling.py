"""What a message means for a channel: which news, under which effect, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.cards import News, Topic
from shared.delivery.contents import read_contents
from shared.delivery.currency import is_current, is_known
from shared.departments import City
from shared.effects import CLAIM, effect_key, place_of
from shared.errors import TransientError
from shared.kinds import Catalogue
from shared.model import MAILROOM, DocumentRecord, Event, Message, State
from shared.ports import Blobs, Ledger

CHANNEL = "teams"
WHAT_FAILED = {
    "recognize": "rozpoznanie textu",
    "classify": "zaradenie",
    "sharepoint": "uloženie do knižnice",
    "teams": "oznámenie v kanáli",
    "email": "odoslanie inému úradu",
}


@dataclass(frozen=True)
class Telling:
    key: str
    news: News


async def find_news(
    record: DocumentRecord, message: Message, *, blobs: Blobs, city: City, kinds: Catalogue, now: datetime
) -> Telling | None:
    """None when it was told already or is true no more."""
    department = message.department or MAILROOM
    news: News | None
    match message.event:
        case Event.MOVED:
            key = effect_key(Event.MOVED, department, message.version)
            wanted = _card_to_supersede(record, message, department, now)
            news = _moved(record, city, kinds)
        case Event.NOTICE:
            key = f"notice:{message.detail}"
            wanted = True
            news = _notice(record, message, city, kinds)
        case _:
            key = effect_key(CHANNEL, department, message.version)
            wanted = is_current(record, message, now)
            news = await _arrived(record, department, blobs, city, kinds) if wanted else None
    if not wanted or key in record.effects or news is None:
        return None
    return Telling(key, news)


def arrival(record: DocumentRecord, department: str, now: datetime) -> Message:
    """What tells a channel that a document has arrived."""
    return Message(
        event=Event.FILED, document_id=record.id, department=department, version=record.version, first_seen=now
    )


async def unannounced(ledger: Ledger, department: str, now: datetime, *, most: int) -> list[DocumentRecord]:
    """Documents of these days that are filed in a department, and that its channel does not know of yet."""
    mailroom = department == MAILROOM
    rows = ledger.documents(
        since=now.date() - timedelta(days=1),
        until=now.date() + timedelta(days=1),
        state=State.REVIEW if mailroom else State.FILED,
        department=None if mailroom else department,
    )
    found: list[DocumentRecord] = []
    async for record in rows:
        filed = effect_key("sharepoint", department, record.version) in record.effects
        if filed and effect_key(CHANNEL, department, record.version) not in record.effects:
            found.append(record)
        if len(found) == most:
            break
    return found


def _card_to_supersede(record: DocumentRecord, message: Message, department: str, now: datetime) -> bool:
    """Whether the department has a card that is wrong now; one that is being posted is waited for."""
    if not is_known(record, message, now) or place_of(record) == department:
        return False  # it came back meanwhile, with a card of its own
    earlier = [effect_key(CHANNEL, department, version) for version in range(1, message.version)]
    claimed = [record.effects[f"claim:{key}"] for key in earlier if f"claim:{key}" in record.effects]
    if any(now < since + CLAIM for since in claimed):
        raise TransientError(f"the card of {record.id} is just being posted", retry_after=CLAIM.total_seconds())
    # A claim that ran out may have posted its card, and so may a post whose answer was lost.
    return bool(claimed) or any(mark in record.effects for key in earlier for mark in (key, f"maybe:{key}"))


async def _arrived(record: DocumentRecord, department: str, blobs: Blobs, city: City, kinds: Catalogue) -> News:
    contents = await read_contents(blobs, record, with_pdf=False)
    names = [(city.by_id[c.department].name, c.confidence) for c in record.candidates if c.department in city.by_id]
    return News(
        topic=Topic.REVIEW if department == MAILROOM else Topic.ARRIVED,
        record=record,
        kind=_title(record, kinds),
        subject=contents.subject,
        department=city.by_id[department].name,
        candidates=names,
    )


def _moved(record: DocumentRecord, city: City, kinds: Catalogue) -> News:
    where = city.by_id.get(place_of(record) or "")
    return News(Topic.MOVED, record, _title(record, kinds), department=where.name if where else "")


def _notice(record: DocumentRecord, message: Message, city: City, kinds: Catalogue) -> News:
    channel, _, rest = message.detail.partition(":")
    where = city.by_id.get(rest.split(":")[0])
    return News(
        Topic.NOTICE,
        record,
        _title(record, kinds),
        department=where.name if where else "",
        what_failed=WHAT_FAILED.get(channel, channel),
    )


def _title(record: DocumentRecord, kinds: Catalogue) -> str | None:
    kind = kinds.by_id.get(record.kind or "")
    return kind.title if kind else None

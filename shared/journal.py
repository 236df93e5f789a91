"""The journal of a day or a month, and whether the ledger it comes from was tampered with.

The columns are those a registratúrny denník keeps for a delivered record, in time and number order (§ 7 ods. 2 až 6
vyhlášky č. 410/2015 Z. z.; what else stands in it is up to the office's registratúrny poriadok). The official number,
the file it belongs to and how it was settled come from the registry or a clerk, so these columns are empty. Our own
number is auxiliary.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.chain import Break, find_breaks
from shared.delivery.contents import Contents, read_contents
from shared.departments import City
from shared.effects import place_of
from shared.handover import handed_over
from shared.kinds import Catalogue
from shared.model import DocumentRecord, SourceRecord, State
from shared.ports import Blobs, Ledger

AT_ONCE = 16
# How a clerk calls the states.
STATES = {
    State.RECEIVED: "prijaté",
    State.RECOGNIZED: "prečítané",
    State.ROUTED: "zaradené",
    State.FILED: "uložené v knižnici",
    State.DELIVERED: "doručené útvaru",
    State.REVIEW: "rozhoduje podateľňa",
    State.QUARANTINED: "odložené, nečitateľný súbor",
    State.DUPLICATE: "opakovaný súbor",
    State.FAILED: "zlyhalo",
}
COLUMNS = (
    "Por. č.",
    "Číslo záznamu (registratúra)",
    "Číslo spisu",
    "Pomocné číslo",
    "Dátum doručenia",
    "Čas doručenia",
    "Odosielateľ",
    "Vec",
    "Druh dokumentu",
    "Počet strán",
    "Pridelené útvaru",
    "Stav",
    "Dátum odovzdania",
    "Navrhovaná lehota",
    "Lehota podľa",
    "Spôsob vybavenia",
    "Dátum vybavenia",
    "Registratúrna značka",
    "Súbor",
    "Poznámka",
)
Cell = str | int | date | None


@dataclass(frozen=True)
class Entry:
    """One line of the journal: a document, or a scanned file that holds none."""

    at: datetime
    number: str
    cells: list[Cell]


async def verify(ledger: Ledger, since: date, until: date) -> AsyncIterator[Break]:
    """Every place where the ledger of these days is not what was written; nothing when it holds."""
    known, being_divided = set(), set()
    async for chain in ledger.chains(since=since, until=until):
        known.add(chain.document_id)
        if f'"state":"{State.RECEIVED.value}"' in (chain.record or ""):  # reading it may find more documents in it
            being_divided.add(chain.document_id.rpartition("-")[0])
        for found in find_breaks(chain):
            yield found
    async for sealed in ledger.seals(since=since, until=until):
        if not sealed.whole:
            yield Break(sealed.source_id, None, "the scanned file's row was changed by hand")
        for document_id in _named(sealed.text):
            if document_id not in known and sealed.source_id not in being_divided:
                yield Break(document_id, None, f"is missing with all its steps, though {sealed.source_id} names it")


def _named(text: str) -> list[str]:
    """The documents of a source that is done; one still being taken in names what it is about to open."""
    try:
        source = SourceRecord.model_validate_json(text)
    except ValidationError:
        return []
    return [] if source.state in (State.RECEIVED, State.FAILED) else source.documents


async def collect(
    ledger: Ledger, blobs: Blobs, city: City, kinds: Catalogue, since: date, until: date, *, names: bool = True
) -> list[list[Cell]]:
    """The journal's lines in the order of arrival. `names`: with who sent it and what about, as far as it was read."""
    zone = ZoneInfo(city.city.time_zone)
    records = [record async for record in ledger.documents(since=since, until=until)]
    turns = asyncio.Semaphore(AT_ONCE)

    async def describe(record: DocumentRecord) -> Entry:
        async with turns:
            read = await read_contents(blobs, record, with_pdf=False) if names else Contents(b"")
        return _document(record, read, city, kinds, zone)

    entries = list(await asyncio.gather(*(describe(record) for record in records)))
    async for source in ledger.sources(since=since, until=until):
        if not source.documents:
            entries.append(_source(source, zone))
    entries.sort(key=lambda entry: (entry.at, entry.number))
    return [[place, *entry.cells] for place, entry in enumerate(entries, 1)]


def _document(record: DocumentRecord, read: Contents, city: City, kinds: Catalogue, zone: ZoneInfo) -> Entry:
    kind, place = kinds.by_id.get(record.kind or ""), city.by_id.get(place_of(record) or "")
    received = record.received_at.astimezone(zone)
    handed = handed_over(record)
    repeat = f"Pravdepodobne opakované podanie k {record.repeat_of}." if record.repeat_of else ""
    cells: list[Cell] = [
        *(None, None, record.id, received.date(), f"{received:%H:%M}", read.applicant, read.subject),
        *(kind.title if kind else None, len(record.pages), place.name if place else None, STATES[record.state]),
        *(handed.astimezone(zone).date() if handed else None, record.deadline, record.deadline_rule or None),
        *(None, None, None, record.source_name, record.error or repeat or None),
    ]
    return Entry(record.received_at, record.id, cells)


def _source(source: SourceRecord, zone: ZoneInfo) -> Entry:
    received = source.received_at.astimezone(zone)
    note = f"Rovnaký súbor prišiel ako {source.duplicate_of}." if source.duplicate_of else None
    cells: list[Cell] = [
        *(None, None, source.id, received.date(), f"{received:%H:%M}", None, None),
        *(None, len(source.pages) or None, None, STATES[source.state], None, None, None),
        *(None, None, None, source.name, source.error or note),
    ]
    return Entry(source.received_at, source.id, cells)

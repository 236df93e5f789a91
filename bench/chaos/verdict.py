"""What became of every document, as people see it: files in libraries, cards in channels."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.departments import City
from shared.effects import place_of
from shared.model import DocumentRecord, State

DOCUMENT_ID = re.compile(r"\b\d{8}-\d{8}-1\b")
ENDS = (State.DELIVERED, State.REVIEW)


@dataclass(frozen=True)
class Verdict:
    """Lists of document ids, but for `cards`, `announcements` and `doubled`, which count."""

    documents: int
    cards: int
    announcements: int
    doubled: int
    lost: list[str]
    unannounced: list[str]
    doubled_files: list[str]
    misplaced: list[str]
    failed: list[str]

    @property
    def doubled_share(self) -> float:
        return self.doubled / max(1, self.documents)


def is_over(record: DocumentRecord, city: City) -> bool:
    """Every channel of its present department has its effect, or it was given up."""
    if record.state is State.FAILED:
        return True
    place = city.by_id.get(place_of(record) or "")
    if place is None or record.state not in ENDS:
        return False
    return all(f"{channel.value}:{place.id}:{record.version}" in record.effects for channel in place.channels)


def judge(
    records: Iterable[DocumentRecord], files: list[dict[str, Any]], cards: list[dict[str, Any]], city: City
) -> Verdict:
    records = list(records)
    lying: dict[str, list[str]] = defaultdict(list)
    for file in files:
        for document in DOCUMENT_ID.findall(file["name"]):
            lying[document].append(f"{file['site']}/{file['library']}")
    announced = Counter(one for card in cards for one in announcements(card))
    expected = {(record.id, department) for record in records for department in had_it(record, "teams")}
    doubled = sum(
        count - len(had_it_versions(record, department))
        for record in records
        for department in had_it(record, "teams")
        if (count := announced[record.id, department]) > len(had_it_versions(record, department))
    )
    at = {record.id: city.by_id.get(place_of(record) or "") for record in records}
    homes = {name: f"{place.site}/{place.library}" if place else "" for name, place in at.items()}
    return Verdict(
        documents=len(records),
        cards=len(cards),
        announcements=sum(announced.values()),
        doubled=doubled,
        lost=[record.id for record in records if not lying[record.id]],
        unannounced=[document for document, department in expected if not announced[document, department]],
        doubled_files=[document for document, places in lying.items() if len(places) > 1],
        misplaced=[record.id for record in records if lying[record.id] and homes[record.id] not in lying[record.id]],
        failed=[record.id for record in records if record.state not in ENDS],
    )


def announcements(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Document and department, for each document that the card says has arrived; not for those moved away."""
    department, text = card["department"], json.dumps(card["cards"], ensure_ascii=False)
    if '"Presunuté inam"' in text:
        return []
    if "Z podateľne: " not in text:
        found = DOCUMENT_ID.search(text)
        return [(found[0], department)] if found and "Nepodarilo sa doručiť" not in text else []
    section, told = "", []
    for element in card["cards"][0]["body"]:
        if element["type"] == "TextBlock":
            section = element["text"]
        elif section in ("Nové dokumenty", "Na rozhodnutie"):
            found = DOCUMENT_ID.search(json.dumps(element))
            told += [(found[0], department)] if found else []
    return told


def had_it(record: DocumentRecord, channel: str) -> set[str]:
    return {key.split(":")[1] for key in record.effects if key.startswith(f"{channel}:")}


def had_it_versions(record: DocumentRecord, department: str) -> list[str]:
    return [key for key in record.effects if key.startswith(f"teams:{department}:")]

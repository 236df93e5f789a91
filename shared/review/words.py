"""The desk's Slovak: states, times, counts and history as a clerk says them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.cards.wording import short_day
from shared.delivery.moves import MOVED, PERSON
from shared.departments import City
from shared.failures import GAVE_UP
from shared.kinds import Catalogue, FieldName
from shared.model import MAILROOM, DocumentRecord, Fate, State, Step

CLOSED = "closed"  # Step.action

STATES = {
    State.RECEIVED: "prijatý, čaká na prečítanie",
    State.RECOGNIZED: "prečítaný, čaká na zaradenie",
    State.ROUTED: "na ceste do knižnice",
    State.FILED: "uložený v knižnici",
    State.DELIVERED: "doručený",
    State.REVIEW: "čaká na rozhodnutie",
    State.QUARANTINED: "odložený",
    State.DUPLICATE: "opakovaný",
    State.FAILED: "nepodarilo sa",
}
CLOSED_STATE = "vybavený v podateľni"
SOURCE_STATES = {**STATES, State.ROUTED: "spracovaný", State.FAILED: "nepodarilo sa spracovať"}
FATES = {
    Fate.DOCUMENT: "v dokumente",
    Fate.SEPARATOR: "oddeľovací hárok",
    Fate.BLANK: "prázdna strana, odložená",
    Fate.BAD: "nečitateľná strana",
}
FIELDS = {
    FieldName.APPLICANT: "Žiadateľ",
    FieldName.ADDRESS: "Adresa",
    FieldName.COMPANY_ID: "IČO",
    FieldName.DATE: "Dátum na dokumente",
    FieldName.PARCEL: "Parcela",
    FieldName.SUBJECT: "Vec",
}
STAGES = {
    "recognize": "prečítanie textu",
    "classify": "zaradenie",
    "sharepoint": "uloženie do knižnice",
    "teams": "oznámenie v kanáli Teams",
    "email": "odoslanie inému úradu",
}
ACTORS = {
    "intake": "príjem",
    "recognition": "čítanie textu",
    "classification": "zaraďovanie",
    **dict.fromkeys(("sharepoint", "teams", "email"), "doručovanie"),
}


def is_closed(record: DocumentRecord) -> bool:
    """A person ended it without sending it anywhere."""
    return record.state is State.DELIVERED and record.department == MAILROOM


def state_in_words(record: DocumentRecord) -> str:
    return CLOSED_STATE if is_closed(record) else STATES[record.state]


def decider(record: DocumentRecord) -> str | None:
    """The person who decided last, None while only the machine has."""
    return record.decided_by.removeprefix(PERSON) if record.decided_by.startswith(PERSON) else None


class Wording:
    """What needs the city's names and time."""

    def __init__(self, city: City, kinds: Catalogue, now: datetime) -> None:
        self._city, self._kinds = city, kinds
        self._zone = ZoneInfo(city.city.time_zone)
        self._today = now.astimezone(self._zone).date()

    def kind(self, kind_id: str | None) -> str:
        found = self._kinds.by_id.get(kind_id or "")
        return found.title if found else "Nezaradený dokument"

    def department(self, department_id: str | None) -> str:
        """Empty for none; the id itself for one that the city has no more."""
        found = self._city.by_id.get(department_id or "")
        return found.name if found else (department_id or "")

    def day(self, value: date) -> str:
        return short_day(value)

    def moment(self, value: datetime) -> str:
        local = value.astimezone(self._zone)
        return f"{short_day(local.date())} o\N{NO-BREAK SPACE}{local:%H:%M}"

    def age(self, value: datetime) -> str:
        """How long something waits, in days of the calendar."""
        days = self.days(value)
        return {0: "dnes", 1: "včera"}.get(days, f"pred {days} dňami")

    def days(self, value: datetime) -> int:
        return max(0, (self._today - value.astimezone(self._zone).date()).days)

    def history(self, step: Step) -> str | None:
        """None for the bookkeeping between two steps that mean something to people."""
        told = step.details
        where = self.department(told.get("department"))
        what = {
            "received": "Prijatý zo skenu.",
            "recognized": "Text prečítaný.",
            "classified": f"Zaradený ({self.kind(told.get('kind'))}).",
            "filed": f"Uložený do knižnice: {where}.",
            "announced": _announced(str(told.get("effect", "")), where),
            "forwarded": f"Odoslaný e-mailom: {where}.",
            MOVED: f"Presunutý: {self.department(told.get('from'))} → {self.department(told.get('to'))}.",
            CLOSED: "Vybavený v podateľni, nikam sa neposlal.",
            GAVE_UP: f"Nepodarilo sa: {STAGES.get(told.get('channel') or told.get('entity') or '', 'krok')}.",
            "replayed": f"Skúša sa znova: {STAGES.get(told.get('stage') or '', 'krok')}.",
        }.get(step.action)
        return f"{what} {step.reason}".strip() if what else None

    def actor(self, step: Step) -> str:
        return ACTORS.get(step.actor, step.actor)


def _announced(effect: str, where: str) -> str:
    """What the card was about: shared/effects.py."""
    if effect.startswith("moved:"):
        return f"Karta o presune v kanáli: {where}."
    return "Podateľňa upozornená." if effect.startswith("notice:") else f"Oznámený v kanáli: {where}."


def pages_in_words(pages: list[int]) -> str:
    """`strana 3`, `strany 3 – 5`, `strany 1, 4, 6`."""
    if len(pages) == 1:
        return f"strana {pages[0]}"
    if pages == list(range(pages[0], pages[-1] + 1)):
        return f"strany {pages[0]} – {pages[-1]}"
    return f"strany {', '.join(map(str, pages))}"


def count(number: int, one: str, few: str, many: str) -> str:
    """`1 dokument`, `3 dokumenty`, `5 dokumentov`."""
    return f"{number} {one if number == 1 else few if 2 <= number <= 4 else many}"

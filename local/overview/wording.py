"""Numbers, times and steps as a Slovak clerk writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.model import Fate, State, Step

STATES = {
    State.RECEIVED: "prijaté",
    State.RECOGNIZED: "prečítané",
    State.ROUTED: "zaradené",
    State.FILED: "v knižnici",
    State.DELIVERED: "doručené",
    State.REVIEW: "rozhoduje podateľňa",
    State.QUARANTINED: "odložené",
    State.DUPLICATE: "opakované",
    State.FAILED: "zlyhané",
}
ACTORS = {
    "intake": "príjem",
    "recognition": "čítanie",
    "classification": "triedenie",
    "recognize": "čítanie",
    "classify": "triedenie",
    "sharepoint": "knižnica",
    "teams": "kanál",
    "email": "pošta",
    "reconciliation": "kontrola",
    "retention": "uchovávanie",
}
ACTIONS = {
    "received": "Dokument prijatý zo skenu",
    "recognized": "Text prečítaný",
    "classified": "Druh a útvar určené",
    "filed": "Uložený v knižnici útvaru",
    "claimed": "Chystá sa oznámenie",
    "released": "Oznámenie sa nepodarilo, skúsi sa znova",
    "announced": "Oznámený v kanáli Teams",
    "forwarded": "Odoslaný inému úradu",
    "gave-up": "Krok sa nepodaril",
    "replayed": "Krok spustený znova",
    "moved": "Presunutý na iný útvar",
    "closed": "Uzavretý podateľňou",
    "restarted": "Spustený znova rannou kontrolou",
    "held": "Uchovanie predĺžené",
    "hold-released": "Predĺžené uchovanie zrušené",
    "expired": "Po lehote vymazané",
}
FATES = {Fate.DOCUMENT: "", Fate.SEPARATOR: "oddeľovací hárok", Fate.BLANK: "prázdna strana", Fate.BAD: "nečitateľná"}


def state_of(state: State) -> str:
    return STATES[state]


def action_of(step: Step) -> str:
    return ACTIONS.get(step.action, step.action)


def actor_of(step: Step) -> str:
    return ACTORS.get(step.actor, step.actor)


def period(seconds: float | None) -> str:
    """As 4,2 s, 35 s, 12 min 5 s, 3 h 20 min, 2 dni."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".", ",")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} {counted(whole // 86400, 'deň', 'dni', 'dní')}"


def counted(number: int, one: str, few: str, many: str) -> str:
    """The noun's form after a number."""
    return one if number == 1 else few if 2 <= number <= 4 else many


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """With seconds: a document's steps are often within one minute."""
    local = at.astimezone(zone)
    return f"{local.day}. {local.month}. {local.year} {local:%H:%M:%S}"

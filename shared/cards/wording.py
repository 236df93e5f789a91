"""The words of the cards: Slovak dates, confidence in words, and text from documents made harmless.

Teams reads TextBlocks and facts as Markdown and `<at>` as a mention
(learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format). Backslash escapes show on some
clients, so characters with a meaning are exchanged for look-alikes without one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.model import DocumentRecord

LOOK_ALIKES = str.maketrans("<>[]{}*_`~#|\\", "‹›()()∗ ’∼№¦∕")
# A client may turn these into links by itself.
SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]*:(?=//|\S+@)|\b(?:mailto|javascript|data|tel|msteams):", re.IGNORECASE)
HOST = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2,})")
LIST_MARK = re.compile(r"^\s*[-+]\s")
# Personal data that must not stand in a channel (zákon č. 18/2018 Z. z. § 78 ods. 4 for the birth number).
BIRTH_NUMBER = re.compile(r"(?<!\d)\d{6}\s?[/∕]?\s?\d{3,4}(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}\b")
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w/])(?:\+|00)?\d(?:[ /-]?\d){8,13}(?!\w)")
MASK = "•••"

MONTHS = (
    *("januára", "februára", "marca", "apríla", "mája", "júna"),
    *("júla", "augusta", "septembra", "októbra", "novembra", "decembra"),
)


def plain(text: str, longest: int = 200) -> str:
    """Text from a document: one line, personal numbers masked, nothing in it formats, links or mentions."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    for pattern in (IBAN, E_MAIL, BIRTH_NUMBER, PHONE):
        text = pattern.sub(MASK, text)
    text = SCHEME.sub(lambda found: found[0].replace(":", " "), text).translate(LOOK_ALIKES)
    text = HOST.sub(" . ", text)
    text = " ".join(LIST_MARK.sub("", text).split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def our_own(text: str, longest: int = 400) -> str:
    """Text of ours that names files or settings: only what Markdown would change is exchanged."""
    text = " ".join(text.translate(LOOK_ALIKES).split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def long_day(value: date) -> str:
    """20. novembra 2026; the blank after the day does not break, or Markdown would begin a list at 20."""
    return f"{value.day}.\N{NO-BREAK SPACE}{MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """20. 11. 2026, on one line"""
    return f"{value.day}.\N{NO-BREAK SPACE}{value.month}.\N{NO-BREAK SPACE}{value.year}"


def local_day(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(ZoneInfo(time_zone)).date()


def confidence_in_words(record: DocumentRecord) -> str:
    """How sure the sorting is, for people who need no figures."""
    if record.decided_by.startswith("person:"):
        return "zaradila podateľňa"
    if record.decided_by == "separator":
        return "podľa oddeľovacieho hárka"
    return sureness(record.confidence)


def likelihood(confidence: float) -> str:
    """Beside other candidates a figure says more than a word."""
    return f"asi {round(confidence * 100)} %"


def sureness(confidence: float | None) -> str:
    if confidence is None:
        return "neurčené"
    if confidence >= 0.9:
        return "takmer isté"
    if confidence >= 0.7:
        return "pravdepodobné"
    return "neisté" if confidence >= 0.4 else "veľmi neisté"

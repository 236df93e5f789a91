"""A card about one document."""

from __future__ import annotations

from typing import Any

from shared.cards.elements import Element, card, facts, heading, label, open_url, read_text, text
from shared.cards.news import Looks, News, Topic
from shared.cards.wording import confidence_in_words, likelihood, local_day, long_day, our_own, plain
from shared.links import document_page, not_ours_page
from shared.model import SourceRecord, State

REASONS = 3


def build_card(news: News, looks: Looks) -> dict[str, Any]:
    build = {
        Topic.ARRIVED: _arrived,
        Topic.REVIEW: _review,
        Topic.MOVED: _moved,
        Topic.NOTICE: _notice,
    }[news.topic]
    return build(news, looks)


def _arrived(news: News, looks: Looks) -> dict[str, Any]:
    record = news.record
    deadline = f"{long_day(record.deadline)} ({record.deadline_rule})" if record.deadline else ""
    return card(
        [
            label("Nový dokument z podateľne"),
            heading(news.title),
            *_subject(news),
            facts(
                [
                    ("Doručené", long_day(local_day(record.received_at, looks.time_zone))),
                    ("Navrhovaná lehota", deadline),
                    ("Počet strán", str(len(record.pages))),
                    ("Zaradenie", confidence_in_words(record)),
                    ("Číslo", record.id),
                ]
            ),
            *_reasons(news),
            *_warnings(news),
        ],
        [
            open_url("Otvoriť dokument", _address(news, looks), "positive"),
            open_url("Nepatrí nám", not_ours_page(looks.desk_url, record.id)),
        ],
    )


def _review(news: News, looks: Looks) -> dict[str, Any]:
    record = news.record
    guesses = [text(f"• {name} ({likelihood(confidence)})", spacing="None") for name, confidence in news.candidates[:3]]
    return card(
        [
            label("Na rozhodnutie", "Warning"),
            heading(f"Kam patrí? {news.title}" if news.kind else "Kam patrí tento dokument?"),
            *_subject(news),
            facts(
                [
                    ("Doručené", long_day(local_day(record.received_at, looks.time_zone))),
                    ("Počet strán", str(len(record.pages))),
                    ("Číslo", record.id),
                ]
            ),
            *([text("Najpravdepodobnejšie:", weight="Bolder"), *guesses] if guesses else []),
            *_reasons(news),
            *_warnings(news),
        ],
        [
            open_url("Rozhodnúť", document_page(looks.desk_url, record.id), "positive"),
            open_url("Otvoriť dokument", _address(news, looks)),
        ],
    )


def _moved(news: News, looks: Looks) -> dict[str, Any]:
    record = news.record
    where = news.department or "iné oddelenie"
    return card(
        [
            label("Presunuté inam"),
            heading(news.title),
            text(f"Dokument č. {record.id} má teraz {where}. Jeho predchádzajúca karta tu už neplatí."),
        ]
    )


def _notice(news: News, looks: Looks) -> dict[str, Any]:
    record = news.record
    return card(
        [
            label("Nepodarilo sa doručiť", "Attention"),
            heading(news.title),
            facts(
                [
                    ("Čo zlyhalo", news.what_failed),
                    ("Oddelenie", news.department),
                    ("Prečo", our_own(record.error or "")),
                    ("Doručené", long_day(local_day(record.received_at, looks.time_zone))),
                    ("Číslo", record.id),
                ]
            ),
        ],
        [open_url("Pozrieť dokument", document_page(looks.desk_url, record.id), "positive")],
    )


def build_scan_card(source: SourceRecord, detail: str, looks: Looks) -> dict[str, Any]:
    """About a scanned file of which no document came, or not all of them; `detail` is our own words."""
    lost = source.state in (State.QUARANTINED, State.FAILED)
    return card(
        [
            label("Sken potrebuje pozornosť", "Attention"),
            heading("Sken sa nedal spracovať" if lost else "Časť skenu sa nedala prečítať"),
            facts(
                [
                    ("Súbor", plain(source.name)),
                    ("Prečo", our_own(detail)),
                    ("Naskenované", long_day(local_day(source.received_at, looks.time_zone))),
                    ("Číslo", source.id),
                ]
            ),
        ],
        [open_url("Pozrieť sken", document_page(looks.desk_url, source.id), "positive")],
    )


def _address(news: News, looks: Looks) -> str:
    """The file in the library; the desk shows the document when the library could not take it."""
    return news.record.filed.url if news.record.filed else document_page(looks.desk_url, news.record.id)


def _subject(news: News) -> list[Element]:
    return [read_text(f"Vec: {plain(news.subject)}")] if news.subject else []


def _reasons(news: News) -> list[Element]:
    """Reasons may quote the document."""
    shown = [plain(reason, 160) for reason in news.record.reasons[:REASONS] if reason.strip()]
    return [read_text("Prečo: " + " · ".join(shown))] if shown else []


def _warnings(news: News) -> list[Element]:
    found = []
    if news.record.filed is None:
        found.append("Súbor sa zatiaľ nepodarilo uložiť do knižnice; otvorí ho podateľňa.")
    elif news.record.filed.missing_columns:
        found.append(f"V knižnici chýbajú stĺpce: {', '.join(news.record.filed.missing_columns)}.")
    if news.record.repeat_of:
        found.append(f"Pravdepodobne opakované podanie k číslu {news.record.repeat_of}.")
    return [text(warning, color="Warning", isSubtle=True) for warning in found]

"""One card for many documents, for when a channel may not get a card for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.cards.elements import LARGEST_CARD, Element, card, heading, label, size_of
from shared.cards.news import Looks, News, Topic
from shared.cards.wording import local_day, our_own, plain, short_day
from shared.links import document_page, not_ours_page

SECTIONS = {
    Topic.ARRIVED: "Nové dokumenty",
    Topic.REVIEW: "Na rozhodnutie",
    Topic.MOVED: "Presunuté inam (ich predchádzajúce karty neplatia)",
    Topic.NOTICE: "Nepodarilo sa doručiť",
}


def build_digest(news: Sequence[News], looks: Looks, *, largest: int = LARGEST_CARD) -> tuple[dict[str, Any], int]:
    """The card, and how many of `news`, from the first, found room on it."""
    shown = len(news)
    while shown > 1:
        built = _build(news[:shown], looks)
        excess = size_of(built) / largest
        if excess <= 1:
            return built, shown
        shown = min(shown - 1, max(1, int(shown / excess)))
    return _build(news[:1], looks), 1


def _build(news: Sequence[News], looks: Looks) -> dict[str, Any]:
    body: list[Element] = [heading(f"Z podateľne: {count_documents(len(news))}")]
    for topic, title in SECTIONS.items():
        lines = [one for one in news if one.topic is topic]
        if lines:
            body.append({**label(title), "spacing": "Medium", "weight": "Bolder"})
            body += [_line(one, looks) for one in lines]
    return card(body)


def _line(news: News, looks: Looks) -> Element:
    """A RichTextBlock, since it knows no Markdown; its links are actions of the run."""
    record = news.record
    page = document_page(looks.desk_url, record.id)
    told = [plain(news.subject, 80)] if news.subject else []
    told += [f"doručené {short_day(local_day(record.received_at, looks.time_zone))}"]
    if news.topic is Topic.ARRIVED and record.deadline:
        told.append(f"navrhovaná lehota {short_day(record.deadline)} ({record.deadline_rule})")
    if news.topic is Topic.MOVED and news.department:
        told.append(f"má ho {news.department}")
    if news.topic is Topic.NOTICE:
        told.append(f"{news.what_failed}: {our_own(record.error or '', 160)}")
    address = record.filed.url if record.filed and news.topic is Topic.ARRIVED else page
    inlines: list[dict[str, Any]] = [
        {"type": "TextRun", "text": news.title, "weight": "Bolder", "selectAction": _open(address)},
        {"type": "TextRun", "text": f" – {', '.join(told)}, č. {record.id}"},
    ]
    if news.topic is Topic.ARRIVED:
        away = _open(not_ours_page(looks.desk_url, record.id))
        inlines.append({"type": "TextRun", "text": "  Nepatrí nám", "isSubtle": True, "selectAction": away})
    return {"type": "RichTextBlock", "inlines": inlines, "spacing": "Small"}


def _open(url: str) -> dict[str, str]:
    return {"type": "Action.OpenUrl", "url": url}


def count_documents(count: int) -> str:
    """1 dokument, 2 dokumenty, 5 dokumentov"""
    word = "dokument" if count == 1 else "dokumenty" if count < 5 else "dokumentov"
    return f"{count} {word}"

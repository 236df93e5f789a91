"""The parts that cards are made of (adaptivecards.io/explorer, version 1.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.4"
# The message may have 28 KB (learn.microsoft.com/microsoftteams/limits-specifications-teams); the envelope needs some.
LARGEST_CARD = 27 * 1024

Element = Mapping[str, Any]


def card(body: Sequence[Element], actions: Sequence[Element] = ()) -> dict[str, Any]:
    """`msteams.width` lets Teams use the width of the channel."""
    parts = {"type": "AdaptiveCard", "$schema": SCHEMA, "version": VERSION, "msteams": {"width": "Full"}}
    return {**parts, "body": list(body), **({"actions": list(actions)} if actions else {})}


def heading(text: str) -> Element:
    return {"type": "TextBlock", "text": text, "weight": "Bolder", "size": "Medium", "wrap": True, "style": "heading"}


def label(text: str, color: str = "Default") -> Element:
    return {"type": "TextBlock", "text": text, "isSubtle": True, "wrap": True, "color": color, "spacing": "None"}


def text(value: str, **looks: Any) -> Element:
    return {"type": "TextBlock", "text": value, "wrap": True, **looks}


def read_text(value: str, **looks: Any) -> Element:
    """Text from a document: a RichTextBlock knows no Markdown."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": value}], **looks}


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    return {"type": "FactSet", "facts": [{"title": title, "value": value} for title, value in pairs if value]}


def open_url(title: str, url: str, style: str = "default") -> Element:
    return {"type": "Action.OpenUrl", "title": title, "url": url, **({"style": style} if style != "default" else {})}


def size_of(value: Mapping[str, Any]) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())

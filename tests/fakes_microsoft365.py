"""The Microsoft 365 stand-in for tests: a small city of its own, and clients that talk to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from local.microsoft365 import Microsoft365
from shared.departments import City

CITY = City.model_validate(
    {
        "city": {
            "name": "Mesto Skúška",
            "office": "Mestský úrad Skúška",
            "address": "Námestie 1, 974 01 Skúška",
            "time_zone": "Europe/Bratislava",
            "sharepoint_host": "skuska.sharepoint.com",
            "mailbox": "podatelna@skuska.example",
        },
        "channels": {
            "sharepoint": {"events": ["routed"]},
            "teams": {"events": ["filed"]},
            "email": {"events": ["filed"]},
        },
        "departments": [
            {
                "id": "stavebny-urad",
                "name": "Stavebný úrad",
                "site": "/sites/stavebny-urad",
                "library": "Podateľňa",
                "channels": ["sharepoint", "teams"],
            },
            {
                "id": "podatelna",
                "name": "Podateľňa",
                "role": "mailroom",
                "site": "/sites/podatelna",
                "library": "Na rozhodnutie",
                "channels": ["sharepoint", "teams"],
            },
            {
                "id": "okresny-urad",
                "name": "Okresný úrad",
                "role": "authority",
                "email": "podatelna@urad.example",
                "site": "/sites/podatelna",
                "library": "Príslušným úradom",
                "channels": ["sharepoint", "email"],
            },
        ],
    }
)


class MovingClock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def card_message(text: str, **card: Any) -> dict[str, Any]:
    content = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": text}], **card}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def graph_client(server: Microsoft365) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{server.url}/v1.0", headers={"Authorization": "Bearer any"}, timeout=10)

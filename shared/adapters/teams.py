"""Teams channels through each channel's workflow "When a Teams webhook request is received".

Limits: 28 KB a message (learn.microsoft.com/microsoftteams/limits-specifications-teams); a Teams connection of Power
Automate takes 25 posts in five minutes (learn.microsoft.com/connectors/teams), so we stay below. 202 means that the
flow has the card, not that it is shown. The address is a secret: it stands in no error and no log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime

import httpx

from shared.errors import DeliveryRefused, NotYourTurn, PodatelnaError, TransientError
from shared.ports import Turns
from shared.retry import read_retry_after

# Ten at once and then one every 27 seconds: at most 22 in any five minutes, and nobody waits long for the next turn, on
# which all that waits goes as one digest card.
BURST = 10
SECONDS_A_POST = 27.0
LONGEST_POST_SECONDS = 15.0
LARGEST_MESSAGE = 28 * 1024
HTTP_ERROR_IN_TEXT = re.compile(r"HTTP error (?P<status>\d{3})")

# At INFO httpx logs every address, and here the address is the secret.
logging.getLogger("httpx").setLevel(logging.WARNING)


class TeamsChannel:
    """Implements ports.Channel."""

    def __init__(self, webhooks: Mapping[str, str], turns: Turns, clock: Callable[[], datetime]) -> None:
        self._webhooks = webhooks
        self._turns = turns
        self._clock = clock
        self._http = httpx.AsyncClient(timeout=LONGEST_POST_SECONDS)

    async def close(self) -> None:
        await self._http.aclose()

    async def take_turn(self, department: str) -> None:
        wait = await self._turns.take(f"teams-{department}", self._clock(), burst=BURST, seconds=SECONDS_A_POST)
        if wait:
            raise NotYourTurn(f"channel of {department} has had its posts for now", retry_after=wait)

    async def post(self, department: str, card: Mapping[str, object], *, key: str) -> None:
        body = build_body(card)
        if len(body) > LARGEST_MESSAGE:
            raise DeliveryRefused(f"card of {len(body)} bytes", reason="Oznámenie je pre Teams príliš dlhé.")
        address = self._webhooks.get(department)
        if not address:
            raise DeliveryRefused(
                f"no webhook of {department}",
                reason="Oddelenie nemá nastavenú adresu kanála Teams.",
                advice="Nastavte adresu pracovného postupu kanála a pošlite dokument znova.",
            )
        answer = await self._send(address, body, key)
        if answer.status_code == 401:
            answer = await self._send(address, body, key)  # a gateway's hiccup; a withdrawn signature says so twice
        error = read_answer(answer.status_code, answer.headers, answer.text)
        if error:
            raise error

    async def _send(self, address: str, body: bytes, key: str) -> httpx.Response:
        # The tracking id shows in the flow's run history, where a doubled card can be told from two documents.
        headers = {"Content-Type": "application/json; charset=utf-8", "x-ms-client-tracking-id": key}
        try:
            async with asyncio.timeout(LONGEST_POST_SECONDS):
                return await self._http.post(address, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise TransientError(
                f"workflow does not answer: {type(error).__name__}", reason="Kanál Teams neodpovedá."
            ) from error


def build_body(card: Mapping[str, object]) -> bytes:
    """The message as the workflow's trigger takes it."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def read_answer(status: int, headers: Mapping[str, str], text: str) -> PodatelnaError | None:
    """None when the flow took the card. A 200 may still carry an error as text."""
    if status in (200, 201, 202, 204):
        text = text.strip()
        if text in ("", "1") or not re.search(r"error|failed", text, re.IGNORECASE):
            return None
        inner = HTTP_ERROR_IN_TEXT.search(text)
        if inner and int(inner["status"]) in (408, 429, 500, 502, 503, 504):
            return _transient(int(inner["status"]), headers)
        return _refused(status, "prijal, ale nevie ho zobraziť", "Pozrite históriu spustení pracovného postupu.")
    if status in (404, 410):
        return _refused(status, "neexistuje alebo bol vypnutý", "Vytvorte nový a nastavte jeho adresu.")
    if status in (401, 403):
        return _refused(status, "odmieta našu adresu", "Skopírujte novú adresu pracovného postupu do nastavení.")
    if status in (400, 413, 415, 422):
        return _refused(status, "oznámenie odmietol", "Pozrite históriu spustení pracovného postupu.")
    return _transient(status, headers)


def _refused(status: int, what: str, advice: str) -> DeliveryRefused:
    return DeliveryRefused(
        f"workflow answered {status}",
        reason=f"Pracovný postup kanála Teams {what} (odpoveď {status}).",
        advice=f"{advice} Potom pošlite dokument znova.",
        status=status,
    )


def _transient(status: int, headers: Mapping[str, str]) -> TransientError:
    return TransientError(
        f"workflow answered {status}",
        reason="Kanál Teams je dočasne nedostupný.",
        status=status,
        retry_after=read_retry_after(headers),
    )

"""A Graph upload session, done by ourselves: chunks in order, each retried, resumed where the far end says it stopped.

Rules: learn.microsoft.com/graph/api/driveitem-createuploadsession (chunks are multiples of 320 KiB, under 60 MiB,
sent without Authorization) and /graph/api/attachment-createuploadsession (4 MB a chunk at most).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from shared.adapters.graph import Graph, check
from shared.errors import TransientError
from shared.retry import read_retry_after

CHUNK_UNIT = 320 * 2**10
CHUNK = 12 * CHUNK_UNIT  # 3.75 MiB: under the mail limit, and little is lost when a connection breaks
TRIES = 5
SESSIONS = 3
LONGEST_WAIT = 10.0  # what is worth waiting for with the message in hand; longer goes through a deferred retry

logger = logging.getLogger(__name__)


async def upload(graph: Graph, data: bytes, open_session: Callable[[], Awaitable[str]], what: str) -> httpx.Response:
    """Send `data` to the session that `open_session` gives; one that expired starts anew. Returns the last answer."""
    for _ in range(SESSIONS):
        answer = await _send_all(graph, data, await open_session(), what)
        if answer is not None:
            return answer
        logger.warning("upload session ended before its time, starting anew")
    raise TransientError("upload sessions end before their time", reason=f"{what}: nahrávanie sa prerušuje.")


async def _send_all(graph: Graph, data: bytes, url: str, what: str) -> httpx.Response | None:
    """None when the session is gone."""
    first, failures = 0, 0
    while True:
        last = min(first + CHUNK, len(data)) - 1
        headers = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
        try:
            answer = await graph.send_signed("PUT", url, what=what, content=data[first : last + 1], headers=headers)
            if answer.status_code == 416:
                raise TransientError("chunk is not the one expected next")
            if answer.status_code in (404, 410):
                return None
            check(answer, what)
        except TransientError as error:
            failures += 1
            if failures >= TRIES or (error.retry_after or 0) > LONGEST_WAIT:
                raise
            await asyncio.sleep(error.retry_after if error.retry_after is not None else 0.2 * 2**failures)
            expected = await _next_expected(graph, url, what, otherwise=first)
            if expected is None:
                return None
            first = expected
            continue
        if last + 1 == len(data) and answer.status_code in (200, 201):
            return answer
        first, failures = last + 1, 0


async def _next_expected(graph: Graph, url: str, what: str, *, otherwise: int) -> int | None:
    """Where the far end wants the next chunk to begin; None when it knows the session no more."""
    try:
        answer = await graph.send_signed("GET", url, what=what)
    except TransientError:
        return otherwise
    if answer.status_code in (404, 410):
        return None
    if answer.status_code >= 400:
        wait = read_retry_after(answer.headers) or 0.0
        if wait > LONGEST_WAIT:
            check(answer, what)
        await asyncio.sleep(wait)
        return otherwise
    state: dict[str, Any] = answer.json()
    ranges = state.get("nextExpectedRanges") or [str(otherwise)]
    return int(str(ranges[0]).split("-")[0])

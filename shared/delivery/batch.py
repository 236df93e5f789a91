"""Many messages of one channel at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shared.delivery.telling import Telling
from shared.model import DocumentRecord, Message

AT_ONCE = 8
Thing = TypeVar("Thing")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Waiting:
    """A message that has something to tell; a guest's real message is elsewhere and looks after itself."""

    message: Message
    record: DocumentRecord
    telling: Telling
    guest: bool = False


def latest_of_each(messages: Sequence[Message]) -> list[Message]:
    """Repeats within one batch would wait for each other's claim, so only one of them goes on: the latest attempt.

    The retry of an earlier attempt has been sent already, and as a duplicate it would be dropped.
    """
    found: dict[tuple[str, str, int, str], Message] = {}
    for message in sorted(messages, key=lambda message: message.attempt):
        found[message.document_id, message.event.value, message.version, message.detail] = message
    return list(found.values())


async def for_each(work: Callable[[Thing], Awaitable[Result | None]], things: Sequence[Thing]) -> list[Result]:
    """A few at once; what came to nothing is left out."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(thing: Thing) -> Result | None:
        async with turns:
            return await work(thing)

    results = await asyncio.gather(*(one(thing) for thing in things))
    return [result for result in results if result is not None]

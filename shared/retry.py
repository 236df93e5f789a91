"""Deferred retry: a stage that fails for now is tried again later without holding its message.

Service Bus redelivers an abandoned message at once, so a short outage would burn the delivery count in seconds. A
failing stage therefore sends a scheduled copy of its message, addressed to itself alone (`target`), and completes the
original; when the time budget is spent, or when trying again cannot help, it gives up (shared/failures.py).
"""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from shared.errors import NotYourTurn, PermanentError, PodatelnaError, TransientError
from shared.failures import give_up
from shared.model import Message
from shared.ports import Bus, Ledger
from shared.settings import Settings
from shared.telemetry import note_failure

# An error nobody foresaw is a mistake of ours; a day of trying would only hide it.
UNFORESEEN_ATTEMPTS = 5
# After `Retry-After` not everybody at once: up to a tenth later, half a minute at most.
SPREAD, WIDEST_SPREAD = 0.1, 30.0
MEETING_SECONDS = 5

logger = logging.getLogger(__name__)


def wait_before_next(
    attempt: int, *, first: float, longest: float, retry_after: float | None = None, chance: float
) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1); `chance` is 0..1 and spreads the crowd.

    Without a word from the far end: `first`, doubled each time up to `longest`, and of that between half and the whole.
    """
    if retry_after is not None:
        return max(retry_after, 1.0) + chance * min(retry_after * SPREAD, WIDEST_SPREAD)
    return float(min(longest, first * 2.0 ** min(attempt - 1, 30)) * (0.5 + chance / 2))


async def guarded(
    message: Message,
    entity: str,
    channel: str | None,
    stage: Callable[[Message], Awaitable[None]],
    *,
    bus: Bus,
    ledger: Ledger,
    clock: Callable[[], datetime],
    settings: Settings,
) -> None:
    """Run a stage; what fails is retried later or given up. `channel` is the subscription, None for a queue."""
    try:
        await stage(message)
    except Exception as error:
        await settle(message, entity, channel, error, bus=bus, ledger=ledger, clock=clock, settings=settings)


async def settle(
    message: Message,
    entity: str,
    channel: str | None,
    error: Exception,
    *,
    bus: Bus,
    ledger: Ledger,
    clock: Callable[[], datetime],
    settings: Settings,
) -> None:
    """Decide what becomes of a message whose stage failed."""
    if not isinstance(error, PodatelnaError):
        logger.error("unforeseen error in %s for %s", channel or entity, message.document_id, exc_info=error)
    if is_final(error, message, clock(), timedelta(hours=settings.retry_budget_hours)):
        try:
            await give_up(message, entity, channel, error, bus=bus, ledger=ledger, clock=clock)
            note_failure(message, channel or entity, error, final=True)
            return
        except TransientError as trouble:
            error = trouble  # the ledger does not answer: try the stage again and give up then
    note_failure(message, channel or entity, error, final=False)
    due = next_try(error, message.attempt, clock(), settings)
    copy = message.model_copy(update={"attempt": message.attempt + 1, "target": channel or entity})
    await bus.send(entity, copy, at=due)
    logger.warning(
        "%s of %s failed at attempt %d, again at %s: %s",
        *(channel or entity, message.document_id, message.attempt, f"{due:%H:%M:%S}", _describe(error)),
    )


def next_try(error: Exception, attempt: int, now: datetime, settings: Settings) -> datetime:
    """When to try again. What waits for the same turn meets on the same second, to go together."""
    together = isinstance(error, NotYourTurn)
    seconds = wait_before_next(
        attempt,
        first=settings.retry_first_seconds,
        longest=settings.retry_longest_seconds,
        retry_after=error.retry_after if isinstance(error, TransientError) else None,
        chance=0.0 if together else random.random(),
    )
    due = now + timedelta(seconds=seconds)
    if together:
        due = datetime.fromtimestamp(math.ceil(due.timestamp() / MEETING_SECONDS) * MEETING_SECONDS, UTC)
    return due


def is_final(error: Exception, message: Message, now: datetime, budget: timedelta) -> bool:
    """Whether to give up instead of trying again."""
    if isinstance(error, PermanentError) or now - message.first_seen >= budget:
        return True
    return not isinstance(error, PodatelnaError) and message.attempt >= UNFORESEEN_ATTEMPTS


def read_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds, from either form of Retry-After that RFC 9110 allows; None when it is absent or garbled."""
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - (now or datetime.now(UTC))).total_seconds())
    except (TypeError, ValueError):
        return None


def _describe(error: Exception) -> str:
    """An error of ours holds no personal data; of another only its type is told."""
    return str(error) if isinstance(error, PodatelnaError) else type(error).__name__

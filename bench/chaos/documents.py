"""Documents as classification leaves them: stored, decided, and published to their departments."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from shared.bootstrap import Services
from shared.delivery.moves import routing_message
from shared.errors import LedgerConflict, TransientError
from shared.extracted import write_decision
from shared.model import MAILROOM, Candidate, Decision, DocumentRecord, ReadField, State, Step

Result = TypeVar("Result")
PATIENCE_SECONDS = 30.0
LARGE = 5 * 2**20  # above what goes in one PUT, so an upload session carries it
LARGE_SHARE = 0.02
REVIEW_SHARE = 0.1


async def persist(work: Callable[[], Awaitable[Result]]) -> Result:
    """Whoever feeds the pipeline waits for an outage to end; only the pipeline itself is on trial."""
    while True:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await work()
        except LedgerConflict:
            raise
        except (TransientError, TimeoutError):
            await asyncio.sleep(0.5)


async def make_document(
    services: Services, number: int, chance: random.Random, review_share: float = REVIEW_SHARE
) -> DocumentRecord:
    """The same number makes the same document."""
    receivers = [kind for kind in services.kinds.kinds if not services.city.by_id[kind.department].confirm]
    kind = chance.choice(receivers)
    review = chance.random() < review_share
    now = datetime.now(UTC)
    source = f"{now:%Y%m%d}-{number:08d}"
    record = DocumentRecord(
        id=f"{source}-1",
        source_id=source,
        source_name=f"chaos-{number}.pdf",
        pages=[1],
        received_at=now,
        state=State.REVIEW if review else State.ROUTED,
        kind=kind.id,
        department=kind.department,
        confidence=0.5 if review else 0.95,
        candidates=[Candidate(department=kind.department, confidence=0.5)],
    )
    pdf = b"%PDF-1.7\n" + chance.randbytes(LARGE if chance.random() < LARGE_SHARE else 20_000)
    subject = ReadField(name="subject", value=f"Skúšobné podanie {number}", page=1, confidence=0.9)
    decision = Decision(kind=kind.id, department=kind.department, confidence=0.9, sure=True, fields=[subject])
    name = f"{record.id}.pdf"
    await persist(lambda: services.blobs.write("delivered", name, pdf, content_type="application/pdf"))
    await persist(lambda: write_decision(services.blobs, record.id, decision))
    step = Step(at=now, actor="chaos", action="classified", state=record.state, details={"kind": kind.id})
    return await persist(lambda: services.ledger.open_document(record, step))


async def publish(services: Services, record: DocumentRecord) -> None:
    receiver = services.city.by_id[MAILROOM if record.state is State.REVIEW else record.department or MAILROOM]
    message = routing_message(record, receiver.id, datetime.now(UTC))
    await persist(lambda: services.bus.send(receiver.topic, message))

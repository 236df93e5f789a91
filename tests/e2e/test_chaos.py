"""The short form of `make chaos`: everything fails for a while, and every document still arrives, once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.chaos.run import run

pytestmark = pytest.mark.slow
DOCUMENTS = 40


async def test_no_document_is_lost_doubled_or_misplaced_when_everything_fails(tmp_path: Path) -> None:
    outcome = await run(tmp_path, documents=DOCUMENTS, seconds=25, chance=random.Random(7), tell=lambda _: None)
    verdict = outcome.verdict
    assert verdict.documents == DOCUMENTS
    assert (verdict.lost, verdict.doubled_files, verdict.misplaced) == ([], [], [])
    assert (verdict.unannounced, verdict.failed) == ([], [])
    assert outcome.trouble["host killed"] >= 1
    # A card is doubled only by a kill between the post and its record; one death meets few cards at once.
    assert verdict.doubled <= 4 * outcome.trouble["host killed"]
    assert outcome.recovery_seconds < 120

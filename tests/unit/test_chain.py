"""The hash chain notices any change to a record or a step, and to the order of steps, and says where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.chain import Break, Chain, find_breaks
from shared.model import DocumentRecord, State, Step
from tests.fakes import NOON, MemoryLedger

ID = "20261120-ABCDEFGH-1"


@pytest.fixture
async def chain() -> Chain:
    ledger = MemoryLedger()
    record = DocumentRecord(id=ID, source_id=ID[:-2], source_name="a.pdf", pages=[1], received_at=NOON)
    record = await ledger.open_document(record, Step(at=NOON, actor="intake", action="received", state=State.RECEIVED))
    for action, state in (("recognized", State.RECOGNIZED), ("classified", State.ROUTED), ("filed", State.FILED)):
        step = Step(at=NOON, actor="test", action=action, state=state, details={"department": "skolstvo"})
        record = await ledger.advance(record.model_copy(update={"state": state}), step)
    return ledger.chained[ID]


def places(chain: Chain) -> list[tuple[str, int | None]]:
    return [(found.where, found.step) for found in find_breaks(chain)]


def test_an_untouched_chain_holds(chain: Chain) -> None:
    assert list(find_breaks(chain)) == []


def test_a_changed_step_is_named(chain: Chain) -> None:
    chain.rings[2] = replace(chain.rings[2], step=chain.rings[2].step.replace("skolstvo", "majetok"))
    assert list(find_breaks(chain)) == [Break(ID, 3, "was changed, or put in by hand")]


def test_a_removed_step_is_named_also_at_the_end(chain: Chain) -> None:
    whole = list(chain.rings)
    for number in (1, 2, 3, 4):
        chain.rings = [ring for ring in whole if ring.number != number]
        assert places(chain)[0] == (ID, number)


def test_a_step_slipped_in_is_named(chain: Chain) -> None:
    forged = replace(chain.rings[1], number=3)
    chain.rings[2:] = [forged, *(replace(ring, number=ring.number + 1) for ring in chain.rings[2:])]
    assert places(chain)[0] == (ID, 3)


def test_a_step_added_at_the_end_is_named(chain: Chain) -> None:
    chain.rings.append(replace(chain.rings[3], number=5))
    assert places(chain)[0] == (ID, 5)


def test_a_record_edited_by_hand_is_noticed(chain: Chain) -> None:
    assert chain.record
    chain.record = chain.record.replace('"filed"', '"delivered"', 1)
    assert list(find_breaks(chain)) == [Break(ID, None, "the document's row was changed by hand after its last step")]


def test_a_removed_record_is_noticed(chain: Chain) -> None:
    chain.record = None
    assert "row is missing" in next(iter(find_breaks(chain))).what


def test_a_document_without_steps_is_noticed(chain: Chain) -> None:
    chain.rings.clear()
    assert places(chain) == [(ID, 4)]

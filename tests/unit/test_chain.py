"""The hash chain notices any change to a step or to the order of steps."""

from __future__ import annotations

from shared.chain import GENESIS, link
from shared.model import State, Step
from tests.fakes import NOON

RECEIVED = Step(at=NOON, actor="intake", action="received", state=State.RECEIVED)
ROUTED = Step(
    at=NOON, actor="classification", action="classified", state=State.ROUTED, details={"department": "skolstvo"}
)


def test_the_same_steps_give_the_same_chain() -> None:
    again = Step.model_validate_json(ROUTED.model_dump_json())
    assert link(link(GENESIS, RECEIVED), ROUTED) == link(link(GENESIS, RECEIVED), again)


def test_a_changed_detail_changes_the_hash() -> None:
    forged = ROUTED.model_copy(update={"details": {"department": "majetok"}})
    assert link(GENESIS, forged) != link(GENESIS, ROUTED)


def test_a_removed_step_changes_every_later_hash() -> None:
    assert link(link(GENESIS, RECEIVED), ROUTED) != link(GENESIS, ROUTED)

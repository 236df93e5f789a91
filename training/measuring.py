"""What a classifier is worth: its first choice, what it sends and how right that is, and how honest it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shared.model import MAILROOM, Decision

BINS = 10


@dataclass(frozen=True)
class Case:
    """A text with the department a clerk would choose; `podatelna` or nothing: nobody's, a person must look."""

    name: str
    text: str
    department: str


@dataclass(frozen=True)
class Outcome:
    name: str
    truth: str
    guess: str
    confidence: float
    sent: bool

    @property
    def right(self) -> bool:
        """Nobody's document is right when it is kept back."""
        return not self.sent if self.truth == MAILROOM else self.guess == self.truth


@dataclass(frozen=True)
class DepartmentScore:
    department: str
    documents: int
    precision: float
    recall: float


@dataclass(frozen=True)
class ReliabilityBin:
    low: float
    documents: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Measurement:
    """Shares are of all documents; `right_of_sent` and `right_of_first` are None when there were none."""

    title: str
    documents: int
    right_first: float
    sent: float
    right_of_sent: float | None
    wrong_sent: list[str]
    calibration_error: float
    departments: list[DepartmentScore]
    reliability: list[ReliabilityBin]
    confusion: dict[str, dict[str, int]]
    mistakes: list[Outcome]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(title: str, cases: Sequence[Case], classify: Callable[[str], Decision]) -> Measurement:
    return summarise(title, [_outcome(case, classify(case.text)) for case in cases])


def _outcome(case: Case, decision: Decision) -> Outcome:
    truth = case.department or MAILROOM
    return Outcome(case.name, truth, decision.department or MAILROOM, decision.confidence, decision.sure)


def summarise(title: str, outcomes: Sequence[Outcome]) -> Measurement:
    sent = [outcome for outcome in outcomes if outcome.sent]
    reliability = _reliability(outcomes)
    count = max(1, len(outcomes))
    confusion: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        confusion.setdefault(outcome.truth, Counter())[outcome.guess] += 1
    return Measurement(
        title=title,
        documents=len(outcomes),
        right_first=_share(outcome.right for outcome in outcomes) or 0.0,
        sent=len(sent) / count,
        right_of_sent=_share(outcome.right for outcome in sent),
        wrong_sent=[outcome.name for outcome in sent if not outcome.right],
        calibration_error=sum(b.documents * abs(b.confidence - b.right) for b in reliability)
        / max(1, sum(b.documents for b in reliability)),
        departments=_departments(outcomes),
        reliability=reliability,
        confusion={truth: dict(guesses) for truth, guesses in sorted(confusion.items())},
        mistakes=[outcome for outcome in outcomes if not outcome.right],
    )


def _share(values: Iterable[bool]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _departments(outcomes: Sequence[Outcome]) -> list[DepartmentScore]:
    scores = []
    for name in sorted({outcome.truth for outcome in outcomes}):
        own = [outcome for outcome in outcomes if outcome.truth == name]
        claimed = [outcome for outcome in outcomes if outcome.guess == name]
        precision = _share(outcome.truth == name for outcome in claimed) or 0.0
        scores.append(DepartmentScore(name, len(own), precision, _share(o.right for o in own) or 0.0))
    return scores


def _reliability(outcomes: Sequence[Outcome]) -> list[ReliabilityBin]:
    """How often each degree of confidence was right, where a department was named at all."""
    bins = []
    named = [outcome for outcome in outcomes if outcome.guess != MAILROOM]
    for number in range(BINS):
        low = number / BINS
        inside = [o for o in named if low <= min(o.confidence, 0.9999) < low + 1 / BINS]
        if inside:
            confidence = sum(o.confidence for o in inside) / len(inside)
            bins.append(ReliabilityBin(low, len(inside), confidence, _share(o.guess == o.truth for o in inside) or 0.0))
    return bins

"""Evidence and the learned model put together: one small logit model, the same weights for every department.

Fitted on documents made of phrases that neither saw, so that its probabilities mean what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.classifier.evidence import Evidence
from shared.classifier.learned import NOBODY, LinearModel

FEATURES = ("kind score", "department score", "evidence", "share of evidence", "lead in evidence", "nobody", "silence")
EVIDENCE_WEIGHT = 0.1


class Stacker:
    """Turns scores and evidence into the probability of each department, NOBODY included."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model
        self.departments = model.departments
        self._columns = {
            name: [i for i, owner in enumerate(model.owners) if owner == name] for name in model.departments
        }

    def features(self, scores: NDArray[np.float32], evidence: Mapping[str, float]) -> NDArray[np.float64]:
        """One row a department, one column a feature of FEATURES."""
        found = np.array([evidence.get(name, 0.0) for name in self.departments])
        total = found.sum()
        rows = np.zeros((len(self.departments), len(FEATURES)))
        for place, name in enumerate(self.departments):
            others = np.delete(found, place).max(initial=0.0)
            lead = (found[place] - others) / (total + 1.0)
            own = scores[self._columns[name]].max()
            share = found[place] / (total + 1.0)
            rows[place] = (own, scores[len(self._model.labels) + place], np.log1p(found[place]), share, lead, 0.0, 0.0)
            if name == NOBODY:
                rows[place, 2:] = (0.0, 0.0, 0.0, 1.0, np.log1p(total))
        return rows

    def probabilities(self, scores: NDArray[np.float32], evidence: Mapping[str, float]) -> dict[str, float]:
        return dict(zip(self.departments, softmax(self.features(scores, evidence) @ self._model.stacker), strict=True))

    def kind(self, department: str, scores: NDArray[np.float32], evidence: Evidence) -> str | None:
        """The likeliest kind of this department."""
        names = [self._model.labels[i] for i in self._columns[department] if "." not in self._model.labels[i]]
        places = self._places
        return max(
            names,
            key=lambda name: float(scores[places[name]]) + EVIDENCE_WEIGHT * np.log1p(evidence.kinds.get(name, 0.0)),
            default=None,
        )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._model.labels)}


def softmax(logits: NDArray[np.float64]) -> list[float]:
    powers = np.exp(logits - logits.max())
    return [float(p) for p in powers / powers.sum()]

"""Evidence and the learned models put together: one small logit model, the same weights for every department.

Fitted on documents made of phrases that none of them saw, so that its probabilities mean what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from shared.classifier.evidence import Evidence
from shared.classifier.learned import NOBODY, Model

FEATURES = (
    "kind score",
    "department score",
    "phrase score",
    "best line",
    "evidence",
    "nobody",
    "silence",
)
EVIDENCE_WEIGHT = 0.06
LINE_WORDS = 10
MOST_LINES = 400


class Stacker:
    """Turns a text and its evidence into the probability of each department, NOBODY included."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.departments = model.departments
        self._columns = {
            name: [i for i, owner in enumerate(model.owners) if owner == name] for name in model.departments
        }

    def features(self, text: str, scores: NDArray[np.float32], evidence: Mapping[str, float]) -> NDArray[np.float64]:
        """One row a department, one column a feature of FEATURES; `scores` are those of the whole document."""
        labels = len(self._model.labels)
        found = np.array([evidence.get(name, 0.0) for name in self.departments])
        kinds = np.array([scores[self._columns[name]].max() for name in self.departments])
        phrase = self._model.phrases.scores(text)
        nobody = np.array([float(name == NOBODY) for name in self.departments])
        silence = nobody * np.log1p(found.sum())
        columns = (kinds, scores[labels:], phrase, self._best_line(text), np.log1p(found), nobody, silence)
        return np.stack(columns, axis=1).astype(np.float64)

    def _best_line(self, text: str) -> NDArray[np.float32]:
        """The most any single line says for each department."""
        read = [self._model.phrases.scores(line) for line in _short_lines(text)]
        return np.stack(read).max(axis=0) if read else np.zeros(len(self.departments), dtype=np.float32)

    def probabilities(self, text: str, scores: NDArray[np.float32], evidence: Mapping[str, float]) -> dict[str, float]:
        shares = softmax(self.features(text, scores, evidence) @ self._model.stacker)
        return dict(zip(self.departments, shares, strict=True))

    def kind(self, department: str, scores: NDArray[np.float32], evidence: Evidence) -> str | None:
        """The likeliest kind of this department."""
        worth = {
            self._model.labels[place]: float(scores[place])
            + EVIDENCE_WEIGHT * float(np.log1p(evidence.kinds.get(self._model.labels[place], 0.0)))
            for place in self._columns[department]
            if "." not in self._model.labels[place]
        }
        return max(worth, key=lambda name: worth[name], default=None)


def _short_lines(text: str) -> Iterator[str]:
    count = 0
    for line in text.splitlines():
        words = line.split()
        for start in range(0, len(words), LINE_WORDS):
            piece = " ".join(words[start : start + LINE_WORDS])
            if any(char.isalpha() for char in piece):
                yield piece
                count += 1
                if count == MOST_LINES:
                    return


def softmax(logits: NDArray[np.float64]) -> list[float]:
    powers = np.exp(logits - logits.max())
    return [float(p) for p in powers / powers.sum()]

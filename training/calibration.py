"""Fits the stacker on documents made of unseen phrases, and chooses the threshold from what a wrong delivery costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from shared.classifier.stacking import FEATURES

PENALTY = 0.5


def fit_stacker(features: Sequence[NDArray[np.float64]], truth: Sequence[int]) -> NDArray[np.float64]:
    """Maximum likelihood with a light penalty; convex, so there is one answer."""
    stacked = np.stack(features)
    rows = np.arange(len(stacked))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = stacked @ weights
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        likelihood = np.log(np.maximum(shares[rows, truth], 1e-12)).sum()
        slope = stacked[rows, truth].sum(axis=0) - np.einsum("nd,ndf->f", shares, stacked)
        return PENALTY * float(weights @ weights) / 2 - likelihood, PENALTY * weights - slope

    fitted: NDArray[np.float64] = optimize.minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    return np.round(fitted, 6)


def choose_threshold(confidences: Sequence[float], right: Sequence[bool], wrong_costs: float) -> float:
    """The confidence from which sending costs less than asking: a wrong delivery costs `wrong_costs` questions.

    Never below the confidence at which a calibrated guess breaks even, so that luck in a small set cannot lower it.
    """
    break_even = 1.0 - 1.0 / wrong_costs
    order = np.argsort(-np.asarray(confidences), kind="stable")
    sorted_confidences = np.asarray(confidences)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    asked = len(order) - np.arange(1, len(order) + 1)
    cheapest = float(sorted_confidences[int(np.argmin(wrong * wrong_costs + asked))])
    return round(max(break_even, cheapest), 3)

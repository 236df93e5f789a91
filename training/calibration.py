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

    precise = {"ftol": 1e-15, "gtol": 1e-8, "maxiter": 1000}
    found = optimize.minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B", options=precise)
    weights: NDArray[np.float64] = np.round(found.x, 3)
    return weights


def choose_threshold(confidences: Sequence[float], right: Sequence[bool], wrong_costs: float) -> float:
    """The confidence from which sending costs less than asking: a wrong delivery costs `wrong_costs` questions.

    Never below the confidence at which a calibrated guess breaks even, so that luck in a small set cannot lower it.
    """
    break_even = 1.0 - 1.0 / wrong_costs
    order = np.argsort(-np.asarray(confidences), kind="stable")
    ranked = np.asarray(confidences)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    asked = len(order) - np.arange(1, len(order) + 1)
    last_of_equals = np.append(ranked[1:] != ranked[:-1], True)
    costs = np.where(last_of_equals, wrong * wrong_costs + asked, np.inf)
    cheapest = float(ranked[int(np.argmin(costs))]) if costs.min() < len(order) else 1.0
    return round(max(break_even, cheapest), 3)

"""Trains the classifier: fits on seen and unseen phrases, chooses the threshold, writes model and report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shared.classifier import MODEL_FILE
from shared.classifier.evidence import EvidenceIndex
from shared.classifier.learned import Model, save_model
from shared.classifier.policy import FILE_NAME, Policy, policy_text
from shared.classifier.stacking import FEATURES, Stacker, softmax
from shared.kinds import Catalogue
from training.calibration import choose_threshold, fit_stacker
from training.corpus import FOLDS, SEED, Example, phrase_examples, training_examples, unseen_examples
from training.linear import fit_model

REPORT_FILE = Path("model/report.json")
EXAMPLES = 24
FOLD_EXAMPLES = 12
UNSEEN_EXAMPLES = 4
CORRECTION_COPIES = 3


@dataclass(frozen=True)
class Training:
    """A trained model, the policy that goes with it, and how it came about."""

    model: Model
    policy: Policy
    report: dict[str, object]


def train(
    catalogue: Catalogue,
    wrong_delivery_costs: float,
    scanned: Sequence[Example] = (),
    corrections: Sequence[Example] = (),
) -> Training:
    """The same catalogue, material, scanned examples and corrections give the same model, bit for bit.

    One thread: more would sum in another order each time.
    """
    with threadpool_limits(1):
        return _train(catalogue, wrong_delivery_costs, scanned, corrections)


def _train(
    catalogue: Catalogue, wrong_delivery_costs: float, scanned: Sequence[Example], corrections: Sequence[Example]
) -> Training:
    evidence = EvidenceIndex(catalogue)
    extra = [*corrections] * CORRECTION_COPIES
    features: list[NDArray[np.float64]] = []
    truth: list[int] = []
    for fold in range(FOLDS):
        documents = [*training_examples(catalogue, FOLD_EXAMPLES, fold), *extra]
        model = fit_model(documents, phrase_examples(catalogue, fold), catalogue)
        stacker = Stacker(model)
        for example in unseen_examples(catalogue, UNSEEN_EXAMPLES, fold):
            found = evidence.find(example.text).departments
            features.append(stacker.features(example.text, model.documents.scores(example.text), found))
            truth.append(model.departments.index(example.department))
    weights = fit_stacker(features, truth)
    shares = np.array([softmax(rows @ weights) for rows in features])
    right = shares.argmax(axis=1) == np.array(truth)
    threshold = choose_threshold(list(shares.max(axis=1)), list(right), wrong_delivery_costs)
    examples = [*training_examples(catalogue, EXAMPLES), *scanned, *extra]
    final = replace(fit_model(examples, phrase_examples(catalogue), catalogue), stacker=weights)
    sent = shares.max(axis=1) >= threshold
    report: dict[str, object] = {
        "catalogue": catalogue.fingerprint,
        "kinds": len(catalogue.kinds),
        "seed": SEED,
        "examples": len(examples),
        "scanned_examples": len(scanned),
        "corrections": len(corrections),
        "ngrams": len(final.documents.buckets),
        "stacker": dict(zip(FEATURES, map(float, weights), strict=True)),
        "wrong_delivery_costs": float(wrong_delivery_costs),
        "threshold": threshold,
        "unseen_phrases": {
            "documents": len(truth),
            "right": round(float(right.mean()), 4),
            "sent": round(float(sent.mean()), 4),
            "right_of_sent": round(float(right[sent].mean()), 4) if sent.any() else None,
        },
    }
    return Training(final, Policy(wrong_delivery_costs=wrong_delivery_costs, threshold=threshold), report)


def write_training(training: Training, config_dir: Path) -> None:
    save_model(training.model, config_dir / MODEL_FILE)
    report = json.dumps(training.report, ensure_ascii=False, indent=2)
    (config_dir / REPORT_FILE).write_text(report + "\n", encoding="utf-8")
    (config_dir / FILE_NAME).write_text(policy_text(training.policy), encoding="utf-8")

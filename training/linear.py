"""Fits the linear model: ridge regression on TF-IDF of hashed n-grams, solved in the space of examples.

Ridge needs no iterations and no random start, so the same texts give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from shared.classifier.learned import NOBODY, LinearModel
from shared.classifier.ngrams import BUCKETS, hashed_counts
from shared.classifier.stacking import FEATURES
from shared.kinds import Catalogue
from training.corpus import Example

RIDGE = 2.0
RAREST = 3


def fit_linear(examples: Sequence[Example], catalogue: Catalogue) -> LinearModel:
    owners = {example.label: example.department for example in examples}
    labels = sorted(owners)
    departments = [*catalogue.departments, NOBODY]
    counts = _counts([example.text for example in examples])
    frequency = np.bincount(counts.indices, minlength=BUCKETS)
    buckets = np.flatnonzero(frequency >= RAREST).astype(np.uint32)
    idf = (np.log((1 + len(examples)) / (1 + frequency[buckets])) + 1).astype(np.float32)
    vectors = _unit_rows(counts[:, buckets] @ sparse.diags(idf))
    targets = _targets(examples, labels, departments)
    kernel = (vectors @ vectors.T).toarray().astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    weights = vectors.T @ linalg.solve(kernel, targets, assume_a="pos", overwrite_a=True)
    scales = np.abs(weights).max(axis=0) / 127
    return LinearModel(
        labels=labels,
        owners=[owners[label] for label in labels],
        departments=departments,
        buckets=buckets,
        idf=idf,
        weights=np.rint(weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        stacker=np.zeros(len(FEATURES)),
        fingerprint=catalogue.fingerprint,
    )


def _counts(texts: Sequence[str]) -> Any:
    rows = [hashed_counts(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    values = 1.0 + np.log(np.concatenate([counts for _, counts in rows]))
    columns = np.concatenate([buckets for buckets, _ in rows])
    return sparse.csr_matrix((values.astype(np.float32), columns, starts), shape=(len(rows), BUCKETS))


def _unit_rows(matrix: Any) -> Any:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(lengths, 1e-9)) @ matrix).tocsr()


def _targets(examples: Sequence[Example], labels: list[str], departments: list[str]) -> NDArray[np.float64]:
    columns = {name: place for place, name in enumerate(labels)}
    targets = np.zeros((len(examples), len(labels) + len(departments)))
    for row, example in enumerate(examples):
        targets[row, columns[example.label]] = 1.0
        targets[row, len(labels) + departments.index(example.department)] = 1.0
    return targets

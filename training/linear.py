"""Fits the linear models: ridge regression on TF-IDF of hashed n-grams, solved in the space of examples.

Ridge needs no iterations and no random start, so the same texts give the same weights. Logarithms are rounded and all
else is double precision, so that processors which differ in the last bit still agree on every 8-bit weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from shared.classifier.learned import NOBODY, Linear, Model
from shared.classifier.ngrams import BUCKETS, hashed_counts
from shared.classifier.stacking import FEATURES
from shared.kinds import Catalogue
from training.corpus import Example

DOCUMENT_RIDGE, PHRASE_RIDGE = 2.0, 0.5
DOCUMENT_RAREST, PHRASE_RAREST = 3, 2
DECIMALS = 4


def fit_model(documents: Sequence[Example], phrases: Sequence[tuple[str, str]], catalogue: Catalogue) -> Model:
    """`phrases` are pairs of text and department. The stacker's weights are zero: `calibration` finds them."""
    owners = {example.label: example.department for example in documents}
    labels = sorted(owners)
    departments = [*catalogue.departments, NOBODY]
    columns = [
        [labels.index(example.label), len(labels) + departments.index(example.department)] for example in documents
    ]
    texts = [example.text for example in documents]
    width = len(labels) + len(departments)
    owned = [[departments.index(department)] for _, department in phrases]
    return Model(
        labels=labels,
        owners=[owners[label] for label in labels],
        departments=departments,
        documents=_fit(texts, _targets(columns, width), DOCUMENT_RIDGE, DOCUMENT_RAREST),
        phrases=_fit([t for t, _ in phrases], _targets(owned, len(departments)), PHRASE_RIDGE, PHRASE_RAREST),
        stacker=np.zeros(len(FEATURES)),
        fingerprint=catalogue.fingerprint,
    )


def _fit(texts: Sequence[str], targets: NDArray[np.float64], ridge: float, rarest: int) -> Linear:
    counts = _counts(texts)
    frequency = np.bincount(counts.indices, minlength=BUCKETS)
    buckets = np.flatnonzero(frequency >= rarest).astype(np.uint32)
    idf = np.round(np.log((1 + len(texts)) / (1 + frequency[buckets])) + 1, DECIMALS)
    vectors = _unit_rows(counts[:, buckets] @ sparse.diags(idf))
    kernel = (vectors @ vectors.T).toarray()
    kernel[np.diag_indices_from(kernel)] += ridge
    weights = vectors.T @ linalg.solve(kernel, targets, assume_a="pos", overwrite_a=True)
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return Linear(buckets, idf.astype(np.float32), np.rint(weights / scales).astype(np.int8), scales.astype(np.float32))


def _counts(texts: Sequence[str]) -> Any:
    rows = [hashed_counts(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    values = np.round(1.0 + np.log(np.concatenate([counts for _, counts in rows], dtype=np.float64)), DECIMALS)
    columns = np.concatenate([buckets for buckets, _ in rows])
    return sparse.csr_matrix((values, columns, starts), shape=(len(rows), BUCKETS))


def _unit_rows(matrix: Any) -> Any:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(lengths, 1e-9)) @ matrix).tocsr()


def _targets(columns: Sequence[Sequence[int]], width: int) -> NDArray[np.float64]:
    targets = np.zeros((len(columns), width))
    for row, places in enumerate(columns):
        targets[row, places] = 1.0
    return targets

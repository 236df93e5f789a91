"""The learned half: linear models over hashed character n-grams, applied with numpy alone.

Two of them: one learned from whole documents, one from single phrases, which sees a telling line between indifferent
ones. `podatelna train` writes them to one file (npz, without pickles): 8-bit weights with one scale a column, and the
fingerprint of the catalogue they were trained for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.classifier.ngrams import hashed_counts
from shared.errors import ConfigurationError
from shared.kinds import Catalogue

NOBODY = ""
FORMAT = 2
PARTS = ("documents", "phrases")


@dataclass(frozen=True)
class Linear:
    """TF-IDF of known buckets (ascending), unit length, times weights (buckets × columns)."""

    buckets: NDArray[np.uint32]
    idf: NDArray[np.float32]
    weights: NDArray[np.int8]
    scales: NDArray[np.float32]

    def scores(self, text: str) -> NDArray[np.float32]:
        """One score a column; zeros for a text without a known n-gram."""
        found, counts = hashed_counts(text)
        places = np.searchsorted(self.buckets, found)
        places[places == len(self.buckets)] = 0
        known = self.buckets[places] == found
        values = (1.0 + np.log(counts[known])) * self.idf[places[known]]
        length = float(np.sqrt(values @ values)) or 1.0
        rows = self.weights[places[known]].astype(np.float32)
        scores: NDArray[np.float32] = (values / length).astype(np.float32) @ rows * self.scales
        return scores


@dataclass(frozen=True)
class Model:
    """`labels` are kinds, `<department>.*` and `nobody.<sort>`; `owners` are their departments (NOBODY: none).

    The columns of `documents` are one a label, then one a department of `departments` (NOBODY last); those of
    `phrases` one a department.
    """

    labels: list[str]
    owners: list[str]
    departments: list[str]
    documents: Linear
    phrases: Linear
    stacker: NDArray[np.float64]
    fingerprint: str
    version: str = ""


def save_model(model: Model, path: Path) -> None:
    """The same model gives the same bytes."""
    names = {"labels": model.labels, "owners": model.owners, "departments": model.departments}
    meta = json.dumps({"format": FORMAT, "fingerprint": model.fingerprint, **names}, ensure_ascii=False)
    arrays: dict[str, Any] = {"meta": np.frombuffer(meta.encode(), dtype=np.uint8), "stacker": model.stacker}
    for part in PARTS:
        linear: Linear = getattr(model, part)
        arrays |= {f"{part}.{field.name}": getattr(linear, field.name) for field in fields(Linear)}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def load_model(path: Path, catalogue: Catalogue) -> Model:
    """Raises ConfigurationError when the file is missing, damaged or trained for other kinds."""
    try:
        model = _read(path)
    except FileNotFoundError as error:
        raise ConfigurationError([f"{path}: there is no trained model; run `podatelna train`"]) from error
    except Exception as error:  # a damaged zip or array fails in many ways
        raise ConfigurationError([f"{path}: not a model of this version ({error}); run `podatelna train`"]) from error
    if model.fingerprint != catalogue.fingerprint:
        raise ConfigurationError([f"{path}: {_difference(model, catalogue)}; run `podatelna train`"])
    return model


def _read(path: Path) -> Model:
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    with np.load(path, allow_pickle=False) as arrays:
        meta: dict[str, Any] = json.loads(arrays["meta"].tobytes())
        if meta.pop("format") != FORMAT:
            raise ValueError("another format")
        documents, phrases = (
            Linear(**{field.name: arrays[f"{part}.{field.name}"] for field in fields(Linear)}) for part in PARTS
        )
        return Model(**meta, documents=documents, phrases=phrases, stacker=arrays["stacker"], version=version)


def _difference(model: Model, catalogue: Catalogue) -> str:
    known = {name for name in model.labels if "." not in name}
    added, gone = sorted(catalogue.by_id.keys() - known), sorted(known - catalogue.by_id.keys())
    changes = [f"{word} {', '.join(names)}" for word, names in (("added:", added), ("gone:", gone)) if names]
    what = "; ".join(changes) or "a kind belongs to another department"
    return f"the model was trained for other kinds than document_kinds.yaml has ({what})"

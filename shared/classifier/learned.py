"""The learned half: a linear model over hashed character n-grams, applied with numpy alone.

`podatelna train` writes its file (npz, without pickles): 8-bit weights with one scale a label, and the fingerprint of
the catalogue it was trained for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.classifier.ngrams import hashed_counts
from shared.errors import ConfigurationError
from shared.kinds import Catalogue

NOBODY = ""
FORMAT = 1


@dataclass(frozen=True)
class LinearModel:
    """`labels` are kinds, `<department>.*` and `nobody.<sort>`; `owners` are their departments (NOBODY: none).

    Columns of `weights`: one a label, then one a department of `departments` (NOBODY last).
    """

    labels: list[str]
    owners: list[str]
    departments: list[str]
    buckets: NDArray[np.uint32]
    idf: NDArray[np.float32]
    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    stacker: NDArray[np.float64]
    fingerprint: str
    version: str = ""

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


def save_model(model: LinearModel, path: Path) -> None:
    """The same model gives the same bytes."""
    names = {"labels": model.labels, "owners": model.owners, "departments": model.departments}
    meta = json.dumps({"format": FORMAT, "fingerprint": model.fingerprint, **names}, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        meta=np.frombuffer(meta.encode(), dtype=np.uint8),
        buckets=model.buckets,
        idf=model.idf.astype(np.float32),
        weights=model.weights,
        scales=model.scales.astype(np.float32),
        stacker=model.stacker.astype(np.float64),
    )


def load_model(path: Path, catalogue: Catalogue) -> LinearModel:
    """Raises ConfigurationError when the file is missing, damaged or trained for other kinds."""
    try:
        data = path.read_bytes()
        with np.load(path, allow_pickle=False) as arrays:
            loaded: dict[str, NDArray[Any]] = {name: arrays[name] for name in arrays.files}
        meta: dict[str, Any] = json.loads(loaded.pop("meta").tobytes())
        version = hashlib.sha256(data).hexdigest()[:12]
        if meta.pop("format") != FORMAT:
            raise ValueError("another format")
        model = LinearModel(**(meta | loaded), version=version)
    except FileNotFoundError as error:
        raise ConfigurationError([f"{path}: there is no trained model; run `podatelna train`"]) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError([f"{path}: not a model of this version ({error}); run `podatelna train`"]) from error
    if model.fingerprint != catalogue.fingerprint:
        known = {name for name in model.labels if "." not in name}
        added, gone = sorted(catalogue.by_id.keys() - known), sorted(known - catalogue.by_id.keys())
        changes = [f"{word} {', '.join(names)}" for word, names in (("added:", added), ("gone:", gone)) if names]
        what = "; ".join(changes) or "a kind belongs to another department"
        problem = (
            f"{path}: the model was trained for other kinds than document_kinds.yaml ({what}); run `podatelna train`"
        )
        raise ConfigurationError([problem])
    return model

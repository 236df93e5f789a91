"""Says which kind of document a text is, for which department, how surely, and why."""

from __future__ import annotations

from pathlib import Path

from shared.classifier.classifier import CityClassifier
from shared.classifier.learned import load_model
from shared.classifier.policy import load_policy
from shared.departments import City
from shared.kinds import load_kinds

__all__ = ["CityClassifier", "load_classifier"]

MODEL_FILE = Path("model/classifier.npz")


def load_classifier(config_dir: Path, city: City, trained: Path | None = None) -> CityClassifier:
    """Reads document_kinds.yaml, and the model with its classifier.yaml from `trained` (default: the configuration).

    Raises ConfigurationError that says what to do.
    """
    source = trained or config_dir
    catalogue = load_kinds(config_dir, city)
    model = load_model(source / MODEL_FILE, catalogue)
    return CityClassifier(city, catalogue, model, load_policy(source))

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


def load_classifier(config_dir: Path, city: City, model_file: Path | None = None) -> CityClassifier:
    """Reads document_kinds.yaml, classifier.yaml and the model; raises ConfigurationError that says what to do."""
    catalogue = load_kinds(config_dir, city)
    model = load_model(model_file or config_dir / MODEL_FILE, catalogue)
    return CityClassifier(city, catalogue, model, load_policy(config_dir))

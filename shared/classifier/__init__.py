"""Says which kind of document a text is, for which department, how surely, and why."""

from __future__ import annotations

from pathlib import Path

from shared.classifier.classifier import CityClassifier
from shared.departments import City
from shared.kinds import load_kinds
from shared.ports import Classifier

__all__ = ["load_classifier"]


def load_classifier(config_dir: Path, city: City) -> Classifier:
    """Reads document_kinds.yaml; raises ConfigurationError with every problem at once."""
    return CityClassifier(city, load_kinds(config_dir, city))

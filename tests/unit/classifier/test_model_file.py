import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shared.classifier import MODEL_FILE, load_classifier
from shared.classifier.learned import load_model, save_model
from shared.departments import City, load_city
from shared.errors import ConfigurationError
from shared.kinds import Catalogue, load_kinds

CONFIG = Path(__file__).parents[3] / "config"
TEN_MEGABYTES = 10_000_000


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(CONFIG / "departments.yaml")


@pytest.fixture(scope="module")
def catalogue(city: City) -> Catalogue:
    return load_kinds(CONFIG, city)


def test_the_model_is_small() -> None:
    assert (CONFIG / MODEL_FILE).stat().st_size < TEN_MEGABYTES


def test_a_missing_model_says_what_to_run(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(ConfigurationError, match="run `podatelna train`"):
        load_model(tmp_path / "classifier.npz", catalogue)


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:5000], lambda data: b"PK\x03\x04" + data[9:]])
def test_a_damaged_model_says_what_to_run(tmp_path: Path, catalogue: Catalogue, damage: object) -> None:
    assert callable(damage)
    path = tmp_path / "classifier.npz"
    path.write_bytes(damage((CONFIG / MODEL_FILE).read_bytes()))
    with pytest.raises(ConfigurationError, match="run `podatelna train`"):
        load_model(path, catalogue)


def test_a_model_for_other_kinds_is_refused_and_names_them(catalogue: Catalogue) -> None:
    fewer = Catalogue(kinds=[kind for kind in catalogue.kinds if kind.id != "dan-za-psa"])
    with pytest.raises(ConfigurationError, match=r"gone: dan-za-psa.*run `podatelna train`"):
        load_model(CONFIG / MODEL_FILE, fewer)


def test_a_kind_given_to_another_department_needs_training_too(catalogue: Catalogue) -> None:
    first = catalogue.kinds[0].model_copy(update={"department": "majetok"})
    moved = Catalogue(kinds=[first, *catalogue.kinds[1:]])
    with pytest.raises(ConfigurationError, match="belongs to another department"):
        load_model(CONFIG / MODEL_FILE, moved)


def test_saving_what_was_loaded_gives_the_same_bytes(tmp_path: Path, catalogue: Catalogue) -> None:
    model = load_model(CONFIG / MODEL_FILE, catalogue)
    save_model(replace(model, version=""), tmp_path / "copy.npz")
    assert (tmp_path / "copy.npz").read_bytes() == (CONFIG / MODEL_FILE).read_bytes()


def test_classifying_imports_neither_scikit_learn_nor_scipy() -> None:
    code = "import sys, shared.classifier; print([m for m in ('sklearn', 'scipy', 'matplotlib') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_threshold_that_sends_guesses_is_refused(tmp_path: Path, city: City) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / MODEL_FILE).write_bytes((CONFIG / MODEL_FILE).read_bytes())
    (tmp_path / "classifier.yaml").write_text("wrong_delivery_costs: 20\nthreshold: 0.2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"classifier.yaml:2: threshold"):
        load_classifier(CONFIG, city, tmp_path)

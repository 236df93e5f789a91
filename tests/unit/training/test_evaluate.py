from pathlib import Path

import pytest

from shared.classifier import MODEL_FILE, load_classifier
from shared.departments import load_city
from shared.errors import ConfigurationError
from shared.kinds import load_kinds
from training.corpus import training_examples
from training.evaluate import as_document, evaluate, held_out_cases, held_out_scans, read_labels
from training.measuring import Case
from training.peer import train_peer
from training.scanned import read_scanned
from training.train import train, write_training

CONFIG = Path(__file__).parents[3] / "config"
CITY = load_city(CONFIG / "departments.yaml")
CATALOGUE = load_kinds(CONFIG, CITY)


def folder(tmp_path: Path, labels: str) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("Žiadosť o výrub stromu", encoding="utf-8")
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8")
    return tmp_path


def test_labels_are_found_beside_the_table_or_under_texts(tmp_path: Path) -> None:
    (labelled,) = read_labels(folder(tmp_path, "file,department\na.txt,majetok\n"), CATALOGUE.departments)
    assert (labelled.path.name, labelled.department) == ("a.txt", "majetok")


def test_every_bad_row_is_told_at_once(tmp_path: Path) -> None:
    path = folder(tmp_path, "file,department\nb.txt,majetok\na.txt,nikto\n")
    with pytest.raises(ConfigurationError) as failure:
        read_labels(path, CATALOGUE.departments)
    assert [problem.split(": ", 1)[1][:30] for problem in failure.value.problems] == [
        "there is no file 'b.txt' in " + str(path)[:2],
        "no department 'nikto'; write o",
    ]


@pytest.mark.parametrize("labels", ["", "name;odbor\n", "file,department\n"])
def test_a_table_without_the_columns_or_rows_is_refused(tmp_path: Path, labels: str) -> None:
    with pytest.raises(ConfigurationError, match="file, department"):
        read_labels(folder(tmp_path, labels), CATALOGUE.departments)


def test_a_form_feed_starts_a_page() -> None:
    assert [page.page for page in as_document("jedna\fdva").pages] == [1, 2]


def test_what_it_sends_of_unseen_words_is_nearly_always_right() -> None:
    measured = evaluate(load_classifier(CONFIG, CITY), "held out", held_out_cases(CATALOGUE))
    assert measured.right_of_sent is not None
    assert measured.right_of_sent >= 0.985
    assert measured.right_first >= 0.75
    assert measured.sent >= 0.3


def test_bad_scans_of_unseen_words_are_sent_right_or_kept_back() -> None:
    measured = evaluate(load_classifier(CONFIG, CITY), "held-out scans", held_out_scans())
    assert measured.documents >= 100
    assert measured.right_of_sent is not None
    assert measured.right_of_sent >= 0.985


@pytest.mark.slow
def test_training_gives_the_model_that_is_kept_bit_for_bit(tmp_path: Path) -> None:
    write_training(train(CATALOGUE, 20, read_scanned("training")), tmp_path)
    for name in (MODEL_FILE, Path("model/report.json"), Path("classifier.yaml")):
        assert (tmp_path / name).read_bytes() == (CONFIG / name).read_bytes(), f"run `podatelna train`: {name} is old"


@pytest.mark.slow
def test_it_beats_word_counts_and_a_perceptron_trained_on_the_same_texts() -> None:
    classifier = load_classifier(CONFIG, CITY)
    cases: list[Case] = held_out_cases(CATALOGUE)[::3]
    peer = train_peer(training_examples(CATALOGUE, 6), classifier.threshold)
    right = sum((peer(case.text).department or "") == case.department for case in cases)
    assert evaluate(classifier, "ours", cases).right_first > right / len(cases) + 0.2

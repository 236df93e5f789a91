from pathlib import Path

import pytest

from shared.departments import load_city
from shared.errors import ConfigurationError
from shared.kinds import Catalogue, load_kinds
from training import held_out_layouts, layouts
from training.corpus import FOLDS, held_out_examples, training_examples, unseen_examples
from training.material import FOLDER, Bank, check_apart, read_banks, read_boilerplate, read_sections

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_kinds(CONFIG, load_city(CONFIG / "departments.yaml"))


def test_no_phrase_of_the_held_out_material_is_learned_from(catalogue: Catalogue) -> None:
    assert check_apart(read_banks("training", catalogue), read_banks("held_out", catalogue)) == []


def test_no_boilerplate_line_stands_on_both_sides() -> None:
    sides = [{line for lines in read_boilerplate(side).values() for line in lines} for side in ("training", "held_out")]
    assert sides[0] & sides[1] == set()


def test_no_layout_is_used_on_both_sides() -> None:
    def used(module: object) -> set[object]:
        tables = [value for value in vars(module).values() if isinstance(value, tuple) and value]
        return {pair[0] for table in tables for pair in table if isinstance(pair, tuple) and callable(pair[0])}

    assert used(layouts) & used(held_out_layouts) == set()
    assert len(used(held_out_layouts)) >= 5


def test_every_kind_has_material_on_both_sides(catalogue: Catalogue) -> None:
    for side in ("training", "held_out"):
        assert catalogue.by_id.keys() <= {bank.kind for bank in read_banks(side, catalogue)}


def test_a_kind_without_material_is_named(catalogue: Catalogue) -> None:
    unheard = catalogue.kinds[0].model_copy(update={"id": "celkom-nove"})
    more = Catalogue(kinds=[*catalogue.kinds, unheard])
    with pytest.raises(ConfigurationError, match=r"no material for kind 'celkom-nove'; add a section"):
        read_banks("training", more)


def test_a_bad_line_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bank.txt"
    path.write_text("[kind]\ntitles: a | b\nnonsense\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"bank\.txt:3: write"):
        read_sections(path)


def test_folds_part_a_bank_without_loss_or_overlap() -> None:
    bank = Bank("kind", "majetok", {"about": [f"veta {n}" for n in range(7)]})
    inside = [bank.part(fold, FOLDS, inside=True).get("about") for fold in range(FOLDS)]
    assert sorted(item for part in inside for item in part) == sorted(bank.get("about"))
    for fold in range(FOLDS):
        assert not set(inside[fold]) & set(bank.part(fold, FOLDS, inside=False).get("about"))


def test_the_same_seed_gives_the_same_texts(catalogue: Catalogue) -> None:
    assert training_examples(catalogue, 2) == training_examples(catalogue, 2)


def test_documents_of_one_kind_differ(catalogue: Catalogue) -> None:
    texts = [example.text for example in training_examples(catalogue, 10) if example.label == "vyrub-dreviny"]
    assert len(set(texts)) == len(texts) == 10


def test_held_out_documents_carry_no_official_title(catalogue: Catalogue) -> None:
    titles = {title for kind in catalogue.kinds for title in (kind.title, *kind.titles) if len(title) > 25}
    for example in held_out_examples(catalogue, 3):
        assert not any(title in example.text for title in titles), example.label


def test_a_fold_is_tried_on_every_kind(catalogue: Catalogue) -> None:
    assert catalogue.by_id.keys() <= {example.label for example in unseen_examples(catalogue, 1, 0)}


def test_foreign_lines_are_never_learned_from() -> None:
    assert not (FOLDER / "training" / "foreign.txt").exists()

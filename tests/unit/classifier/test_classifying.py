import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.classifier import CityClassifier, load_classifier
from shared.classifier.language import foreign_language
from shared.departments import load_city
from shared.kinds import load_kinds
from shared.model import Decision
from training.corpus import clean_examples
from training.evaluate import as_document
from training.material import FOLDER, read_sections

CONFIG = Path(__file__).parents[3] / "config"

TREE = """Mesto Banská Bystrica
ŽIADOSŤ O VYDANIE SÚHLASU NA VÝRUB DREVÍN
podľa zákona č. 543/2002 Z. z. o ochrane prírody a krajiny
Druh dreviny: lipa malolistá, obvod kmeňa vo výške 130 cm: 145 cm
Dôvod výrubu: strom je suchý a ohrozuje strechu, navrhujem náhradnú výsadbu
Pozemok parc. č. 1234/5, list vlastníctva č. 77"""

TAX = """Oznámenie daňovníka
PRIZNANIE K DANI Z NEHNUTEĽNOSTÍ
Čiastkové priznanie, vznik daňovej povinnosti, výmera pozemku, spoluvlastnícky podiel, správca dane"""


@pytest.fixture(scope="module")
def classifier() -> CityClassifier:
    return load_classifier(CONFIG, load_city(CONFIG / "departments.yaml"))


def decide(classifier: CityClassifier, text: str) -> Decision:
    return classifier.classify(as_document(text))


def test_a_form_goes_to_its_department_with_its_kind(classifier: CityClassifier) -> None:
    decision = decide(classifier, TREE)
    assert (decision.department, decision.kind, decision.sure) == ("zivotne-prostredie", "vyrub-dreviny", True)
    assert decision.candidates[0].department == "zivotne-prostredie"
    assert decision.candidates[0].confidence == decision.confidence


def test_reasons_quote_the_phrases_as_they_stand_in_the_text(classifier: CityClassifier) -> None:
    reasons = " ".join(decide(classifier, TREE).reasons)
    assert "„VYDANIE SÚHLASU NA VÝRUB DREVÍN“" in reasons or "SÚHLASU NA VÝRUB DREVÍN“" in reasons
    assert "Oddelenie životného prostredia" in reasons


@pytest.mark.parametrize("spoil", [str.lower, lambda t: t.replace("ý", "y").replace("í", "i").replace("Ý", "Y")])
def test_lost_diacritics_and_case_do_not_change_the_decision(classifier: CityClassifier, spoil: object) -> None:
    assert callable(spoil)
    assert decide(classifier, spoil(TREE)).department == "zivotne-prostredie"


def test_a_badly_read_form_is_still_recognised(classifier: CityClassifier) -> None:
    noisy = TREE.replace("VÝRUB", "VYRUE").replace("dreviny", "drev1ny").replace("kmeňa", "kmefia").replace("o", "0", 4)
    assert decide(classifier, noisy).department == "zivotne-prostredie"


@pytest.mark.parametrize("text", ["", "   \n\f  ", "xx", "1234 5678 ---- ....", "Áno nie"])
def test_a_text_too_short_to_judge_goes_to_the_mailroom_without_a_guess(classifier: CityClassifier, text: str) -> None:
    decision = decide(classifier, text)
    assert not decision.sure
    assert decision.department is None
    assert decision.confidence == 0.0
    assert "človek" in decision.reasons[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [("cs", "po česky"), ("hu", "po maďarsky"), ("en", "po anglicky"), ("de", "po nemecky"), ("uk", "v azbuke")],
)
def test_a_foreign_language_is_kept_back_and_named(classifier: CityClassifier, language: str, said: str) -> None:
    text = "\n".join(read_sections(FOLDER / "foreign.txt")[language]["text"])
    decision = decide(classifier, text)
    assert not decision.sure
    assert said in decision.reasons[0]


def test_no_slovak_document_is_taken_for_a_foreign_one() -> None:
    catalogue = load_kinds(CONFIG, load_city(CONFIG / "departments.yaml"))
    examples = [*clean_examples(catalogue, "training", 4), *clean_examples(catalogue, "held_out", 2)]
    assert [example.text for example in examples if foreign_language(example.text)] == []


def test_what_is_nobodys_business_is_kept_back(classifier: CityClassifier) -> None:
    recipe = """Orechovník podľa starej mamy
    Vajcia vymiešame s cukrom, pridáme múku, mleté orechy a mlieko.
    Cesto vylejeme na plech a pečieme vo vyhriatej rúre dozlatista. Podávame so šľahačkou."""
    decision = decide(classifier, recipe)
    assert not decision.sure
    assert decision.reasons[0] == "Text sa nepodobá na žiadny druh podania, ktorý mesto pozná."


def test_two_forms_on_two_pages_are_kept_back_naming_both_departments(classifier: CityClassifier) -> None:
    decision = decide(classifier, f"{TREE}\f{TAX}")
    assert not decision.sure
    assert "Oddelenie životného prostredia (strana 1)" in decision.reasons[0]
    assert "Oddelenie daní a poplatkov (strana 2)" in decision.reasons[0]


def test_a_form_that_runs_over_two_pages_is_no_pair(classifier: CityClassifier) -> None:
    second = "Prílohy: kópia z katastrálnej mapy, fotografia stromu\nV Banskej Bystrici dňa 5. 1. 2026\nPodpis"
    assert decide(classifier, f"{TREE}\f{second}").sure


def test_the_runner_up_is_named_when_two_departments_are_close(classifier: CityClassifier) -> None:
    both = "vyhradené parkovacie miesto, dopravné značenie, nájom pozemku vo vlastníctve mesta, nájomná zmluva"
    decision = decide(classifier, both)
    assert not decision.sure
    assert {c.department for c in decision.candidates[:2]} == {"doprava-a-komunikacie", "majetok"}
    assert any(reason.startswith("Druhá možnosť: ") for reason in decision.reasons)


def test_a_page_written_mostly_by_hand_is_never_sent_unseen(classifier: CityClassifier) -> None:
    text = as_document(TREE)
    by_hand = text.model_copy(
        update={
            "pages": [
                page.model_copy(
                    update={
                        "lines": [
                            line.model_copy(
                                update={"words": [w.model_copy(update={"handwritten": True}) for w in line.words]}
                            )
                            for line in page.lines
                        ]
                    }
                )
                for page in text.pages
            ]
        }
    )
    decision = classifier.classify(by_hand)
    assert not decision.sure
    assert decision.department == "zivotne-prostredie"
    assert "rukou" in decision.reasons[0]


def test_two_hundred_pages_are_decided_in_seconds(classifier: CityClassifier) -> None:
    began = time.monotonic()
    decision = decide(classifier, "\f".join([TREE] * 200))
    assert decision.department == "zivotne-prostredie"
    assert time.monotonic() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_makes_it_fail_or_send_noise(classifier: CityClassifier, text: str) -> None:
    decision = decide(classifier, text)
    assert 0.0 <= decision.confidence <= 1.0
    assert decision.reasons


def test_the_same_text_gives_the_same_decision(classifier: CityClassifier) -> None:
    again = load_classifier(CONFIG, load_city(CONFIG / "departments.yaml"))
    assert decide(classifier, TREE) == decide(again, TREE)

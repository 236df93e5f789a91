import pytest

from shared.classifier.evidence import EvidenceIndex
from shared.classifier.ngrams import hashed_counts, normalised
from shared.folding import fold, stem
from shared.kinds import Catalogue, Kind


def kind(name: str, department: str, phrases: dict[str, float], title: str = "Nadpis bez zhody") -> Kind:
    return Kind(id=name, title=title, department=department, phrases=phrases, act="zákon")


@pytest.fixture
def index() -> EvidenceIndex:
    kinds = [
        kind("vyrub", "zivotne-prostredie", {"výrub dreviny": 3, "obvod kmeňa": 2}),
        kind("pes", "dane-a-poplatky", {"daň za psa": 3, "osvedčenie": 1}),
        kind(
            "podpis",
            "evidencia-obyvatelov-a-matrika",
            {"osvedčenie": 1},
            "Žiadosť o osvedčenie podpisu na listine",
        ),
    ]
    return EvidenceIndex(Catalogue(kinds=kinds))


def test_a_phrase_is_found_in_another_case_and_quoted_as_written(index: EvidenceIndex) -> None:
    evidence = index.find("Žiadam o povolenie VÝRUBU DREVÍN pri dome")
    assert evidence.quotes(["vyrub"]) == ["VÝRUBU DREVÍN"]
    assert max(evidence.departments, key=lambda name: evidence.departments[name]) == "zivotne-prostredie"


@pytest.mark.parametrize("text", ["vyrub drcviny", "výrub drevinv", "výrub dreviiny"])
def test_a_misread_letter_is_tolerated(index: EvidenceIndex, text: str) -> None:
    assert "zivotne-prostredie" in index.find(text).departments


def test_words_far_apart_are_no_phrase(index: EvidenceIndex) -> None:
    assert index.find("výrub " + "slovo " * 12 + "dreviny").departments == {}


def test_a_phrase_of_two_departments_speaks_half_for_each(index: EvidenceIndex) -> None:
    found = index.find("osvedčenie").departments
    assert found["dane-a-poplatky"] == found["evidencia-obyvatelov-a-matrika"] == pytest.approx(0.75)


def test_three_quarters_of_a_long_title_are_enough(index: EvidenceIndex) -> None:
    assert "podpis" in index.find("žiadosť o osvedčenie na listine").kinds


def test_a_quote_inside_a_longer_quote_is_not_told_twice() -> None:
    kinds = [kind("vyrub", "zivotne-prostredie", {"výrub": 1, "súhlas na výrub dreviny": 3, "výrub dreviny": 2})]
    assert EvidenceIndex(Catalogue(kinds=kinds)).find("súhlas na výrub dreviny").quotes(["vyrub"]) == [
        "súhlas na výrub dreviny"
    ]


def test_folding_keeps_the_length_so_that_spans_stay_true() -> None:
    text = "Žiadosť ĽŠČŤŽÝÁÍÉ ﬁ ½ İ ß"
    assert len(fold(text)) == len(text)
    assert fold("Žiadosť ĽŠČŤ") == "ziadost lsct"


@pytest.mark.parametrize(
    ("left", "right"), [("nehnuteľností", "nehnuteľnosť"), ("drevinami", "dreviny"), ("stavebného", "stavebné")]
)
def test_endings_do_not_matter(left: str, right: str) -> None:
    assert stem(fold(left)).startswith(stem(fold(right))) or stem(fold(right)).startswith(stem(fold(left)))


def test_a_word_broken_at_the_line_end_is_mended_and_numbers_are_alike() -> None:
    assert normalised("rozho-\ndnutie č. 123") == normalised("rozhodnutie č. 7")


def test_hashing_is_the_same_on_every_machine() -> None:
    buckets, counts = hashed_counts("výrub dreviny")
    assert (int(buckets[0]), int(buckets[-1]), int(counts.sum())) == (GOLDEN_FIRST, GOLDEN_LAST, GOLDEN_SUM)


GOLDEN_FIRST, GOLDEN_LAST, GOLDEN_SUM = 1126, 123058, 36

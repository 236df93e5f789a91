import numpy as np
import pytest

from shared.model import MAILROOM
from training.calibration import choose_threshold, fit_stacker
from training.evaluate import compare
from training.measuring import Outcome, summarise
from training.plots import report_page


def outcome(truth: str, guess: str, confidence: float, sent: bool) -> Outcome:
    return Outcome(f"{truth}-{guess}", truth, guess, confidence, sent)


MIXED = [
    outcome("majetok", "majetok", 0.99, True),
    outcome("majetok", "majetok", 0.6, False),
    outcome("skolstvo", "majetok", 0.97, True),
    outcome("skolstvo", "skolstvo", 0.98, True),
]


def test_shares_count_first_choice_and_what_was_sent_apart() -> None:
    measured = summarise("mixed", MIXED)
    assert measured.right_first == 0.75
    assert measured.sent == 0.75
    assert measured.right_of_sent == pytest.approx(2 / 3)
    assert measured.wrong_sent == ["skolstvo-majetok"]
    assert measured.confusion == {"majetok": {"majetok": 2}, "skolstvo": {"majetok": 1, "skolstvo": 1}}


def test_precision_and_recall_are_told_for_each_department() -> None:
    by_name = {score.department: score for score in summarise("mixed", MIXED).departments}
    assert by_name["majetok"].precision == pytest.approx(2 / 3)
    assert by_name["majetok"].recall == 1.0
    assert (by_name["skolstvo"].precision, by_name["skolstvo"].recall) == (1.0, 0.5)


def test_nobodys_document_is_right_when_it_is_kept_back() -> None:
    kept = summarise("kept", [outcome(MAILROOM, "majetok", 0.5, False)])
    sent = summarise("sent", [outcome(MAILROOM, "majetok", 0.99, True)])
    assert (kept.right_first, sent.right_first) == (1.0, 0.0)


def test_nothing_sent_has_no_share_of_right() -> None:
    assert summarise("none", [outcome("majetok", "majetok", 0.5, False)]).right_of_sent is None


def test_an_honest_classifier_has_no_calibration_error() -> None:
    honest = [outcome("majetok", "majetok" if n < 7 else "skolstvo", 0.7, False) for n in range(10)]
    assert summarise("honest", honest).calibration_error == pytest.approx(0.0)


def test_a_candidate_that_sends_more_wrong_ones_is_refused_with_figures() -> None:
    right, wrong = outcome("majetok", "majetok", 0.99, True), outcome("majetok", "skolstvo", 0.99, True)
    good, bad = summarise("set", [right] * 10), summarise("set", [right] * 9 + [wrong])
    assert compare([good], [good]) == []
    assert compare([bad], [good]) == []
    assert compare([good], [bad]) == [
        "set: right first falls from 100.0% to 90.0%",
        "set: right of sent falls from 100.0% to 90.0%",
    ]


def test_the_threshold_is_where_sending_costs_less_than_asking() -> None:
    confidences = [0.99] * 50 + [0.96] * 50 + [0.9] * 50
    right = [True] * 50 + [True] * 40 + [False] * 10 + [False] * 50
    assert choose_threshold(confidences, right, 20) == 0.99


def test_a_classifier_whose_surest_answers_are_wrong_sends_nothing() -> None:
    assert choose_threshold([0.99, 0.98], [False, True], 20) == 1.0


def test_the_threshold_never_falls_below_break_even_by_luck() -> None:
    assert choose_threshold([0.6, 0.55, 0.5], [True, True, True], 20) == 0.95
    assert choose_threshold([0.6, 0.55, 0.5], [True, True, True], 4) == 0.75


def test_the_stacker_weighs_the_feature_that_tells() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 200)
    features = []
    for answer in truth:
        rows = np.zeros((3, 7))
        rows[answer, 0] = 1.0
        rows[:, 1] = random.normal(size=3)
        features.append(rows)
    weights = fit_stacker(features, list(truth))
    assert weights[0] > 2.0
    assert abs(weights[1]) < 0.5


def test_the_report_is_one_page_with_plots_and_escapes_names() -> None:
    page = report_page("Report", [summarise("<set>", MIXED)])
    assert page.count("<svg") == 2
    assert "&lt;set&gt;" in page
    assert "75.0%" in page
    assert "http-equiv" not in page
    assert "<script" not in page

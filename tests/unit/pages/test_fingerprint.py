"""A paper scanned twice is told from another one filled in on the same form."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from shared.pages.fingerprint import Signature, is_likely_repeat, sign
from tests.fakes_pages import blank_image

FORM = "žiadosť o vydanie stanoviska mesto banská bystrica žiadateľ adresa telefón dátum podpis prílohy " * 2
ANNA = FORM + "Anna Skúšková Lipová 12 97401 narodená 12.3.1961 parcela 1428/7 tel 0900123456 suma 45,50 dňa 20.11.2026"
BEATA = FORM + "Beáta Iná Tehelná 77 97405 narodená 30.9.1988 parcela 322/19 tel 0911999888 suma 12,00 dňa 18.11.2026"


def scan(text: str, *, turn: float = 0.0) -> NDArray[np.uint8]:
    """Lines as long as the letters of the text say, the same paper each time a little differently: askew and noisy."""
    page = np.full((1169, 827), 250, np.uint8)
    for number, letter in enumerate((text * 30)[:30]):
        length = 40 + ord(letter) * 29 % 560
        cv2.putText(page, "nmoi" * (length // 60 + 1), (90, 90 + 34 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30,), 1)
    matrix = cv2.getRotationMatrix2D((413, 584), turn, 1.0)
    noisy = cv2.warpAffine(page, matrix, (827, 1169), borderValue=(250,)).astype(np.int16)
    noisy += np.random.default_rng(int(10 * turn) + 5).normal(0, 4, page.shape).astype(np.int16)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def misread(text: str) -> str:
    """Every 15th word as OCR mangles it."""
    return " ".join(word[:-1] + "1" if n % 15 == 0 else word for n, word in enumerate(text.split()))


def test_the_same_paper_scanned_again_is_a_likely_repeat() -> None:
    assert is_likely_repeat(sign(ANNA, 1, [scan("anna")]), sign(misread(ANNA), 1, [scan("anna", turn=0.3)]))


def test_another_persons_form_is_none() -> None:
    assert not is_likely_repeat(sign(ANNA, 1, [scan("anna")]), sign(BEATA, 1, [scan("anna")]))


def test_the_same_words_on_a_page_that_looks_different_are_none() -> None:
    assert not is_likely_repeat(sign(ANNA, 1, [scan("anna")]), sign(ANNA, 1, [scan("iné rozloženie strany")]))


@pytest.mark.parametrize("other", [sign(ANNA, 2), sign("", 1)], ids=["more pages", "no text"])
def test_pages_and_text_must_be_there_to_compare(other: Signature) -> None:
    assert not is_likely_repeat(sign(ANNA, 1), other)


def test_a_signature_is_small_survives_storing_and_holds_no_word() -> None:
    signature = sign(ANNA * 30, 9, [scan("anna"), np.asarray(blank_image())])
    stored = signature.model_dump_json()
    assert len(stored) < 5000
    assert "anna" not in stored.casefold()
    assert is_likely_repeat(signature, Signature.model_validate_json(stored))

"""Document Intelligence's answer in the product's words."""

from __future__ import annotations

import pytest
from azure.ai.formrecognizer import AnalyzeResult

from shared.analysis_result import to_document_text


def word(text: str, offset: int, polygon: list[tuple[float, float]]) -> dict[str, object]:
    return {
        "content": text,
        "polygon": [{"x": x, "y": y} for x, y in polygon],
        "span": {"offset": offset, "length": len(text)},
        "confidence": 0.9,
    }


def rectangle(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def answer(
    words: list[dict[str, object]],
    *,
    angle: float = 0.0,
    size: tuple[float, float] = (8.0, 10.0),
    handwritten: list[tuple[int, int]] | None = None,
) -> AnalyzeResult:
    """One page, all words on one line."""
    spans = [{"offset": 0, "length": 1000}]
    page = {
        "page_number": 1,
        "angle": angle,
        "width": size[0],
        "height": size[1],
        "unit": "inch",
        "spans": spans,
        "words": words,
        "lines": [{"content": "", "polygon": [], "spans": spans}],
        "selection_marks": [],
        "barcodes": [],
        "formulas": [],
    }
    by_hand = [{"offset": offset, "length": length} for offset, length in handwritten or []]
    styles = [{"is_handwritten": True, "spans": by_hand, "confidence": 0.8}]
    return AnalyzeResult.from_dict({"pages": [page], "styles": styles, "content": ""})


def test_boxes_are_fractions_of_the_page() -> None:
    text = to_document_text("D-1", "e", answer([word("Mesto", 0, rectangle(2, 1, 4, 1.5))]), [1])
    assert text.pages[0].lines[0].words[0].box == pytest.approx((0.25, 0.1, 0.5, 0.15))


@pytest.mark.parametrize(
    ("angle", "polygon", "rotation"),
    [
        # The same word, 2 wide and 0.5 high, its top left at (2, 1) of the upright 8 × 10 page.
        (90.0, [(9, 2), (9, 4), (8.5, 4), (8.5, 2)], 270),
        (180.0, [(6, 9), (4, 9), (4, 8.5), (6, 8.5)], 180),
        (-90.0, [(1, 6), (1, 4), (1.5, 4), (1.5, 6)], 90),
    ],
)
def test_a_turned_page_has_its_boxes_on_the_upright_one(
    angle: float, polygon: list[tuple[float, float]], rotation: int
) -> None:
    size = (8.0, 10.0) if angle == 180 else (10.0, 8.0)
    [page] = to_document_text("D-1", "e", answer([word("Mesto", 0, polygon)], angle=angle, size=size), [1]).pages
    assert page.rotation == rotation
    assert page.lines[0].words[0].box == pytest.approx((0.25, 0.1, 0.5, 0.15))


def test_what_is_left_of_the_angle_is_the_skew() -> None:
    [page] = to_document_text("D-1", "e", answer([], angle=-88.5, size=(10, 8)), [1]).pages
    assert (page.rotation, page.skew) == (90, 1.5)


def test_only_the_words_in_handwritten_spans_are_marked() -> None:
    words = [word("Meno:", 0, rectangle(1, 1, 2, 1.2)), word("Jana", 6, rectangle(2.2, 1, 3, 1.2))]
    [page] = to_document_text("D-1", "e", answer(words, handwritten=[(6, 4)]), [1]).pages
    assert [(one.text, one.handwritten) for one in page.lines[0].words] == [("Meno:", False), ("Jana", True)]


def test_a_page_the_service_left_out_is_said_to_be_missing() -> None:
    text = to_document_text("D-1", "e", answer([word("a", 0, rectangle(1, 1, 2, 2))]), [4, 5])
    assert [page.page for page in text.pages] == [4, 5]
    assert not text.pages[0].error
    assert "free tier" in text.pages[1].error

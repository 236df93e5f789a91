from __future__ import annotations

import numpy as np
import pytest

from local.document_intelligence.analysis import write_result
from local.document_intelligence.scans import Scan
from local.document_intelligence.troubles import Script, Trouble, next_of
from shared.imaging.rasters import Raster
from shared.model import Line, PageText, Word

BOX = (0.1, 0.2, 0.3, 0.25)


def page(*texts: str, rotation: int = 0, skew: float = 0, confidence: float = 0.9) -> PageText:
    lines = [Line(words=[Word(text=w, box=BOX, confidence=confidence) for w in text.split()]) for text in texts]
    return PageText(page=1, lines=lines, rotation=rotation, skew=skew)


def scan(width: float = 100, height: float = 200) -> Scan:
    return Scan(Raster(np.zeros((1, 1), dtype=np.uint8), 200), width, height, "pixel")


def test_content_joins_words_by_blanks_and_lines_by_line_breaks() -> None:
    result = write_result([(scan(), page("Žiadosť o výrub", "drevín")), (scan(), page("druhá strana"))])
    assert result["content"] == "Žiadosť o výrub\ndrevín\ndruhá strana"
    spans = [entry["spans"][0] for entry in result["pages"]]
    assert [result["content"][s["offset"] : s["offset"] + s["length"]] for s in spans] == [
        "Žiadosť o výrub\ndrevín",
        "druhá strana",
    ]


def test_an_empty_page_has_no_span() -> None:
    result = write_result([(scan(), page())])
    assert (result["content"], result["pages"][0]["spans"], result["pages"][0]["words"]) == ("", [], [])


@pytest.mark.parametrize(
    ("rotation", "top_left", "top_right"),
    [(0, (10, 40), (30, 40)), (180, (90, 160), (70, 160)), (90, (20, 180), (20, 140)), (270, (80, 20), (80, 60))],
)
def test_polygons_lie_on_the_page_as_it_came(
    rotation: int, top_left: tuple[float, float], top_right: tuple[float, float]
) -> None:
    word = write_result([(scan(), page("slovo", rotation=rotation))])["pages"][0]["words"][0]
    assert tuple(word["polygon"][:2]) == pytest.approx(top_left)
    assert tuple(word["polygon"][2:4]) == pytest.approx(top_right)


@pytest.mark.parametrize(("rotation", "skew", "angle"), [(0, 1.5, 1.5), (90, 0, -90), (180, 0, 180), (270, -2, 88)])
def test_the_angle_says_how_the_text_is_turned_clockwise(rotation: int, skew: float, angle: float) -> None:
    result = write_result([(scan(), page("slovo", rotation=rotation, skew=skew))])
    assert result["pages"][0]["angle"] == angle


def test_doubted_words_are_styled_as_handwriting() -> None:
    result = write_result([(scan(), page("meno", confidence=0.3)), (scan(), page("tlač"))])
    assert result["styles"] == [{"confidence": 0.7, "spans": [{"offset": 0, "length": 4}], "isHandwritten": True}]


def test_troubles_come_in_order_and_end() -> None:
    script = Script()
    script.set(analyze=["throttled", "ok", "internal"])
    met = [next_of(script.analyze) for _ in range(4)]
    assert met == [Trouble.THROTTLED, Trouble.OK, Trouble.INTERNAL, Trouble.OK]


def test_a_failed_analysis_cannot_be_the_trouble_of_a_poll() -> None:
    with pytest.raises(ValueError, match="under `analyze`"):
        Script().set(poll=["internal"])

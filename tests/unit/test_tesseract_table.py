"""The engine's table becomes lines with their places; what is found later goes where it stands."""

from __future__ import annotations

import pytest

from shared.imaging.placement import Placement
from shared.model import Line, Word
from shared.tesseract_table import insert_lines, lies_on, parse_tsv

PAGE = Placement(1000, 2000, 0.0)


def row(line: int, left: int, top: int, text: str, confidence: float = 90.0) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{top}\t100\t40\t{confidence}\t{text}"


def line(text: str, top: float) -> Line:
    return Line(words=[Word(text=text, box=(0.1, top, 0.2, top + 0.02), confidence=0.9)])


def test_words_of_one_row_make_a_line_and_empty_ones_none() -> None:
    table = "\n".join(["1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t", row(1, 100, 50, "Daň"), row(1, 300, 50, "z")])
    reading = parse_tsv(f"{table}\n{row(2, 100, 100, ' ')}\n{row(3, 100, 150, 'psa', 30.0)}", PAGE)
    assert [one.text for one in reading.lines] == ["Daň z", "psa"]
    assert reading.boxes == [(100, 50, 100, 40), (300, 50, 100, 40), (100, 150, 100, 40)]
    assert reading.confidence == pytest.approx((0.9 * 4 + 0.3 * 3) / 7)


def test_a_word_lies_where_it_stands_on_the_whole_page() -> None:
    reading = parse_tsv(row(1, 85, 10, "Daň"), PAGE, widening=2.0, origin=(200, 500))
    assert reading.boxes == [(370, 510, 200, 40)]
    assert reading.lines[0].words[0].box == pytest.approx((0.37, 0.255, 0.57, 0.275))


def test_a_line_found_later_goes_between_its_neighbours() -> None:
    lines = [line("prvý", 0.1), line("tretí", 0.5)]
    whole = insert_lines(lines, [line("druhý", 0.3), line("nadpis", 0.05), line("štvrtý", 0.7)])
    assert [one.text for one in whole] == ["nadpis", "prvý", "druhý", "tretí", "štvrtý"]
    assert len(lines) == 2


def test_a_word_lies_on_another_whose_box_holds_its_middle() -> None:
    assert lies_on((10, 10, 20, 20), [(100, 100, 5, 5), (15, 15, 50, 50)])
    assert not lies_on((10, 10, 20, 20), [(25, 25, 50, 50)])

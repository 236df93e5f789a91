"""The invisible text of one page as PDF drawing commands, kept small: a faxed page has only some twenty kilobytes.

Words of a line share a baseline and a size and begin where they stand on the scan, to a third of a millimetre;
neighbours of about the same width a letter share their stretch too. A word that sticks out of its line (a stamp across
it) starts a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians, sin
from statistics import median

from shared.imaging.placement import PageFrame
from shared.model import PageText, Word
from shared.searchable.font import ADVANCE, EM, Alphabet

FONT = "/Unseen"
STICKS_OUT = 0.5  # share of the line's height by which a word's middle is above or below
TOO_TALL = 1.8
SAME_SIZE = 0.12
SAME_STRETCH = 0.07  # what a word's end may be off, as a share of its width
STRETCH_STEP = 5  # per cent
SHIFT_STEP = 100  # thousandths of the size: 0.3 mm on a line of 9 points
GUESSED = 0.3  # less sure words are noise that nobody searches for
ESCAPES = {ord("("): b"\\(", ord(")"): b"\\)", ord("\\"): b"\\\\"}


@dataclass(frozen=True)
class _Spot:
    """A word's box along its line: left end, middle across, width and height in points."""

    codes: bytes
    left: float
    middle: float
    width: float
    height: float


def draw_text(page: PageText, frame: PageFrame, alphabet: Alphabet) -> bytes:
    """Every word where it stands on the scan, along the slant of the page's lines."""
    slant = _Slant(frame, page.skew)
    pen = _Pen(slant)
    drawn = [pen.draw(run) for line in page.lines for run in _runs(slant.spots(line.words, alphabet))]
    return b"\n".join([b"BT", b"3 Tr", *drawn, b"ET"]) if drawn else b""


@dataclass(frozen=True)
class _Slant:
    """The page as shown, turned so that its lines run level; `skew` as in PageText."""

    frame: PageFrame
    skew: float

    def spots(self, words: list[Word], alphabet: Alphabet) -> Iterator[_Spot]:
        across, down = self.frame.shown_size
        angle = radians(self.skew)
        for word in words:
            x0, y0, x1, y1 = word.box
            width, height, codes = (x1 - x0) * across, (y1 - y0) * down, alphabet.encode(word.text)
            x, y = (x0 + x1) / 2 * across, (y0 + y1) / 2 * down
            if width > 0 and height > 0 and codes and _is_worth_finding(word):
                along, middle = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
                yield _Spot(codes, along - width / 2, middle, width, height)

    def matrix(self, along: float, base: float) -> str:
        angle = radians(self.skew)
        across, down = self.frame.shown_size
        x, y = along * cos(angle) - base * sin(angle), along * sin(angle) + base * cos(angle)
        left, bottom = self.frame.point(x / across, y / down)
        # User space counts angles counter-clockwise, and the page is yet to be turned clockwise.
        turned = radians(self.frame.turn - self.skew)
        level, up = _number(cos(turned)), _number(sin(turned))
        return f"{level} {up} {_number(-sin(turned))} {level} {round(left)} {round(bottom)} Tm"


class _Pen:
    """Writes runs of words; says size and stretch only when they change enough to be seen."""

    def __init__(self, slant: _Slant) -> None:
        self.slant = slant
        self.size = 0
        self.stretch = 0

    def draw(self, run: list[_Spot]) -> bytes:
        base = median(spot.middle + spot.height / 2 for spot in run)
        head = self._set_size(median(spot.height for spot in run))
        return head + self.slant.matrix(run[0].left, base).encode() + self._show(run)

    def _set_size(self, height: float) -> bytes:
        if abs(height - self.size) <= SAME_SIZE * height:
            return b""
        self.size = max(1, round(height))
        return f"{FONT} {self.size} Tf ".encode()

    def _set_stretch(self, spot: _Spot) -> bytes:
        wanted = 100 * spot.width / (len(spot.codes) * ADVANCE / EM * self.size)
        if abs(wanted - self.stretch) <= SAME_STRETCH * wanted:
            return b""
        self.stretch = max(STRETCH_STEP, STRETCH_STEP * round(wanted / STRETCH_STEP))
        return b"%d Tz" % self.stretch

    def _show(self, run: list[_Spot]) -> bytes:
        """The words of a line as arrays of texts and shifts, a new array whenever the stretch changes."""
        out: list[bytes] = []
        end = run[0].left
        for spot in run:
            # A blank after each word, so that a reader that trusts the stream and not the gaps still sees two words.
            codes = spot.codes if spot is run[-1] else spot.codes + b" "
            stretch = self._set_stretch(spot)
            if stretch or not out:
                out += [b"]TJ " if out else b" ", stretch, b"["]
            unit = self.size * self.stretch / 100  # points an em
            shift = SHIFT_STEP * round((end - spot.left) / unit * EM / SHIFT_STEP)
            if shift:
                out.append(b"%d" % shift)
            out.append(_literal(codes))
            end += unit * (len(codes) * ADVANCE - shift) / EM
        return b"".join(out) + b"]TJ"


def _is_worth_finding(word: Word) -> bool:
    return word.confidence >= GUESSED and any(letter.isalnum() for letter in word.text)


def _runs(spots: Iterator[_Spot]) -> Iterator[list[_Spot]]:
    run: list[_Spot] = []
    for spot in spots:
        if run and not _fits(spot, run[0]):
            yield run
            run = []
        run.append(spot)
    if run:
        yield run


def _fits(spot: _Spot, first: _Spot) -> bool:
    taller, lower = max(spot.height, first.height), min(spot.height, first.height)
    return abs(spot.middle - first.middle) <= STICKS_OUT * taller and taller <= TOO_TALL * lower


def _number(value: float) -> str:
    """PDF knows no exponents (ISO 32000-1, 7.3.3)."""
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def _literal(codes: bytes) -> bytes:
    return b"(" + b"".join(ESCAPES.get(code, bytes((code,))) for code in codes) + b")"

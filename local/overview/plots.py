"""Plots as inline SVG (pure): sizes in user units, colours from overview.css by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 560.0
ROW = 26.0
LABEL = 220.0
LETTER = 7.6
HEIGHT = 170.0
LEFT, TOP, BOTTOM = 30.0, 12.0, 22.0


@dataclass(frozen=True)
class Part:
    """One piece of a bar; `look` is its CSS class."""

    value: float
    look: str


@dataclass(frozen=True)
class Bar:
    label: str
    parts: Sequence[Part]
    told: str

    @property
    def total(self) -> float:
        return sum(part.value for part in self.parts)


def rows(bars: Sequence[Bar], title: str) -> str:
    """Horizontal bars, one below another, each with its label and number."""
    longest = max((bar.total for bar in bars), default=0.0) or 1.0
    room = WIDTH - LABEL - 12 - LETTER * max((len(bar.told) for bar in bars), default=0)
    body = []
    for number, bar in enumerate(bars):
        middle, x = number * ROW + ROW / 2, LABEL
        body.append(_text(LABEL - 8, middle + 4, bar.label, "label", anchor="end"))
        for part in bar.parts:
            width = part.value / longest * room
            if width:
                body.append(_rect(x, middle - 8, width, 16, part.look))
            x += width
        body.append(_text(x + 6, middle + 4, bar.told, "number"))
    return _svg(WIDTH, max(ROW, ROW * len(bars)), title, body)


def columns(bars: Sequence[Bar], title: str, *, every: int = 1, paired: bool = False) -> str:
    """Upright bars over a scale of whole numbers; `every` n-th has its label. Paired: parts stand side by side."""
    tallest = max(
        (max((p.value for p in bar.parts), default=0.0) if paired else bar.total for bar in bars), default=0.0
    )
    top = nice_top(tallest)
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT) / max(1, len(bars))
    body = []
    for mark in (0.0, top / 2, top):
        y = TOP + room * (1 - mark / top)
        body.append(f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        body.append(_text(LEFT - 6, y + 4, f"{mark:g}".replace(".", ","), "scale", anchor="end"))
    for number, bar in enumerate(bars):
        x, y = LEFT + number * step, TOP + room
        width = step * 0.8 / (len(bar.parts) if paired else 1)
        for place, part in enumerate(bar.parts):
            height = part.value / top * room
            left = x + step * 0.1 + (place * width if paired else 0.0)
            y = TOP + room - height if paired else y - height
            if height:
                body.append(_rect(left, y, width, height, part.look, bar.told))
        if number % every == 0:
            body.append(_text(x + step / 2, HEIGHT - 6, bar.label, "scale", anchor="middle"))
    return _svg(WIDTH, HEIGHT, title, body)


def nice_top(value: float) -> float:
    """The end of the scale: 2, 4, 10, 20, 40, 100…"""
    top = 2.0
    while top < value:
        top = top * 2 if str(top)[0] != "4" else top * 2.5
    return top


def _rect(x: float, y: float, width: float, height: float, look: str, told: str = "") -> str:
    inside = f"<title>{escape(told)}</title>" if told else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{escape(look)}" {place} rx="1.5">{inside}</rect>'


def _text(x: float, y: float, text: str, look: str, anchor: str = "start") -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: float, height: float, title: str, body: Sequence[str]) -> str:
    shape = f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}"'
    return f'<svg class="plot" {shape}>{"".join(body)}</svg>'

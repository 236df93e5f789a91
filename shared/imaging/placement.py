"""From an engine's pixels to fractions of the upright page, and from those to PDF's user space and back."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

Box = tuple[float, float, float, float]
PixelBox = tuple[int, int, int, int]  # left, top, width, height


@dataclass(frozen=True)
class Placement:
    """A picture of width × height pixels that was straightened by `skew` degrees counter-clockwise about its centre."""

    width: int
    height: int
    skew: float

    def box(self, left: float, top: float, width: float, height: float) -> Box:
        """Fractions of the page before straightening: the box keeps its size and moves with its centre."""
        x, y = left + width / 2 - self.width / 2, top + height / 2 - self.height / 2
        angle = radians(self.skew)
        across = x * cos(angle) - y * sin(angle) + self.width / 2
        down = x * sin(angle) + y * cos(angle) + self.height / 2
        return (
            fraction((across - width / 2) / self.width),
            fraction((down - height / 2) / self.height),
            fraction((across + width / 2) / self.width),
            fraction((down + height / 2) / self.height),
        )


@dataclass(frozen=True)
class PageFrame:
    """The visible part of a PDF page in user space (origin bottom left), shown turned clockwise by `turn` degrees."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height as the reader sees them."""
        return (self.width, self.height) if self.turn % 180 == 0 else (self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """User space coordinates of fractions from the top left of the page as shown."""
        across, up = {0: (x, 1 - y), 90: (y, x), 180: (1 - x, y), 270: (1 - y, 1 - x)}[self.turn]
        return self.left + across * self.width, self.bottom + up * self.height

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Fractions from the top left of the page as shown, of a rectangle in user space."""
        corners = [self._fractions(left, bottom), self._fractions(right, top)]
        (x0, x1), (y0, y1) = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        return fraction(x0), fraction(y0), fraction(x1), fraction(y1)

    def _fractions(self, x: float, y: float) -> tuple[float, float]:
        across, up = (x - self.left) / self.width, (y - self.bottom) / self.height
        return {0: (across, 1 - up), 90: (up, across), 180: (1 - across, up), 270: (1 - up, 1 - across)}[self.turn]


def fraction(value: float) -> float:
    """Within the page, to less than a hundredth of a millimetre on A4."""
    return round(min(1.0, max(0.0, value)), 5)

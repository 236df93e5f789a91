"""Back from the pixels an engine saw to fractions of the upright page."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

Box = tuple[float, float, float, float]


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
            _fraction((across - width / 2) / self.width),
            _fraction((down - height / 2) / self.height),
            _fraction((across + width / 2) / self.width),
            _fraction((down + height / 2) / self.height),
        )


def _fraction(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 5)

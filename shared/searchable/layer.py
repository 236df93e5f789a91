"""The invisible text of one page as PDF drawing commands."""

from __future__ import annotations

from math import cos, radians, sin

from shared.imaging.placement import PageFrame
from shared.model import PageText, Word
from shared.searchable.font import ADVANCE, EM, encode

FONT = "/PodatelnaF"
ESCAPES = {ord("("): b"\\(", ord(")"): b"\\)", ord("\\"): b"\\\\", ord("\r"): b"\\r", ord("\n"): b"\\n"}


def draw_text(page: PageText, frame: PageFrame) -> bytes:
    """Each word where it stands on the scan, stretched to its width, along the slant of the page's lines."""
    words = [_draw_word(word, frame, page.skew) for line in page.lines for word in line.words]
    return b"\n".join([b"BT", b"3 Tr", *(word for word in words if word), b"ET"]) if any(words) else b""


def _draw_word(word: Word, frame: PageFrame, skew: float) -> bytes:
    codes = encode(word.text)
    x0, y0, x1, y1 = word.box
    shown_width, shown_height = frame.shown_size
    width, height = (x1 - x0) * shown_width, (y1 - y0) * shown_height
    if not codes or width <= 0 or height <= 0:
        return b""
    stretch = 100 * width / (len(codes) // 2 * ADVANCE / EM * height)
    # Clockwise slant of the lines as shown, then the turn of the page: user space counts counter-clockwise.
    angle = radians(frame.turn - skew)
    centre_x, centre_y = frame.point((x0 + x1) / 2, (y0 + y1) / 2)
    x = centre_x - width / 2 * cos(angle) + height / 2 * sin(angle)
    y = centre_y - width / 2 * sin(angle) - height / 2 * cos(angle)
    across, up = _number(cos(angle)), _number(sin(angle))
    matrix = f"{across} {up} {_number(-sin(angle))} {across} {x:.1f} {y:.1f}"
    # A blank after each word, so that a reader that trusts the stream and not the gaps still sees two words.
    return f"{FONT} {height:.1f} Tf {stretch:.0f} Tz {matrix} Tm ".encode() + _literal(codes + b"\0 ") + b" Tj"


def _number(value: float) -> str:
    """PDF knows no exponents (ISO 32000-1, 7.3.3)."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def _literal(codes: bytes) -> bytes:
    return b"(" + b"".join(ESCAPES.get(code, bytes((code,))) for code in codes) + b")"

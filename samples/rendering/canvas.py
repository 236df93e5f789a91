"""A page being drawn: an A4 sheet, a pen for print and one for handwriting, and the height reached so far."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples.rendering.fonts import load_font
from samples.rendering.form import Colour, Style
from samples.rendering.handwriting import write_words

A4_INCHES = (8.2677, 11.6929)
PRINT_BLACK: Colour = (20, 20, 22)
PAPER: Colour = (255, 255, 255)


def page_size(dpi: int) -> tuple[int, int]:
    return round(A4_INCHES[0] * dpi), round(A4_INCHES[1] * dpi)


def new_page(dpi: int) -> Image.Image:
    return Image.new("RGB", page_size(dpi), PAPER)


class Canvas:
    """All lengths are pixels; `px` turns typographic points into them."""

    def __init__(self, style: Style, rng: np.random.Generator, dpi: int, page: Image.Image | None = None) -> None:
        self.style = style
        self.rng = rng
        self.dpi = dpi
        self.page = page or new_page(dpi)
        self.draw = ImageDraw.Draw(self.page)
        page_width, page_height = page_size(dpi)
        self.left = self.px(56)
        self.right = page_width - self.px(50)
        self.y = self.px(40)
        self.bottom = page_height - self.px(48)
        self.footer = page_height - self.px(26)
        self.printed: list[str] = []

    def px(self, points: float) -> int:
        return round(points * self.dpi / 72)

    @property
    def width(self) -> int:
        return self.right - self.left

    def font(self, size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
        return load_font(self.style.body, self.px(size), bold)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float | None = None,
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Print one line on its baseline; returns where it ends."""
        font = self.font(size or self.style.size, bold)
        length = font.getlength(text)
        x -= {"left": 0.0, "center": length / 2, "right": length}[align]
        self.draw.text((x, baseline), text, font=font, fill=PRINT_BLACK, anchor="ls")
        self.printed.append(text)
        return x + length

    def write(self, x: float, baseline: float, text: str, width: float | None = None, scale: float = 1.0) -> None:
        """Handwrite one line on its baseline, smaller if it would not fit the width."""
        write_words(
            self.page,
            x,
            baseline,
            text,
            self.rng,
            family=self.style.hand,
            pixels=self.px(self.style.hand_size * scale),
            ink=self.style.ink,
            haste=self.style.haste,
            width=width,
        )

    def rule(self, x1: float, x2: float, y: float, *, dotted: bool = False) -> None:
        weight = max(1, self.px(0.5))
        if not dotted:
            self.draw.line((x1, y, x2, y), fill=PRINT_BLACK, width=weight)
            return
        step = self.px(3)
        for x in np.arange(x1, x2, step):
            self.draw.rectangle((x, y - weight, x + weight, y), fill=PRINT_BLACK)

    def box(self, x1: float, y1: float, x2: float, y2: float, fill: Colour | None = None) -> None:
        self.draw.rectangle((x1, y1, x2, y2), outline=PRINT_BLACK, fill=fill, width=max(1, self.px(0.5)))


class MeasuringCanvas(Canvas):
    """Takes the same calls and keeps only the height: to know whether a block still fits on a page."""

    def __init__(self, style: Style, dpi: int) -> None:
        super().__init__(style, np.random.default_rng(0), dpi, Image.new("RGB", (1, 1)))

    def write(self, x: float, baseline: float, text: str, width: float | None = None, scale: float = 1.0) -> None:
        pass


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break text into lines that fit the width; newlines in the text stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines

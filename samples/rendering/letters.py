"""Pages of running text: a typed letter, or a sheet written whole by hand."""

import numpy as np
from PIL import Image

from samples.rendering.canvas import Canvas, wrap
from samples.rendering.fonts import HANDWRITTEN, load_font
from samples.rendering.form import Style
from samples.rendering.layout import DEFAULT_DPI, number_pages


def render_plain_text(
    text: str,
    rng: np.random.Generator,
    style: Style | None = None,
    *,
    dpi: int = DEFAULT_DPI,
    by_hand: bool = False,
    numbered: bool = False,
) -> list[Image.Image]:
    """Text with its newlines on as many pages as it needs, typed in `style.body` or written in `style.hand`."""
    style = style or Style()
    if by_hand and style.hand not in HANDWRITTEN:
        raise ValueError(f"{style.hand!r} is no handwriting: use one of {', '.join(HANDWRITTEN)}")
    canvas = Canvas(style, rng, dpi)
    pages = [canvas]
    size = style.hand_size if by_hand else style.size
    step = canvas.px(size * (1.2 if by_hand else 1.4))
    font = load_font(style.hand, canvas.px(size)) if by_hand else canvas.font(size)
    for line in wrap(text, font, canvas.width * (0.92 if by_hand else 1.0)):
        canvas.y += step
        if canvas.y > canvas.bottom:
            canvas = Canvas(style, rng, dpi)
            pages.append(canvas)
            canvas.y += step
        if by_hand:
            canvas.write(canvas.left + rng.uniform(-4, 8), canvas.y, line, canvas.width)
        else:
            canvas.text(canvas.left, canvas.y, line)
    images = [page.page for page in pages]
    if numbered:
        number_pages(images, style.body, dpi)
    return images

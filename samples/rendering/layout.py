"""Lays a form out on as many A4 pages as it needs."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from samples.rendering.blocks import draw_block
from samples.rendering.canvas import PRINT_BLACK, Canvas, MeasuringCanvas, page_size, wrap
from samples.rendering.fonts import load_font
from samples.rendering.form import Block, Form, PageBreak
from samples.rendering.stamp import press_stamp

DEFAULT_DPI = 200


def render_pages(form: Form, rng: np.random.Generator, dpi: int = DEFAULT_DPI) -> list[Image.Image]:
    """The form's pages as clean RGB images, in order, each as printed and filled in but not yet scanned."""
    return [page.page for page in lay_out(form, rng, dpi)]


def lay_out(form: Form, rng: np.random.Generator, dpi: int = DEFAULT_DPI) -> list[Canvas]:
    """The same pages, which also know what is printed on them."""
    canvas = Canvas(form.style, rng, dpi)
    pages = [canvas]
    ruler = MeasuringCanvas(form.style, dpi)
    draw_head(canvas, form)
    for block in form.blocks:
        if isinstance(block, PageBreak) or canvas.y + measure(block, ruler) > canvas.bottom:
            canvas = Canvas(form.style, rng, dpi)
            pages.append(canvas)
        draw_block(block, canvas)
    images = [page.page for page in pages]
    if form.numbered if form.numbered is not None else len(pages) > 1:
        number_pages(images, form.style.body, dpi)
    if form.receipt:
        first = pages[0]
        x = first.right - first.px(58) + round(rng.uniform(-12, 12))
        press_stamp(first.page, form.receipt, x, first.px(76) + round(rng.uniform(-14, 14)), rng, dpi)
    return pages


def render_page(form: Form, rng: np.random.Generator, dpi: int = DEFAULT_DPI) -> Image.Image:
    """The only page of a form that fits on one; a longer form is refused rather than cut."""
    pages = render_pages(form, rng, dpi)
    if len(pages) != 1:
        raise ValueError(f"{form.title!r} takes {len(pages)} pages: use render_pages")
    return pages[0]


def measure(block: Block, ruler: MeasuringCanvas) -> int:
    """The height a block takes."""
    ruler.y = 0
    draw_block(block, ruler)
    return ruler.y


def draw_head(canvas: Canvas, form: Form) -> None:
    """Office and address, a rule under them, a letter's opening, then the title."""
    for index, line in enumerate(form.header):
        size = canvas.style.size + (2 if index == 0 else 0)
        canvas.y += canvas.px(size * 1.3)
        canvas.text(canvas.left, canvas.y, line, size=size, bold=index == 0)
    if form.header:
        canvas.y += canvas.px(6)
        canvas.rule(canvas.left, canvas.right, canvas.y)
    if form.form_code:
        canvas.text(canvas.left, canvas.footer, form.form_code, size=7)
    if form.opening:
        canvas.y += canvas.px(16)
        for block in form.opening:
            draw_block(block, canvas)
    else:
        canvas.y += canvas.px(46 if form.receipt else 10)
    centred = canvas.style.title_align == "center"
    x = (canvas.left + canvas.right) / 2 if centred else canvas.left
    for text, size, bold in (
        (form.title, canvas.style.size + 5, True),
        (form.subtitle, canvas.style.size, False),
    ):
        for line in wrap(text, canvas.font(size, bold), canvas.width) if text else ():
            canvas.y += canvas.px(size * 1.28)
            canvas.text(x, canvas.y, line, size=size, bold=bold, align=canvas.style.title_align)
    canvas.y += canvas.px(10)


def number_pages(pages: Sequence[Image.Image], body: str, dpi: int) -> None:
    """Print "strana 1/3" at the foot of each page, on the page itself."""
    right, footer = page_size(dpi)[0] - round(50 * dpi / 72), page_size(dpi)[1] - round(26 * dpi / 72)
    font = load_font(body, round(8.5 * dpi / 72))
    for index, page in enumerate(pages, 1):
        text = f"strana {index}/{len(pages)}"
        ImageDraw.Draw(page).text((right, footer), text, font=font, fill=PRINT_BLACK, anchor="rs")

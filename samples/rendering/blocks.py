"""Draws each kind of block of a form at the canvas's height and moves the height below it."""

from functools import singledispatch

from samples.rendering.canvas import Canvas, wrap
from samples.rendering.fonts import load_font
from samples.rendering.form import (
    Address,
    Block,
    Choices,
    Comb,
    Field,
    Gap,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Row,
    Signature,
    SmallPrint,
    Table,
)

GREY = (226, 226, 226)
LIGHT_GREY = (240, 240, 240)


@singledispatch
def draw_block(block: Block, canvas: Canvas) -> None:
    raise TypeError(f"no way to draw a block of type {type(block).__name__}: register one in blocks.py")


@draw_block.register
def draw_gap(block: Gap, canvas: Canvas) -> None:
    canvas.y += canvas.px(block.points)


@draw_block.register
def draw_page_break(_block: PageBreak, _canvas: Canvas) -> None:
    """The layout has already turned the page."""


@draw_block.register
def draw_heading(block: Heading, canvas: Canvas) -> None:
    size = canvas.style.size + 1
    canvas.y += canvas.px(9)
    baseline = canvas.y + canvas.px(size)
    if canvas.style.headings == "bar":
        canvas.draw.rectangle((canvas.left, canvas.y, canvas.right, baseline + canvas.px(4)), fill=GREY)
        canvas.text(canvas.left + canvas.px(4), baseline, block.text, size=size, bold=True)
    else:
        canvas.text(canvas.left, baseline, block.text, size=size, bold=True)
        if canvas.style.headings == "underlined":
            canvas.rule(canvas.left, canvas.right, baseline + canvas.px(3))
    canvas.y = baseline + canvas.px(8)


@draw_block.register
def draw_paragraph(block: Paragraph, canvas: Canvas) -> None:
    size = block.size or canvas.style.size
    x = {"left": canvas.left, "center": (canvas.left + canvas.right) / 2, "right": canvas.right}[block.align]
    for line in wrap(block.text, canvas.font(size, block.bold), canvas.width):
        canvas.y += canvas.px(size * 1.32)
        canvas.text(x, canvas.y, line, size=size, bold=block.bold, align=block.align)
    canvas.y += canvas.px(5)


@draw_block.register
def draw_row(block: Row, canvas: Canvas) -> None:
    boxed = canvas.style.fields == "boxed"
    gap = 0 if boxed else canvas.px(8)
    total = sum(field.share for field in block.fields)
    room = canvas.width - gap * (len(block.fields) - 1)
    height = canvas.px(canvas.style.size * (3.1 if boxed else 2.25))
    x: float = canvas.left
    for field in block.fields:
        width = room * field.share / total
        if boxed:
            draw_boxed_field(canvas, field, x, width, height)
        else:
            draw_open_field(canvas, field, x, width, canvas.y + height - canvas.px(4))
        x += width + gap
    canvas.y += height


def draw_boxed_field(canvas: Canvas, field: Field, x: float, width: float, height: int) -> None:
    label_size = canvas.style.size * 0.78
    canvas.box(x, canvas.y, x + width, canvas.y + height)
    canvas.text(x + canvas.px(3), canvas.y + canvas.px(label_size + 1), field.label, size=label_size)
    put_value(canvas, field, x + canvas.px(6), canvas.y + height - canvas.px(6), width - canvas.px(12))


def draw_open_field(canvas: Canvas, field: Field, x: float, width: float, baseline: float) -> None:
    start = canvas.text(x, baseline, f"{field.label}: " if field.label else "")
    canvas.rule(start, x + width, baseline + canvas.px(2), dotted=canvas.style.fields == "dotted")
    put_value(canvas, field, start + canvas.px(3), baseline, x + width - start - canvas.px(4))


def put_value(canvas: Canvas, field: Field, x: float, baseline: float, width: float) -> None:
    if field.printed:
        canvas.text(x, baseline, field.value)
    else:
        canvas.write(x, baseline, field.value, width)


@draw_block.register
def draw_lines(block: Lines, canvas: Canvas) -> None:
    if block.label:
        canvas.y += canvas.px(canvas.style.size * 1.5)
        canvas.text(canvas.left, canvas.y, block.label)
    step = canvas.px(canvas.style.hand_size * 1.25)
    font = load_font(canvas.style.hand, canvas.px(canvas.style.hand_size))
    written = wrap(block.value, font, canvas.width * 0.93)
    for index in range(max(block.count, len(written))):
        canvas.y += step
        canvas.rule(canvas.left, canvas.right, canvas.y + canvas.px(2), dotted=canvas.style.fields == "dotted")
        if index < len(written):
            canvas.write(canvas.left + canvas.px(3), canvas.y, written[index], canvas.width)
    canvas.y += canvas.px(6)


@draw_block.register
def draw_comb(block: Comb, canvas: Canvas) -> None:
    cell, height = canvas.px(15), canvas.px(19)
    canvas.y += canvas.px(3)
    baseline = canvas.y + height - canvas.px(5)
    x = canvas.text(canvas.left, baseline, f"{block.label}: ") + canvas.px(6)
    for character in block.value:
        if character != " ":
            canvas.box(x, canvas.y, x + cell, canvas.y + height)
            canvas.write(x + canvas.px(4), baseline, character)
        x += cell if character != " " else cell / 2
    canvas.y += height + canvas.px(4)


@draw_block.register
def draw_choices(block: Choices, canvas: Canvas) -> None:
    size = canvas.style.size
    side = canvas.px(size * 0.9)
    canvas.y += canvas.px(size * 1.5)
    x = canvas.text(canvas.left, canvas.y, block.label) + canvas.px(8) if block.label else float(canvas.left)
    for index, option in enumerate(block.options):
        length = canvas.font(size).getlength(option) + side + canvas.px(18)
        if x + length > canvas.right and x > canvas.left:
            x = canvas.left
            canvas.y += canvas.px(size * 1.6)
        canvas.box(x, canvas.y - side + canvas.px(1), x + side, canvas.y + canvas.px(1))
        if index in block.ticked:
            canvas.write(x, canvas.y + canvas.px(1), "X")
        canvas.text(x + side + canvas.px(4), canvas.y, option)
        x += length
    canvas.y += canvas.px(size * 0.7)


@draw_block.register
def draw_table(block: Table, canvas: Canvas) -> None:
    total = sum(block.shares)
    edges = [canvas.left + canvas.width * sum(block.shares[:i]) / total for i in range(len(block.shares) + 1)]
    size = canvas.style.size * 0.88
    heads = [
        wrap(text, canvas.font(size, True), edges[i + 1] - edges[i] - canvas.px(6)) for i, text in enumerate(block.head)
    ]
    canvas.y += canvas.px(4)
    height = canvas.px(size * 1.25 * max(map(len, heads)) + 6)
    for i, lines in enumerate(heads):
        canvas.box(edges[i], canvas.y, edges[i + 1], canvas.y + height, LIGHT_GREY)
        for n, line in enumerate(lines, 1):
            canvas.text(edges[i] + canvas.px(3), canvas.y + canvas.px(size * 1.25 * n), line, size=size, bold=True)
    canvas.y += height
    height = canvas.px(canvas.style.size * (1.8 if block.printed else 2.3))
    for cells in block.rows:
        for i, cell in enumerate(cells):
            canvas.box(edges[i], canvas.y, edges[i + 1], canvas.y + height)
            field = Field("", cell, printed=block.printed)
            put_value(
                canvas,
                field,
                edges[i] + canvas.px(4),
                canvas.y + height - canvas.px(6),
                edges[i + 1] - edges[i] - canvas.px(8),
            )
        canvas.y += height
    canvas.y += canvas.px(6)


@draw_block.register
def draw_small_print(block: SmallPrint, canvas: Canvas) -> None:
    size = canvas.style.size * 0.82
    canvas.y += canvas.px(4)
    if block.title:
        canvas.y += canvas.px(size * 1.3)
        canvas.text(canvas.left, canvas.y, block.title, size=size, bold=True)
    for line in wrap(block.text, canvas.font(size), canvas.width):
        canvas.y += canvas.px(size * 1.28)
        canvas.text(canvas.left, canvas.y, line, size=size)
    canvas.y += canvas.px(4)


@draw_block.register
def draw_signature(block: Signature, canvas: Canvas) -> None:
    canvas.y += canvas.px(36)
    if block.place_and_date:
        start = canvas.text(canvas.left, canvas.y, "V ")
        middle = canvas.left + canvas.width * 0.46
        canvas.rule(start, middle, canvas.y + canvas.px(2), dotted=True)
        canvas.write(start + canvas.px(3), canvas.y, block.place_and_date, middle - start)
    line_start = canvas.left + canvas.width * 0.6
    canvas.rule(line_start, canvas.right, canvas.y + canvas.px(2), dotted=True)
    canvas.write(line_start + canvas.px(14), canvas.y - canvas.px(1), block.name, canvas.right - line_start, scale=1.35)
    canvas.y += canvas.px(canvas.style.size * 1.3)
    canvas.text(
        (line_start + canvas.right) / 2,
        canvas.y,
        block.caption,
        size=canvas.style.size * 0.85,
        align="center",
    )
    canvas.y += canvas.px(8)


@draw_block.register
def draw_address(block: Address, canvas: Canvas) -> None:
    x = canvas.left if block.side == "left" else canvas.left + canvas.width * 0.58
    canvas.y += canvas.px(4)
    for index, line in enumerate(block.lines):
        canvas.y += canvas.px(canvas.style.size * 1.35)
        canvas.text(x, canvas.y, line, bold=block.bold_first and index == 0)
    canvas.y += canvas.px(10)

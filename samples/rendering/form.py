"""What a form says, apart from how it looks: a title and a list of blocks, drawn by `layout.render_pages`."""

from dataclasses import dataclass, field
from typing import Literal

Colour = tuple[int, int, int]

BLUE_INK: Colour = (28, 46, 140)
BLACK_INK: Colour = (32, 32, 40)


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled place to fill in. `share` is its part of the row's width; `printed` values are typed."""

    label: str
    value: str = ""
    share: float = 1.0
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A labelled free-text answer over several ruled lines."""

    label: str
    value: str
    count: int = 3


@dataclass(frozen=True, slots=True)
class Comb:
    """A label and one cell a character, as for a rodné číslo or an IČO. A space in the value leaves a gap."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Tick boxes; `ticked` holds the indices of the crossed ones."""

    label: str
    options: tuple[str, ...]
    ticked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    printed: bool = False


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """Instructions, a list of enclosures, or the notice on personal data."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    place_and_date: str
    name: str
    caption: str = "podpis žiadateľa"


@dataclass(frozen=True, slots=True)
class Address:
    """Addressee or sender, as a block of lines on one side of the page."""

    lines: tuple[str, ...]
    side: Literal["left", "right"] = "right"
    bold_first: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    points: float = 8.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Row | Lines | Comb | Choices | Table | SmallPrint | Signature | Address | Gap | PageBreak


@dataclass(frozen=True, slots=True)
class Style:
    """How a form looks. `body` names a printed family, `hand` a handwriting one (see `fonts.FAMILIES`)."""

    body: str = "arimo"
    size: float = 10.0
    hand: str = "caveat"
    hand_size: float = 17.0
    haste: float = 1.0
    """How hurried the hand is: 1 is a careful filler-in of forms, 3 is hard to read."""
    ink: Colour = BLUE_INK
    fields: Literal["dotted", "ruled", "boxed"] = "dotted"
    headings: Literal["bold", "bar", "underlined"] = "bold"
    title_align: Literal["left", "center"] = "center"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The mailroom's round stamp: the day of receipt (as printed) and the number written under it."""

    date: str
    number: str = ""
    colour: Colour = (52, 48, 150)


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    blocks: tuple[Block, ...]
    header: tuple[str, ...] = ()
    opening: tuple[Block, ...] = ()
    """Blocks between the head and the title: a letter names its addressee before its subject."""
    subtitle: str = ""
    style: Style = field(default_factory=Style)
    receipt: Receipt | None = None
    numbered: bool | None = None
    """Whether the pages carry "strana 1/2"; None numbers what has more than one page."""
    form_code: str = ""


def row(*fields: Field | tuple[str, str] | tuple[str, str, float]) -> Row:
    """Short spelling of a `Row`: fields, or (label, value[, share]) tuples."""
    return Row(tuple(item if isinstance(item, Field) else Field(*item) for item in fields))

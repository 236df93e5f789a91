"""PDF files: opened, repaired, freed of everything but their pages, and cut into documents."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from shared.pages import jpeg, refusals
from shared.pages.findings import Limits, Prepared
from shared.pages.formats import Format

MAX_CONTENT_BYTES = 64 * 2**20  # one page's drawing commands; the biggest seen in maps and plans are some 30 MB
MAX_NESTING = 12
A4_BOX = (0, 0, 595.276, 841.89)
SIDE_POINTS = (3.0, 200_000.0)  # from a postage stamp to a 70 m roll; outside of this the box is nonsense
TAIL = 65536
STREAM = pikepdf.AccessMode.stream  # a mapped file of 300 MB would count as memory of the process

DOUBTFUL_REPAIR = "Súbor bol poškodený a opravil sa; skontrolujte, či sú v ňom všetky strany."


def prepare_pdf(source: Path, target: Path, limits: Limits) -> Prepared:
    """Write to `target` the pages of `source` and nothing else. Raises BadScan."""
    with _open(source, limits.passwords) as pdf:
        _flatten_forms(pdf)
        count = len(pdf.pages)
        if count == 0:
            raise refusals.no_pages()
        if count > limits.max_pages:
            raise refusals.too_many_pages(count, limits.max_pages)
        repaired, declared = bool(pdf.get_warnings()), _declared_count(pdf)
        _inherit(pdf)
        bad: dict[int, str] = {}
        for number, page in enumerate(pdf.pages, 1):
            if reason := _fault_of(page, limits, thorough=repaired):
                bad[number] = reason
                _empty(page)
            else:
                _strip(page)
        lost = repaired and (bool(bad) or declared != count)
        if lost and b"%%EOF" not in _tail(source):
            raise refusals.truncated("PDF without its end, pages lost")
        _keep_only_pages(pdf)
        pdf.save(target, deterministic_id=True, encryption=False)
    return Prepared(format=Format.PDF, pages=count, bad=bad, doubts=[DOUBTFUL_REPAIR] if lost else [])


def cut(source: Path, pages: Iterable[int], target: Path) -> None:
    """Write the given 1-based pages of `source` as a file of their own; the same input gives the same bytes.

    The others are taken away, not these copied: a copy would hold all their scans in memory.
    """
    kept = set(pages)
    with pikepdf.open(source, access_mode=STREAM) as pdf:
        for number in range(len(pdf.pages), 0, -1):
            if number not in kept:
                del pdf.pages[number - 1]
        pdf.remove_unreferenced_resources()
        pdf.save(target, deterministic_id=True)


def join(chunks: list[Path], target: Path) -> None:
    """qpdf's own job reads each scan as it writes it; pages appended here would all be in memory first."""
    files = [str(chunk) for chunk in chunks]
    pikepdf.Job(["pikepdf", "--empty", "--deterministic-id", "--pages", *files, "--", str(target)]).run()


def _open(source: Path, passwords: list[str]) -> pikepdf.Pdf:
    for password in ["", *passwords]:
        try:
            return pikepdf.open(source, password=password, suppress_warnings=True, access_mode=STREAM)
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError as error:
            whole = b"%%EOF" in _tail(source)
            raise (refusals.damaged if whole else refusals.truncated)(f"PDF: {error}") from error
    raise refusals.locked()


def _tail(source: Path) -> bytes:
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - TAIL))
        return file.read()


def _declared_count(pdf: pikepdf.Pdf) -> int | None:
    """How many pages the file says it has; a repair that lost some finds fewer."""
    tree = pdf.Root.get("/Pages")
    count = tree.get("/Count") if isinstance(tree, Dictionary) else None
    return count if isinstance(count, int) else None


def _flatten_forms(pdf: pikepdf.Pdf) -> None:
    """What is filled in a form becomes part of the page; then nothing active is left to keep."""
    form = pdf.Root.get("/AcroForm")
    if form is not None:
        if "/XFA" in form and pdf.Root.get("/NeedsRendering", False):
            raise refusals.dynamic_form()
        if form.get("/NeedAppearances", False):
            pdf.generate_appearance_streams()
    if any("/Annots" in page for page in pdf.pages):
        pdf.flatten_annotations("all")


def _inherit(pdf: pikepdf.Pdf) -> None:
    """Give each page what it has from the page tree; qpdf does that when a page comes or goes."""
    pdf.add_blank_page()
    del pdf.pages[-1]


def _empty(page: pikepdf.Page) -> None:
    """Nothing of a page that must not be touched stays in the file."""
    for key in set(page.obj.keys()) - {"/Type", "/Parent"}:
        del page.obj[key]
    page.obj.MediaBox, page.obj.Resources = Array(A4_BOX), Dictionary()


def _keep_only_pages(pdf: pikepdf.Pdf) -> None:
    """No scripts, attachments, forms, links, outlines, metadata: what is not reachable is not saved."""
    for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
        del pdf.Root[key]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def _strip(page: pikepdf.Page) -> None:
    for key in ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb", "/B", "/StructParents", "/Tabs", "/Trans"):
        if key in page:
            del page[key]
    page.obj.MediaBox = Array(_box(page))
    for key in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
        if key in page.obj and not (_is_box(page.obj[key]) and _overlap(page.obj[key], page.obj.MediaBox)):
            del page.obj[key]
    rotate = page.obj.get("/Rotate", 0)
    if not isinstance(rotate, int) or rotate % 90:
        page.obj.Rotate = 0


def _box(page: pikepdf.Page) -> list[Any]:
    box = page.obj.get("/MediaBox")
    return list(box) if box is not None and _is_box(box) else list(A4_BOX)


def _is_box(box: Any) -> bool:
    try:
        left, bottom, right, top = (float(value) for value in box)
    except (TypeError, ValueError):
        return False
    return all(SIDE_POINTS[0] <= side <= SIDE_POINTS[1] for side in (abs(right - left), abs(top - bottom)))


def _overlap(one: Any, other: Any) -> bool:
    """Whether enough of both boxes is common for a page to be drawn."""
    (left, bottom, right, top), (left2, bottom2, right2, top2) = (
        [float(value) for value in box] for box in (one, other)
    )
    wide = min(max(left, right), max(left2, right2)) - max(min(left, right), min(left2, right2))
    tall = min(max(bottom, top), max(bottom2, top2)) - max(min(bottom, top), min(bottom2, top2))
    return min(wide, tall) >= SIDE_POINTS[0]


def _fault_of(page: pikepdf.Page, limits: Limits, *, thorough: bool) -> str:
    """Why the page must not be touched further, or an empty string. Looks at sizes only, decodes nothing whole."""
    try:
        contents = page.obj.get("/Contents")
        if contents is None and thorough:
            return refusals.LOST_PAGE
        streams = list(contents) if isinstance(contents, Array) else [contents]
        if not all(_unfolds_within(stream, MAX_CONTENT_BYTES) for stream in streams if stream is not None):
            return refusals.SWOLLEN_PAGE
        for thing in _xobjects(page.obj.get("/Resources"), set(), MAX_NESTING):
            if reason := _fault_of_xobject(thing, limits, thorough=thorough):
                return reason
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, zlib.error, OverflowError):
        return refusals.LOST_PAGE
    return ""


def _fault_of_xobject(thing: pikepdf.Stream, limits: Limits, *, thorough: bool) -> str:
    if thing.get("/Subtype") != Name.Image:
        return "" if _unfolds_within(thing, MAX_CONTENT_BYTES) else refusals.SWOLLEN_PAGE
    if int(thing.get("/Width", 0)) * int(thing.get("/Height", 0)) > limits.max_page_pixels:
        return refusals.HUGE_PAGE
    if thing.get("/Filter") == Name.DCTDecode and not jpeg.is_whole(thing.read_raw_bytes()):
        return refusals.CUT_PAGE
    if thorough and thing.get("/Filter") == Name.FlateDecode:
        thing.read_bytes()
    return ""


def _xobjects(resources: Any, seen: set[tuple[int, int]], depth: int) -> Iterator[pikepdf.Stream]:
    """Everything the page may draw: images and forms, forms within forms, patterns."""
    if not isinstance(resources, Dictionary) or depth == 0:
        return
    for kind in ("/XObject", "/Pattern"):
        for _, thing in (resources.get(kind) or Dictionary()).items():
            if kind == "/XObject" and not isinstance(thing, pikepdf.Stream):
                raise ValueError("what the page draws is not there")
            if not isinstance(thing, pikepdf.Stream) or thing.objgen in seen:
                continue
            seen.add(thing.objgen)
            yield thing
            mask = thing.get("/SMask")
            if isinstance(mask, pikepdf.Stream):
                yield mask
            yield from _xobjects(thing.get("/Resources"), seen, depth - 1)


def _unfolds_within(stream: Any, limit: int) -> bool:
    """Whether a stream's Flate layers, unpacked piece by piece, stay under the limit."""
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters] if filters is not None else []
    data = stream.read_raw_bytes()
    for name in names:
        if name != Name.FlateDecode:
            return len(data) <= limit // 64  # other filters swell far less; what they hold is not unpacked here
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(data, limit + 1)
        except zlib.error:
            return True  # damaged, not swollen: drawn as far as it goes
        if len(data) > limit:
            return False
    return len(data) <= limit

"""Puts the text layer, the turn and the metadata on a document; the scan's own bytes are copied, never re-encoded."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from pathlib import Path

import pikepdf
from pikepdf import Array, Name

from shared.errors import UnreadableText
from shared.imaging.placement import PageFrame
from shared.model import DocumentText, PageText
from shared.searchable.archival import declare, is_archival
from shared.searchable.font import Alphabet
from shared.searchable.layer import FONT, draw_text
from shared.searchable.old_layer import without_invisible_text

LANGUAGE = "sk"


def make_searchable(source: Path, target: Path, text: DocumentText, *, title: str, typed: Collection[int] = ()) -> None:
    """`typed` pages (their number in the scan) keep the text they came with. The same input gives the same bytes."""
    try:
        with pikepdf.open(source) as document:
            laid = [read for read in text.pages if read.page not in typed]
            alphabet = Alphabet(word.text for read in laid for line in read.lines for word in line.words)
            font = alphabet.add_font(document)
            for page, read in zip(document.pages, text.pages, strict=True):
                if read.page not in typed:
                    _overlay(document, page, read, alphabet, font)
            document.Root.Lang = pikepdf.String(LANGUAGE)
            archival = not typed and is_archival(document)
            declare(document, text.document_id, title, LANGUAGE, archival=archival)
            document.remove_unreferenced_resources()
            document.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                fix_metadata_version=False,
            )
    except pikepdf.PdfError as error:
        reason = "Do dokumentu sa nedá vložiť textová vrstva."
        raise UnreadableText(f"the text layer cannot be laid over the document: {error}", reason=reason) from error


def _overlay(
    document: pikepdf.Pdf, page: pikepdf.Page, read: PageText, alphabet: Alphabet, font: pikepdf.Object
) -> None:
    turn = (int(page.obj.get("/Rotate", 0)) + read.rotation) % 360
    if turn:
        page.obj.Rotate = turn
    elif "/Rotate" in page.obj:
        del page.obj["/Rotate"]
    without_invisible_text(document, page)
    commands = draw_text(read, frame_of(page), alphabet)
    if not commands:
        return
    page.add_resource(font, Name.Font, Name(FONT))
    page.contents_coalesce()
    drawn = b"q\n" + page.obj.Contents.read_bytes().strip() + b"\nQ\n" + commands
    page.obj.Contents = pikepdf.Stream(document, zlib.compress(drawn, 9), Filter=Name.FlateDecode)


def frame_of(page: pikepdf.Page) -> PageFrame:
    left, bottom, right, top = (float(value) for value in _visible_box(page))
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    return PageFrame(left, bottom, right - left, top - bottom, int(page.obj.get("/Rotate", 0)) % 360)


def _visible_box(page: pikepdf.Page) -> Array:
    """The crop box within the media box, as viewers show it (ISO 32000-1, 14.11.2)."""
    crop, media = [float(v) for v in page.cropbox], [float(v) for v in page.mediabox]
    low = [max(a, b) for a, b in zip(crop[:2], media[:2], strict=True)]
    high = [min(a, b) for a, b in zip(crop[2:], media[2:], strict=True)]
    return Array([*low, *high]) if low[0] < high[0] and low[1] < high[1] else page.mediabox

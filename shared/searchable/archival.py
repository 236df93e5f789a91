"""Metadata, and the claim of PDF/A-2b (ISO 19005-2) where it can be made honestly: pages that are nothing but a scan.

A page that draws only images with plain or profiled colour, with our embedded font over it, meets level B once the
file carries XMP metadata and an output intent. Typed pages bring fonts that only a full validator could judge: they
are delivered as they came, without the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from shared.searchable.colours import COLOUR_SPACE, srgb_profile
from shared.searchable.packet import write_packet

SCAN_OPERATORS = frozenset({"q", "Q", "cm", "Do", "BT", "ET", "Tf", "Tm", "Tr", "Tz", "TJ"})
ALLOWED_FILTERS = frozenset({"/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/FlateDecode", "/RunLengthDecode"})
DEVICE_COLOURS = frozenset({"/DeviceGray", "/DeviceRGB"})


def declare(document: pikepdf.Pdf, document_id: str, title: str, language: str, *, archival: bool) -> None:
    """XMP and the document information dictionary, saying the same (level B wants them to agree)."""
    packet = write_packet(document_id, title, language, archival=archival)
    document.Root.Metadata = document.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    document.trailer.Info = document.make_indirect(Dictionary(Title=String(title)))
    if archival:
        document.Root.OutputIntents = Array([document.make_indirect(_output_intent(document))])


def is_archival(document: pikepdf.Pdf) -> bool:
    """Whether nothing on any page stands against PDF/A-2b."""
    if any(key in document.Root for key in ("/OpenAction", "/AA", "/AcroForm", "/Names", "/OCProperties")):
        return False
    return all(_is_plain_scan(page) for page in document.pages)


def _is_plain_scan(page: pikepdf.Page) -> bool:
    if any(key in page.obj for key in ("/Annots", "/AA", "/Group")):
        return False
    instructions: Any = pikepdf.parse_content_stream(page)
    if any(str(one.operator) not in SCAN_OPERATORS for one in instructions):
        return False
    things = (page.obj.get("/Resources") or Dictionary()).get("/XObject") or Dictionary()
    return all(_is_archival_image(image) for _, image in things.items())


def _is_archival_image(image: Any) -> bool:
    if image.get("/Subtype") != Name.Image or image.get("/Interpolate", False):
        return False
    if any(key in image for key in ("/SMask", "/Alternates", "/OPI")):
        return False
    return set(_names(image.get("/Filter"))) <= ALLOWED_FILTERS and _is_archival_colour(image)


def _is_archival_colour(image: Any) -> bool:
    if image.get("/ImageMask", False):
        return True
    space = image.get("/ColorSpace")
    if isinstance(space, Array):
        kind = str(space[0])
        if kind == "/ICCBased":
            return int(space[1].get("/N", 0)) in (1, 3)
        return kind == "/Indexed" and str(space[1]) in DEVICE_COLOURS
    return str(space) in DEVICE_COLOURS


def _names(filters: Any) -> Iterator[str]:
    if isinstance(filters, Array):
        yield from (str(name) for name in filters)
    elif filters is not None:
        yield str(filters)


def _output_intent(document: pikepdf.Pdf) -> Dictionary:
    profile = document.make_stream(srgb_profile())
    profile.N = 3
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(COLOUR_SPACE),
        DestOutputProfile=profile,
    )

"""A font without shapes: every letter is as if blank, half as wide as high, so that any text can lie on a scan.

Codes are UTF-16, one glyph serves all of them, and the ToUnicode map gives the letters back to whoever searches or
copies. Nothing is drawn, so the font program is a few hundred bytes (ISO 32000-1, 9.7.4 and 9.10.3).
"""

from __future__ import annotations

import struct
import zlib
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name

EM = 1000
ADVANCE = 500
NAME = "/PodatelnaInvisible"
# Rows of 256 UTF-16 codes that European text comes from: Latin, punctuation, currency, arrows, symbols, ligatures.
ROWS = (*range(0x06), 0x1E, *range(0x20, 0x28), 0xFB)


def add_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The font as an indirect object of this file."""
    program = pdf.make_stream(_true_type())
    program.Length1 = len(_true_type())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(NAME),
        Flags=5,  # fixed pitch, symbolic
        FontBBox=Array([0, 0, ADVANCE, EM]),
        ItalicAngle=0,
        Ascent=EM,
        Descent=0,
        CapHeight=EM,
        StemV=80,
        FontFile2=program,
    )
    glyphs = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        DW=ADVANCE,
        CIDToGIDMap=_compressed(pdf, b"\x00\x01" * 0x10000),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(glyphs)]),
            ToUnicode=_compressed(pdf, _to_unicode()),
        )
    )


def encode(text: str) -> bytes:
    """The codes of a text; what lies outside the font's rows is left out, so searching never meets a wrong letter."""
    return "".join(letter for letter in text if ord(letter) >> 8 in ROWS).encode("utf-16-be")


def _compressed(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    return pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode)


@cache
def _to_unicode() -> bytes:
    ranges = "".join(f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>\n" for row in ROWS)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{len(ROWS)} beginbfrange\n{ranges}endbfrange\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


@cache
def _true_type() -> bytes:
    """The tables a CIDFontType2 program needs (Apple's TrueType reference, chapter 6), with two glyphs.

    The second is one line without area, corner to corner: it paints nothing, but has a letter's size. PDFium (and so
    Chrome) leaves out sideways text whose glyphs are empty.
    """
    glyph = struct.pack(">5hHH2B4h", 1, 0, 0, ADVANCE, EM, 1, 0, 1, 1, 0, ADVANCE, 0, EM)
    tables = {
        b"glyf": glyph,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, EM, 0, 0),
            *(0, 0, ADVANCE, EM, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, EM, 0, 0, ADVANCE, *(0,) * 11, 1),
        b"hmtx": struct.pack(">Hhh", ADVANCE, 0, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">IH13H", 0x00010000, 2, 2, 1, 0, 0, 1, *(0,) * 8),
    }
    head = _whole(tables).index(tables[b"head"])
    plain = _whole(tables)
    adjustment = (0xB1B0AFBA - _checksum(plain)) & 0xFFFFFFFF
    return plain[: head + 8] + struct.pack(">I", adjustment) + plain[head + 12 :]


def _whole(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    offset, body = len(directory) + 16 * count, b""
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _checksum(data), offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return directory + body


def _checksum(data: bytes) -> int:
    data += b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF

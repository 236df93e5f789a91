"""A font without shapes: every letter is as if blank, half as wide as high, so that any text can lie on a scan.

It has one byte a letter, made for the document: ASCII stands for itself, the document's other letters take the codes
above. One glyph serves all codes, and the ToUnicode map gives the letters back to whoever searches or copies
(ISO 32000-1, 9.6.3 and 9.10.3). All of it is about a kilobyte: a faxed page has only some twenty itself.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name

EM = 1000
ADVANCE = 500
NAME = "/Unseen"
PRINTABLE = range(0x20, 0x7F)
FREE_CODES = range(0x80, 0x100)
BASIC_PLANE = 0x10000


class Alphabet:
    """The letters of one document and their codes; beyond 128 letters outside ASCII the rarest are left out."""

    def __init__(self, texts: Iterable[str]) -> None:
        letters = Counter(letter for text in texts for letter in text if ord(letter) > PRINTABLE.stop)
        common = sorted(letters, key=lambda letter: (-letters[letter], letter))
        others = sorted(letter for letter in common[: len(FREE_CODES)] if ord(letter) < BASIC_PLANE)
        self._codes = {chr(code): code for code in PRINTABLE} | dict(zip(others, FREE_CODES, strict=False))

    def encode(self, text: str) -> bytes:
        return bytes(self._codes[letter] for letter in text if letter in self._codes)

    def add_font(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an indirect object of this file."""
        program = _true_type()
        last = max(self._codes.values())
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
            FontFile2=_compressed(pdf, program, Length1=len(program)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.TrueType,
                BaseFont=Name(NAME),
                FirstChar=PRINTABLE.start,
                LastChar=last,
                Widths=Array([ADVANCE] * (last - PRINTABLE.start + 1)),
                FontDescriptor=pdf.make_indirect(descriptor),
                ToUnicode=_compressed(pdf, self._to_unicode()),
            )
        )

    def _to_unicode(self) -> bytes:
        others = [(code, ord(letter)) for letter, code in self._codes.items() if code in FREE_CODES]
        pairs = "".join(f"<{code:02X}><{letter:04X}>\n" for code, letter in others)
        # At most 100 entries a block (Adobe technical note 5014).
        blocks = [pairs[at : at + 100 * 11] for at in range(0, len(pairs), 100 * 11)]
        listed = "".join(f"{block.count(chr(10))} beginbfchar\n{block}endbfchar\n" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n9 dict begin\nbegincmap\n/CMapName /U def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<00><FF>\nendcodespacerange\n"
            f"1 beginbfrange\n<20><7E><0020>\nendbfrange\n{listed}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def _compressed(pdf: pikepdf.Pdf, data: bytes, **entries: int) -> pikepdf.Stream:
    return pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)


@cache
def _true_type() -> bytes:
    """The tables a font program needs (Apple's TrueType reference, chapter 6), with one glyph besides the missing one.

    It is a line without area, corner to corner: it paints nothing, but has a letter's size. PDFium, and so Chrome,
    leaves out sideways text whose glyphs are empty.
    """
    glyph = struct.pack(">5hHH2B4h", 1, 0, 0, ADVANCE, EM, 1, 0, 1, 1, 0, ADVANCE, 0, EM)
    tables = {
        b"cmap": struct.pack(">HHHHIHHH", 0, 1, 1, 0, 12, 0, 262, 0) + b"\1" * 256,
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
    plain = _whole(tables)
    head = plain.index(tables[b"head"])
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

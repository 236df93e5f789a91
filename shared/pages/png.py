"""PNG data carried over as it is: PDF's Flate filter with PNG predictors reads the same bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary, Name, String

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = {0: 1, 2: 3, 3: 1}  # grey, RGB, palette; those with transparency are decoded instead
PIECE = 2**18


class Header(NamedTuple):
    width: int
    height: int
    bits: int
    kind: int
    interlaced: bool


def carry(png: bytes) -> tuple[bytes, dict[str, Any]] | None:
    """The image data and its PDF dictionary; None when the image has to be decoded. Raises OSError when truncated."""
    header: Header | None = None
    palette, packed, ended = b"", [], False
    for name, body in _chunks(png):
        match name:
            case b"IHDR":
                width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
                header = Header(width, height, bits=body[8], kind=body[9], interlaced=body[12] > 0)
            case b"PLTE":
                palette = body
            case b"tRNS":
                return None
            case b"IDAT":
                packed.append(body)
            case b"IEND":
                ended = True
    if header is None or header.kind not in COLOURS or header.interlaced or (header.kind == 3 and not palette):
        return None
    if not ended:
        raise OSError("PNG truncated: no end chunk")
    data = b"".join(packed)
    _check(data, header)
    return data, _describe(header, palette)


def wrap(data: bytes, header: Header) -> bytes:
    """The reverse: a PNG file of image data from a PDF, to decode it quickly."""
    first = (
        header.width.to_bytes(4, "big") + header.height.to_bytes(4, "big") + bytes((header.bits, header.kind, 0, 0, 0))
    )
    return SIGNATURE + b"".join(_pack(*chunk) for chunk in ((b"IHDR", first), (b"IDAT", data), (b"IEND", b"")))


def _pack(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place + 8 <= len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        if place + size + 12 > len(png):
            return
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        place += size + 12


def _check(data: bytes, header: Header) -> None:
    """Unpack piece by piece: exactly the picture must come out, else the file is cut or swollen."""
    row = 1 + -(-header.width * header.bits * COLOURS[header.kind] // 8)
    unpacker, found = zlib.decompressobj(), 0
    try:
        rest = data
        while rest and not unpacker.eof and found <= row * header.height:
            found += len(unpacker.decompress(rest, PIECE))
            rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise OSError(f"PNG damaged: {error}") from error
    if found != row * header.height:
        raise OSError("PNG truncated: image data missing")


def _describe(header: Header, palette: bytes) -> dict[str, Any]:
    space: Any = Name.DeviceRGB if header.kind == 2 else Name.DeviceGray
    if header.kind == 3:
        space = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, String(palette)])
    colours = COLOURS[header.kind]
    packing = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=header.bits, Columns=header.width)
    return {
        "Width": header.width,
        "Height": header.height,
        "ColorSpace": space,
        "BitsPerComponent": header.bits,
        "Filter": Name.FlateDecode,
        "DecodeParms": packing,
    }

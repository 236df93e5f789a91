"""The sRGB colour space as a small ICC profile of version 2.1, which every part of PDF/A takes (ICC.1:2001-04).

Primaries and white point are those of IEC 61966-2-1 adapted to D50; the tone curve is gamma 2.2, the usual stand-in for
sRGB's own in profiles that must be small. It only declares an output intent: no colour of a scan is converted.
"""

from __future__ import annotations

import struct
from functools import cache

COLOUR_SPACE = "sRGB IEC61966-2.1"
D50 = (0.9642, 1.0, 0.8249)
PRIMARIES = {b"rXYZ": (0.4360, 0.2225, 0.0139), b"gXYZ": (0.3851, 0.7169, 0.0971), b"bXYZ": (0.1431, 0.0606, 0.7141)}
GAMMA = 2.2


@cache
def srgb_profile() -> bytes:
    tags = {b"desc": _description(COLOUR_SPACE), b"cprt": b"text\0\0\0\0Public domain\0", b"wtpt": _xyz(D50)}
    tags |= {name: _xyz(value) for name, value in PRIMARIES.items()}
    curve = struct.pack(">4s4xIH", b"curv", 1, round(GAMMA * 256))
    curves = (b"rTRC", b"gTRC", b"bTRC")
    table, body = b"", b""
    start = 128 + 4 + 12 * (len(tags) + len(curves))
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    table += b"".join(struct.pack(">4sII", name, start + len(body), len(curve)) for name in curves)
    body += curve + b"\0" * (-len(curve) % 4)
    count = struct.pack(">I", len(tags) + len(curves))
    return _header(start + len(body)) + count + table + body


def _header(size: int) -> bytes:
    date = (2026, 1, 1, 0, 0, 0)
    return struct.pack(
        ">I4xI4s4s4s6H4s4xI4x4x8xI3i4x44x",
        *(size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", *date, b"acsp", 0, 0),
        *(_fixed(value) for value in D50),
    )


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(_fixed(part) for part in value))


def _description(text: str) -> bytes:
    """textDescriptionType with its empty Unicode and ScriptCode parts."""
    ascii_text = text.encode("ascii") + b"\0"
    return struct.pack(">4s4xI", b"desc", len(ascii_text)) + ascii_text + bytes(4 + 4 + 2 + 1 + 67)

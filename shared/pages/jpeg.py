"""JPEG data carried over without decoding: is it whole, how PDF must read it, and TIFF's strips joined into one."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Name
from PIL import Image

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
TAIL = 65536  # cameras and scanners append their own data after the end marker


def is_whole(data: bytes) -> bool:
    """Whether the end marker is there; without it the lower part of the picture is missing."""
    return EOI in data[-TAIL:]


def entries(image: Image.Image) -> dict[str, Any]:
    """The PDF dictionary of a JPEG's data. Adobe writes CMYK inverted (Adobe technical note 5116)."""
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    found: dict[str, Any] = {
        "Width": image.width,
        "Height": image.height,
        "ColorSpace": spaces[image.mode],
        "BitsPerComponent": 8,
        "Filter": Name.DCTDecode,
    }
    if image.mode == "CMYK" and "adobe" in image.info:
        found["Decode"] = Array([1, 0] * 4)
    return found


def join_strips(strips: list[bytes], *, tables: bytes, height: int) -> bytes | None:
    """One JPEG out of a TIFF's strips, each a JPEG of its own that shares `tables` (TIFF technical note 2).

    Each strip starts its prediction anew, just as after a restart marker: so the strips' data joined by restart
    markers, under a header with the full height and a restart interval of one strip, is the same picture. None when
    the strips are not alike enough for that.
    """
    shared = _body(tables)
    first = _split(strips[0])
    if first is None:
        return None
    header, _ = first
    if len(strips) == 1:
        return SOI + shared + strips[0][2:] if is_whole(strips[0]) else None
    interval = _units_a_strip(header)
    if interval is None or b"\xff\xdd" in header:
        return None
    scans: list[bytes] = []
    for strip in strips:
        parts = _split(strip)
        if parts is None or _quantisation(parts[0]) != _quantisation(header):
            return None
        scans.append(parts[1])
    joined = scans[0]
    for number, scan in enumerate(scans[1:]):
        joined += bytes((0xFF, 0xD0 + number % 8)) + scan
    at = _frame(header)
    tall = header[: at + 5] + height.to_bytes(2, "big") + header[at + 7 :]
    start = tall.rindex(b"\xff\xda")
    restart = b"\xff\xdd\x00\x04" + interval.to_bytes(2, "big")
    return SOI + shared + tall[:start] + restart + tall[start:] + joined + EOI


def _body(tables: bytes) -> bytes:
    return tables[2:-2] if tables.startswith(SOI) and tables.endswith(EOI) else b""


def _split(strip: bytes) -> tuple[bytes, bytes] | None:
    """A strip's header (to the end of the scan header, without SOI) and its entropy-coded data (without EOI)."""
    if not strip.startswith(SOI):
        return None
    place = 2
    while place + 4 <= len(strip) and strip[place] == 0xFF:
        marker, size = strip[place + 1], int.from_bytes(strip[place + 2 : place + 4], "big")
        place += size + 2
        if marker == 0xDA:
            end = strip.rfind(EOI)
            return (strip[2:place], strip[place:end]) if end >= place else None
    return None


def _frame(header: bytes) -> int:
    """Where the baseline frame header stands, or -1: progressive strips cannot be joined."""
    place = 0
    while place + 4 <= len(header):
        if header[place + 1] in (0xC0, 0xC1):
            return place
        place += int.from_bytes(header[place + 2 : place + 4], "big") + 2
    return -1


def _quantisation(header: bytes) -> tuple[bytes, ...]:
    """Tables in the strip itself; strips that bring different ones are not alike."""
    found, place = [], 0
    while place + 4 <= len(header):
        size = int.from_bytes(header[place + 2 : place + 4], "big") + 2
        if header[place + 1] in (0xDB, 0xC4):
            found.append(header[place : place + size])
        place += size
    return tuple(found)


def _units_a_strip(header: bytes) -> int | None:
    at = _frame(header)
    if at < 0:
        return None
    rows, columns = (int.from_bytes(header[at + k : at + k + 2], "big") for k in (5, 7))
    sampling = [header[at + 11 + 3 * part] for part in range(header[at + 9])]
    wide = 8 * max(value >> 4 for value in sampling) if len(sampling) > 1 else 8
    tall = 8 * max(value & 15 for value in sampling) if len(sampling) > 1 else 8
    units = -(-columns // wide) * (rows // tall)
    return units if rows % tall == 0 and 0 < units < 65536 else None

"""What a file is, by its first bytes; the name is never asked."""

from __future__ import annotations

from enum import StrEnum

HEAD = 1024  # ISO 32000-1 annex H: readers accept a PDF header anywhere in the first 1024 bytes


class Format(StrEnum):
    PDF = "PDF"
    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"
    BMP = "BMP"
    HEIC = "HEIC"
    WEBP = "WebP"


HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# Recognised only to tell the clerk what was dropped in instead of a scan.
FOREIGN = (
    (b"PK\x03\x04", "archív ZIP alebo dokument Office"),
    (b"\xd0\xcf\x11\xe0", "starší dokument Office"),
    (b"{\\rtf", "dokument RTF"),
    (b"GIF8", "obrázok GIF"),
    (b"Rar!", "archív RAR"),
    (b"7z\xbc\xaf", "archív 7-Zip"),
    (b"\x1f\x8b", "archív GZIP"),
    (b"MZ", "program"),
    (b"<?xml", "dokument XML"),
    (b"<!DOCTYPE", "webová stránka"),
    (b"<html", "webová stránka"),
    (b"%!PS", "súbor PostScript"),
    (b"\x00\x00\x00\x0cjP  ", "obrázok JPEG 2000"),
)


def sniff(head: bytes) -> Format | None:
    """The format of a file that starts with `head` (at least HEAD bytes of it, if there are so many)."""
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return Format.TIFF
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return Format.BMP
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return Format.HEIC
    if b"%PDF-" in head[:HEAD]:
        return Format.PDF
    return None


def describe_foreign(head: bytes) -> str:
    """In Slovak, what a file that is no scan looks like; empty when nothing is known."""
    return next((name for start, name in FOREIGN if head.startswith(start)), "")

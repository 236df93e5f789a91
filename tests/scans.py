"""Small PDF files as scanners and word processors make them, for tests of imaging and of the delivered file."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from shared.model import DocumentText
from shared.searchable import make_searchable

WIDTH, HEIGHT = 595, 842


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def marked_page(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Grey noise with a black corner top left, so that any turn shows."""
    noise = np.random.default_rng(1).integers(180, 240, (height, width), dtype=np.uint8)
    picture = Image.fromarray(noise)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 3, height // 8), fill=10)
    return picture


def scan_pdf(
    picture: Image.Image | None = None,
    *,
    pages: int = 1,
    rotate: int = 0,
    matrix: tuple[float, ...] = (WIDTH, 0, 0, HEIGHT, 0, 0),
    extra: bytes = b"",
    boxes: dict[str, list[float]] | None = None,
) -> bytes:
    """Each page one JPEG, drawn by `matrix`, then `extra` commands (font F1 is Helvetica)."""
    picture = picture or marked_page()
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            page = pdf.pages[-1]
            image = pikepdf.Stream(
                pdf,
                jpeg(picture),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=picture.width,
                Height=picture.height,
                BitsPerComponent=8,
                ColorSpace=spaces[picture.mode],
                Filter=Name.DCTDecode,
            )
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.obj.Resources = Dictionary(XObject=Dictionary(Scan=image), Font=Dictionary(F1=font))
            place = " ".join(str(value) for value in matrix)
            page.obj.Contents = pdf.make_stream(f"q {place} cm /Scan Do Q\n".encode() + extra)
            if rotate:
                page.obj.Rotate = rotate
            for name, box in (boxes or {}).items():
                page.obj[name] = Array(box)
        return _saved(pdf)


def typed_pdf(lines: list[str], *, rotate: int = 0) -> bytes:
    """A page as a word processor writes it."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page = pdf.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        shown = "".join(f"1 0 0 1 72 {770 - 20 * at} Tm ({line}) Tj\n" for at, line in enumerate(lines))
        page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf\n{shown}ET".encode())
        if rotate:
            page.obj.Rotate = rotate
        return _saved(pdf)


def join(*parts: bytes) -> bytes:
    with pikepdf.new() as whole:
        for part in parts:
            whole.pages.extend(pikepdf.open(io.BytesIO(part)).pages)
        return _saved(whole)


def searchable(pdf: bytes, text: DocumentText, *, title: str = "Dokument", typed: Collection[int] = ()) -> bytes:
    """The delivered file of a scan, in memory."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "scan.pdf"), Path(folder, "delivered.pdf")
        source.write_bytes(pdf)
        make_searchable(source, target, text, title=title, typed=typed)
        return target.read_bytes()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()

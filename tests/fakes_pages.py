"""The page worker without its process, and scans made for the tests: good ones, and every bad one we know of."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from shared.errors import BadScan
from shared.pages.workbench import Workbench, WorkerLost
from shared.pages.worker import serve

A4_DOTS = (827, 1169)  # at 100 dpi


class DirectWorkbench(Workbench):
    """Does the worker's tasks in this process. `deadly` pages kill it, as a decoder's crash would."""

    def __init__(self, deadly: Iterable[int] = ()) -> None:
        super().__init__()
        self.deadly = set(deadly)

    async def _answers(self, request: dict[str, Any], seconds: float) -> AsyncIterator[dict[str, Any]]:
        for page in request.get("pages", []) if request["task"] == "examine" else []:
            if page in self.deadly:
                before = [other for other in request["pages"] if other < page]
                for line in self._serve(request | {"pages": before}):
                    if "finding" in line:
                        yield line
                yield {"page": page}
                raise WorkerLost("the page worker died")
        for line in self._serve(dict(request)):
            if "refused" in line:
                raise BadScan(**line["refused"])
            yield line

    def _serve(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        serve(dict(request), lines.append)
        return lines


def page_image(text: str = "Žiadosť", *, mode: str = "L", lines: int = 24) -> Image.Image:
    """A page at 100 dpi with enough on it to be no blank page; different text, different pages."""
    image = Image.new("RGB", A4_DOTS, "white")
    draw = ImageDraw.Draw(image)
    for number in range(lines):
        draw.text((90, 90 + 38 * number), f"{text} {number} " * 4, fill=(20, 20, 60), font_size=20)
    return image.convert(mode)


def blank_image() -> Image.Image:
    return Image.new("L", A4_DOTS, 250)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, dpi=(100, 100), **options)
    return buffer.getvalue()


def tiff_of(images: list[Image.Image], compression: str = "tiff_lzw") -> bytes:
    return saved(images[0], "TIFF", save_all=True, append_images=images[1:], compression=compression)


def pdf_of(images: list[Image.Image], change: Callable[[pikepdf.Pdf], None] | None = None, **options: Any) -> bytes:
    """A scanner's PDF: one JPEG a page."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for image in images:
            add_scan(pdf, image)
        if change:
            change(pdf)
        pdf.save(buffer, **options)
    return buffer.getvalue()


def add_scan(pdf: pikepdf.Pdf, image: Image.Image, **entries: Any) -> None:
    grey = image.convert("L")
    found = Dictionary(Width=grey.width, Height=grey.height, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    stream = pikepdf.Stream(pdf, saved(grey, "JPEG"), found)
    stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.DCTDecode
    for key, value in entries.items():
        stream[f"/{key}"] = value
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=stream))
    page.obj.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im0 Do Q")


def _with_javascript(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS="app.alert('x')")
    pdf.Root.OpenAction = action
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", action])))
    pdf.attachments["tajne.exe"] = b"MZ..."
    pdf.pages[0].obj.AA = Dictionary(O=action)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=action)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def _with_filled_form(pdf: pikepdf.Pdf) -> None:
    """A text field over an empty page whose value only its appearance shows."""
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    look = pikepdf.Stream(pdf, b"BT /F1 40 Tf 5 20 Td (VYPLNENE) Tj ET")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 80])
    look.Resources = Dictionary(Font=Dictionary(F1=font))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="meno", V="VYPLNENE", F=4,
            Rect=Array([90, 500, 490, 580]), AP=Dictionary(N=look),
        )
    )  # fmt: skip
    page.obj.Annots = Array([field])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([field])))


def _with_dynamic_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.NeedsRendering = True
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pikepdf.Stream(pdf, b"<xdp/>"))


def _with_bomb(pdf: pikepdf.Pdf) -> None:
    """300 MB of drawing commands in 300 KB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m 1 1 l S\n" * 75_000) for _ in range(300)) + packer.flush()
    stream = pikepdf.Stream(pdf, b"")
    stream.write(packed, filter=Name.FlateDecode)
    pdf.add_blank_page(page_size=(595, 842)).obj.Contents = stream


def _with_vast_image(pdf: pikepdf.Pdf) -> None:
    add_scan(pdf, page_image(), Width=100_000, Height=100_000)


def _with_odd_boxes(pdf: pikepdf.Pdf) -> None:
    for number, box in enumerate(([595, 842, 0, 0], [0, 0, 0, 0], [-300, -421, 295, 421])):
        add_scan(pdf, page_image(f"pole {number}"))
        pdf.pages[-1].obj.MediaBox = Array(box)
        pdf.pages[-1].obj.CropBox = Array([9000, 9000, 9100, 9100])
        pdf.pages[-1].obj.Rotate = 45


def _vast_png() -> bytes:
    """The header of an image of 100 000 × 100 000 pixels, and little else."""
    whole = bytearray(saved(page_image(), "PNG"))
    whole[16:24] = (100_000).to_bytes(4, "big") * 2
    whole[29:33] = zlib.crc32(bytes(whole[12:29])).to_bytes(4, "big")
    return bytes(whole)


def bad_scans() -> dict[str, bytes]:
    """Everything of issue 4 that must be taken in or refused with a reason, by what is wrong with it."""
    good = pdf_of([page_image("jeden"), page_image("dva")])
    jpeg, png = saved(page_image(), "JPEG"), saved(page_image(), "PNG")
    permissions = pikepdf.Permissions(extract=False)
    broken_xref = good.replace(b"startxref\n", b"startxref\n9")
    noise = np.random.default_rng(1).integers(0, 256, 4000, np.uint8).tobytes()
    return {
        "empty": b"",
        "one byte": b"%",
        "noise": noise,
        "pdf header only": b"%PDF-1.7\n",
        "pdf header and noise": b"%PDF-1.7\n" + noise,
        "truncated pdf": good[: len(good) // 2],
        "truncated jpeg": jpeg[: len(jpeg) // 2],
        "truncated png": png[: len(png) // 2],
        "truncated tiff": tiff_of([page_image(), page_image("dva")])[:3000],
        "office document": b"PK\x03\x04" + noise,
        "locked": pdf_of([page_image()], encryption=pikepdf.Encryption(owner="pán", user="tajné")),
        "owner's password only": pdf_of([page_image()], encryption=pikepdf.Encryption(owner="pán", allow=permissions)),
        "javascript and attachment": pdf_of([page_image()], _with_javascript),
        "filled form": pdf_of([], _with_filled_form),
        "dynamic form": pdf_of([page_image()], _with_dynamic_form),
        "no pages": pdf_of([]),
        "broken xref": broken_xref,
        "bomb": pdf_of([page_image()], _with_bomb),
        "vast image in a pdf": pdf_of([page_image()], _with_vast_image),
        "vast image": _vast_png(),
        "odd boxes": pdf_of([], _with_odd_boxes),
        "cmyk jpeg": saved(page_image(mode="CMYK"), "JPEG"),
        "16 bits": saved(Image.fromarray(np.asarray(page_image(), np.uint16) * 257), "PNG"),
        "transparent": saved(page_image(mode="RGBA"), "PNG"),
        "bmp": saved(page_image(mode="RGB"), "BMP"),
        "webp": saved(page_image(mode="RGB"), "WEBP"),
        "lossless webp": saved(page_image(mode="RGB"), "WEBP", lossless=True),
    }

"""Writes pages to the formats scanners write, always the same bytes for the same pages."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import img2pdf
from PIL import Image

BILEVEL_THRESHOLD = 165
WHITE_POINT = 215


def write_pdf(
    pages: Sequence[Image.Image],
    path: Path,
    dpi: int,
    *,
    encoding: Literal["jpeg", "g4"] = "jpeg",
    quality: int = 60,
) -> None:
    """A PDF of nothing but page images: JPEG, or bilevel fax G4."""
    encoded = [encode_fax(page, dpi) if encoding == "g4" else encode_jpeg(page, dpi, quality) for page in pages]
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    # The other engine, pikepdf, gives each file a random identifier.
    engine = img2pdf.Engine.internal
    data = img2pdf.convert(encoded, layout_fun=layout, nodate=True, engine=engine, creator="scan", producer="scanner")
    path.write_bytes(data)


def write_tiff(
    pages: Sequence[Image.Image],
    path: Path,
    dpi: int,
    *,
    compression: Literal["group4", "tiff_lzw", "jpeg"] = "jpeg",
    quality: int = 60,
) -> None:
    """One TIFF with a frame a page."""
    frames = [to_bilevel(page) for page in pages] if compression == "group4" else list(pages)
    options = {"quality": quality} if compression == "jpeg" else {}
    frames[0].save(
        path,
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression=compression,
        dpi=(dpi, dpi),
        **options,
    )


def write_jpeg(page: Image.Image, path: Path, dpi: int, *, quality: int = 60) -> None:
    path.write_bytes(encode_jpeg(page, dpi, quality))


def write_png(page: Image.Image, path: Path, dpi: int) -> None:
    """A PNG of 16 greys with the paper whitened, as scanners save text: noise would make it megabytes."""
    whitened = page.convert("L").point(lambda level: min(255, level * 255 // WHITE_POINT))
    path.write_bytes(encode_png(whitened.quantize(16, dither=Image.Dither.NONE), dpi))


def to_bilevel(page: Image.Image) -> Image.Image:
    return page.convert("L").point(lambda level: 255 if level > BILEVEL_THRESHOLD else 0).convert("1")


def encode_fax(page: Image.Image, dpi: int) -> bytes:
    buffer = io.BytesIO()
    to_bilevel(page).save(buffer, "TIFF", compression="group4", dpi=(dpi, dpi))
    return buffer.getvalue()


def encode_jpeg(page: Image.Image, dpi: int, quality: int) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return buffer.getvalue()


def encode_png(page: Image.Image, dpi: int) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "PNG", dpi=(dpi, dpi), optimize=True)
    return buffer.getvalue()

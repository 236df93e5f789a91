"""Image files as PDF pages without loss: JPEG, fax and PNG data are carried over as they are wherever PDF allows it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from shared.pages import jpeg, png, refusals
from shared.pages.findings import Limits
from shared.pages.formats import Format

A4_POINTS = (595.276, 841.89)
SANE_INCHES = (1.5, 60.0)  # a till receipt to an A0 sheet: outside of this the resolution in the file is wrong
PHOTO_QUALITY = 92  # HEIC and lossy WebP have no PDF filter; at this JPEG quality the difference cannot be seen

TURNS = {3: 180, 6: 90, 8: 270}  # EXIF orientation to PDF /Rotate


def pages_of(path: Path, form: Format, limits: Limits) -> Iterator[pikepdf.Pdf | str]:
    """One one-page PDF a frame, or the Slovak reason why that frame cannot be read.

    Raises BadScan when the limits of settings are exceeded or nothing can be opened.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    if form is Format.HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        image = Image.open(path)
        frames = getattr(image, "n_frames", 1) if form is Format.TIFF else 1
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError) as error:
        raise refusals.damaged(f"{form}: {error}") from error
    if frames > limits.max_pages:
        raise refusals.too_many_pages(frames, limits.max_pages)
    with image:
        for frame in range(frames):
            yield _read_frame(image, frame, path, form, limits, alone=frames == 1)


def page_of(image: Image.Image) -> pikepdf.Pdf:
    """A picture of ours as a one-page PDF."""
    return _lay_out(image, _encode(image))


def _read_frame(
    image: Image.Image, frame: int, path: Path, form: Format, limits: Limits, *, alone: bool
) -> pikepdf.Pdf | str:
    try:
        image.seek(frame)
        if image.width * image.height > limits.max_page_pixels:
            if alone:
                raise refusals.too_big_image(image.width, image.height, limits.max_page_pixels)
            return refusals.HUGE_PAGE
        if min(image.size) < 1:
            return refusals.LOST_PAGE
        return _lay_out(image, _embed(image, path, form))
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError, OverflowError) as error:
        if alone:
            truncated = "truncat" in str(error)
            raise (refusals.truncated if truncated else refusals.damaged)(f"{form}: {error}") from error
        return refusals.LOST_PAGE


def _embed(image: Image.Image, path: Path, form: Format) -> tuple[bytes, dict[str, Any]]:
    """The image's data and the entries of its PDF dictionary."""
    if form is Format.JPEG:
        data = path.read_bytes()
        if not jpeg.is_whole(data):
            raise OSError("JPEG truncated: no end marker")
        return data, jpeg.entries(image)
    if form is Format.PNG and (carried := png.carry(path.read_bytes())):
        return carried
    if form is Format.TIFF and (carried := _carry_tiff(image, path)):
        return carried
    if form is Format.HEIC or (form is Format.WEBP and b"VP8L" not in path.read_bytes()[:64]):
        return _encode_photo(image)
    return _encode(image)


def _carry_tiff(image: Image.Image, path: Path) -> tuple[bytes, dict[str, Any]] | None:
    """JPEG strips of a TIFF joined without decoding; None when the frame has to be decoded."""
    tags: Any = image.tag_v2  # type: ignore[attr-defined]
    if tags.get(259) != 7 or 324 in tags or tags.get(262) not in (1, 2, 6):  # compression, tiles, photometric
        return None
    with path.open("rb") as file:
        strips = []
        for offset, size in zip(tags[273], tags[279], strict=True):
            file.seek(offset)
            strips.append(file.read(size))
    data = jpeg.join_strips(strips, tables=bytes(tags.get(347, b"")), height=image.height)
    if data is None:
        return None
    entries = jpeg.entries(Image.open(io.BytesIO(data)))
    if tags.get(262) == 2:
        entries["DecodeParms"] = Dictionary(ColorTransform=0)
    return data, entries


def _encode_photo(image: Image.Image) -> tuple[bytes, dict[str, Any]]:
    plain = _flatten(image)
    buffer = io.BytesIO()
    plain.save(buffer, "JPEG", quality=PHOTO_QUALITY, subsampling=0)
    return buffer.getvalue(), jpeg.entries(plain)


def _encode(image: Image.Image) -> tuple[bytes, dict[str, Any]]:
    """Decode and pack without loss: two colours as fax group 4, the rest as PNG packs it."""
    plain = _flatten(image)
    if plain.mode == "1":
        return _encode_fax(plain)
    if plain.mode == "CMYK":
        buffer = io.BytesIO()
        plain.save(buffer, "TIFF", compression="tiff_adobe_deflate", tiffinfo={278: plain.height})
        return _only_strip(buffer), _describe(plain, "FlateDecode", Name.DeviceCMYK)
    buffer = io.BytesIO()
    plain.save(buffer, "PNG", compress_level=6)
    carried = png.carry(buffer.getvalue())
    if carried is None:
        raise OSError(f"an image of mode {plain.mode} cannot be packed")
    return carried


def _flatten(image: Image.Image) -> Image.Image:
    """The image in a mode PDF knows, over white where it was transparent."""
    if image.mode in ("1", "L", "RGB", "CMYK", "I;16"):
        image.load()
        return image if "transparency" not in image.info else _over_white(image)
    if image.mode in ("I;16B", "I", "F"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return _over_white(image)
    if image.mode == "P":
        grey = all(r == g == b for r, g, b in _palette(image))
        return image.convert("L" if grey else "RGB")
    return image.convert("RGB")


def _palette(image: Image.Image) -> Iterator[tuple[int, int, int]]:
    values = image.getpalette() or []
    return zip(values[::3], values[1::3], values[2::3], strict=False)


def _over_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("L" if image.mode in ("L", "LA", "1") else "RGB")


def _encode_fax(plain: Image.Image) -> tuple[bytes, dict[str, Any]]:
    buffer = io.BytesIO()
    plain.save(buffer, "TIFF", compression="group4", tiffinfo={278: plain.height})
    written = Image.open(buffer)
    black_is_one = written.tag_v2[262] == 0  # type: ignore[attr-defined]  # photometric: white is zero
    packing = Dictionary(K=-1, Columns=plain.width, Rows=plain.height, BlackIs1=not black_is_one)
    return _only_strip(buffer), _describe(plain, "CCITTFaxDecode", Name.DeviceGray, bits=1) | {"DecodeParms": packing}


def _only_strip(tiff: io.BytesIO) -> bytes:
    tags: Any = Image.open(tiff).tag_v2  # type: ignore[attr-defined]
    (offset,), (size,) = tags[273], tags[279]
    return tiff.getvalue()[offset : offset + size]


def _describe(image: Image.Image, filter_: str, space: Name, *, bits: int = 8) -> dict[str, Any]:
    return {
        "Width": image.width,
        "Height": image.height,
        "ColorSpace": space,
        "BitsPerComponent": bits,
        "Filter": Name("/" + filter_),
    }


def _lay_out(image: Image.Image, embedded: tuple[bytes, dict[str, Any]]) -> pikepdf.Pdf:
    data, entries = embedded
    width, height = _points(image)
    pdf = pikepdf.new()
    scan = pikepdf.Stream(pdf, data, Dictionary(Type=Name.XObject, Subtype=Name.Image, **entries))
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[0]
    page.obj.Resources = Dictionary(XObject=Dictionary(Scan=scan))
    page.obj.MediaBox = Array([0, 0, Decimal(f"{width:.3f}"), Decimal(f"{height:.3f}")])
    page.obj.Contents = pikepdf.Stream(pdf, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Scan Do Q".encode())
    if turn := TURNS.get(image.getexif().get(0x0112, 1)) if image.format in ("JPEG", "TIFF") else None:
        page.obj.Rotate = turn
    return pdf


def _points(image: Image.Image) -> tuple[float, float]:
    """The size of the page: by the resolution in the file where it is believable, else as big as fits A4."""
    density = image.info.get("dpi") or (0, 0)
    try:
        across, down = float(density[0]), float(density[1])
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = 0.0
    if across > 1 and down > 1:
        inches = image.width / across, image.height / down
        if all(SANE_INCHES[0] <= side <= SANE_INCHES[1] for side in inches):
            return inches[0] * 72, inches[1] * 72
    short, long = A4_POINTS if image.height >= image.width else A4_POINTS[::-1]
    scale = min(short / image.width, long / image.height)
    return max(image.width * scale, 3), max(image.height * scale, 3)

"""Image files become PDF pages without loss."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from shared.errors import BadScan
from shared.pages.findings import Limits
from shared.pages.formats import sniff
from shared.pages.images import pages_of
from tests.fakes_pages import page_image, saved, tiff_of

LIMITS = Limits(max_file_bytes=10**8, max_pages=100, max_page_pixels=10**8)


def pages(data: bytes, tmp_path: Path, limits: Limits = LIMITS) -> list[pikepdf.Pdf | str]:
    path = tmp_path / "scan"
    path.write_bytes(data)
    form = sniff(data)
    assert form is not None
    return list(pages_of(path, form, limits))


def only(data: bytes, tmp_path: Path) -> pikepdf.Pdf:
    (page,) = pages(data, tmp_path)
    assert isinstance(page, pikepdf.Pdf)
    return page


def pixels(pdf: pikepdf.Pdf) -> Image.Image:
    """What the page shows, a dot of the scan a dot of the picture."""
    buffer = io.BytesIO()
    pdf.save(buffer)
    scan = pdf.pages[0].obj.Resources.XObject.Scan
    page = pypdfium2.PdfDocument(buffer.getvalue())[0]
    shown: Image.Image = page.render(scale=(int(scan.Width) - 0.01) / page.get_width()).to_pil()
    return shown.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> int:
    return int(np.abs(np.asarray(one.convert("RGB"), int) - np.asarray(other.convert("RGB"), int)).max())


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_data_is_carried_over_byte_for_byte(mode: str, tmp_path: Path) -> None:
    data = saved(page_image(mode=mode), "JPEG")
    page = only(data, tmp_path)
    assert page.pages[0].obj.Resources.XObject.Scan.read_raw_bytes() == data


@pytest.mark.parametrize("mode", ["L", "RGB", "1", "P"])
def test_png_data_is_carried_over_and_shows_the_same(mode: str, tmp_path: Path) -> None:
    image = page_image(mode=mode)
    data = saved(image, "PNG")
    page = only(data, tmp_path)
    assert page.pages[0].obj.Resources.XObject.Scan.read_raw_bytes() in data
    assert difference(pixels(page), image) <= 1


@pytest.mark.parametrize("compression", ["tiff_lzw", "group4", "tiff_deflate", "raw", "packbits", "tiff_ccitt"])
def test_tiff_of_two_colours_shows_the_same(compression: str, tmp_path: Path) -> None:
    image = page_image(mode="1")
    assert difference(pixels(only(saved(image, "TIFF", compression=compression), tmp_path)), image) == 0


@pytest.mark.parametrize(("mode", "rows"), [("L", 16), ("RGB", 16), ("RGB", 32), ("L", 2000), ("RGB", 2000)])
def test_jpeg_strips_of_a_tiff_are_joined_without_decoding(mode: str, rows: int, tmp_path: Path) -> None:
    data = saved(page_image(mode=mode), "TIFF", compression="jpeg", quality=80, tiffinfo={278: rows})
    page = only(data, tmp_path)
    assert page.pages[0].obj.Resources.XObject.Scan.Filter == pikepdf.Name.DCTDecode
    assert difference(pixels(page), Image.open(io.BytesIO(data))) <= 6  # PDFium and libtiff decode with other libraries


def test_deep_and_transparent_and_inked_images_are_shown_on_white(tmp_path: Path) -> None:
    deep = saved(Image.fromarray(np.asarray(page_image(), np.uint16) * 257), "PNG")
    assert difference(pixels(only(deep, tmp_path)), page_image()) <= 1
    clear = Image.new("RGBA", (200, 300), (255, 0, 0, 0))
    assert pixels(only(saved(clear, "PNG"), tmp_path)).getpixel((50, 50)) == (255, 255, 255)
    inked = saved(page_image(mode="CMYK"), "JPEG")
    assert difference(pixels(only(inked, tmp_path)), Image.open(io.BytesIO(inked))) <= 60


def test_a_photo_stands_as_its_camera_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page = only(saved(page_image(), "JPEG", exif=exif), tmp_path)
    assert page.pages[0].obj.Rotate == 90


def test_a_heic_photo_is_taken(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    page_image(mode="RGB").save(buffer, "HEIF", quality=90)
    assert difference(pixels(only(buffer.getvalue(), tmp_path)), page_image(mode="RGB")) <= 90


def test_the_page_has_the_size_of_the_paper(tmp_path: Path) -> None:
    page = only(saved(page_image(), "PNG"), tmp_path)
    box = [float(value) for value in page.pages[0].obj.MediaBox]
    assert box == pytest.approx([0, 0, 827 * 0.72, 1169 * 0.72], abs=1)


def test_a_frame_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    data = bytearray(tiff_of([page_image("a"), page_image("b"), page_image("c")], "tiff_deflate"))
    second = Image.open(io.BytesIO(bytes(data)))
    second.seek(1)
    place = second.tag_v2[273][0]  # type: ignore[attr-defined]
    data[place : place + 200] = bytes(200)
    found = pages(bytes(data), tmp_path)
    assert [isinstance(page, str) for page in found] == [False, True, False]


def test_limits_are_checked_before_anything_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(BadScan, match="MAX_PAGE_PIXELS"):
        pages(saved(page_image(), "PNG"), tmp_path, LIMITS.model_copy(update={"max_page_pixels": 1000}))
    with pytest.raises(BadScan, match="MAX_PAGES"):
        pages(tiff_of([page_image()] * 3), tmp_path, LIMITS.model_copy(update={"max_pages": 2}))

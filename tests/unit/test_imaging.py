"""From a PDF page to the picture an engine reads, and back to places on the page."""

from __future__ import annotations

from math import cos, radians, sin

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from shared.errors import BadScan
from shared.imaging import rasters
from shared.imaging.pdfium import open_pdf
from shared.imaging.placement import PageFrame, Placement
from shared.imaging.preparation import Lie, Prepared, clean, find_lie, straighten, turn
from shared.imaging.rasters import Grey, Raster, read_page
from shared.imaging.typed import read_typed
from tests.scans import HEIGHT, WIDTH, join, marked_page, scan_pdf, typed_pdf


def lines_of_text(skew: float = 0.0, *, paper: int = 255, ink: int = 40) -> Grey:
    """Dark blocks like words in 40 lines of an A4 page at 100 dpi, turned clockwise by `skew` degrees."""
    picture = Image.new("L", (827, 1169), paper)
    draw, rng = ImageDraw.Draw(picture), np.random.default_rng(3)
    for row in range(40):
        x = 80
        while x < 700:
            width = int(rng.integers(20, 70))
            draw.rectangle((x, 90 + 25 * row, x + width, 100 + 25 * row), fill=ink)
            x += width + 9
    return np.asarray(picture.rotate(-skew, fillcolor=paper, resample=Image.Resampling.BICUBIC), np.uint8)


def read_first(pdf: bytes) -> Raster:
    with open_pdf(pdf) as document:
        return read_page(document, 0)


def dark_corner(grey: Grey) -> tuple[bool, bool]:
    """Whether the mark is in the lower half, and in the right half."""
    down, across = np.nonzero(cv2.GaussianBlur(grey, (9, 9), 0) < 100)
    return bool(down.mean() > grey.shape[0] / 2), bool(across.mean() > grey.shape[1] / 2)


@pytest.mark.parametrize(
    ("matrix", "lower", "right"),
    [
        ((WIDTH, 0, 0, HEIGHT, 0, 0), False, False),
        ((0, -HEIGHT, WIDTH, 0, 0, HEIGHT), False, True),
        ((-WIDTH, 0, 0, -HEIGHT, WIDTH, HEIGHT), True, True),
        ((0, HEIGHT, -WIDTH, 0, WIDTH, 0), True, False),
    ],
)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_scans_own_image_is_turned_as_a_viewer_shows_the_page(
    matrix: tuple[float, ...], lower: bool, right: bool, rotate: int
) -> None:
    pdf = scan_pdf(matrix=matrix, rotate=rotate)
    raster = read_first(pdf)
    with open_pdf(pdf) as document:
        page = document[0]
        shown = np.asarray(page.render(scale=1, grayscale=True).to_numpy()).squeeze()
        page.close()
    assert dark_corner(raster.grey) == dark_corner(shown)
    assert raster.grey.size == WIDTH * HEIGHT, "taken out, not drawn"


def test_an_image_is_taken_out_pixel_by_pixel() -> None:
    picture = marked_page()
    assert np.abs(read_first(scan_pdf(picture)).grey.astype(int) - np.asarray(picture)).mean() < 6


def test_its_resolution_comes_from_the_paper_it_covers() -> None:
    assert read_first(scan_pdf(marked_page(1654, 2339))).dpi == pytest.approx(200, abs=1)


@pytest.mark.parametrize(
    "pdf",
    [
        pytest.param(scan_pdf(extra=b"BT /F1 12 Tf 100 500 Td (Doslo) Tj ET\n"), id="text printed over the scan"),
        pytest.param(scan_pdf(matrix=(WIDTH, 0, 0, -HEIGHT, 0, HEIGHT)), id="mirrored"),
        pytest.param(scan_pdf(matrix=(300, 0, 0, 400, 100, 100)), id="image covers half the page"),
        pytest.param(scan_pdf(boxes={"/CropBox": [0.0, 0.0, 300.0, 400.0]}), id="cropped"),
        pytest.param(typed_pdf(["Ziadost"]), id="no image"),
    ],
)
def test_a_page_that_is_more_than_its_image_is_drawn(pdf: bytes) -> None:
    raster = read_first(pdf)
    assert raster.dpi == pytest.approx(rasters.RENDER_DPI, abs=2)


def test_a_colour_and_a_cmyk_scan_come_out_grey() -> None:
    for mode in ("RGB", "CMYK"):
        grey = read_first(scan_pdf(marked_page().convert(mode))).grey
        assert grey.ndim == 2
        assert dark_corner(grey) == (False, False)


def test_a_file_that_is_no_pdf_is_refused_in_slovak() -> None:
    with pytest.raises(BadScan) as caught, open_pdf(b"no pdf"):
        pass
    assert "PDF" in caught.value.reason


@pytest.mark.parametrize("skew", [-9.5, -3.0, -0.8, 0.0, 1.3, 7.0])
def test_skew_is_found_to_a_tenth_of_a_degree(skew: float) -> None:
    lie = find_lie(Prepared(lines_of_text(skew), 100, 0.0))
    assert not lie.sideways
    assert lie.skew == pytest.approx(skew, abs=0.1)


def test_text_along_the_page_is_seen_with_its_skew() -> None:
    lying = turn(Prepared(lines_of_text(2.0), 100, 0.0), 1)
    lie = find_lie(lying)
    assert lie.sideways
    assert lie.skew == pytest.approx(2.0, abs=0.1)


def test_an_empty_page_lies_straight() -> None:
    assert find_lie(Prepared(np.full((1169, 827), 255, np.uint8), 100, 0.0)) == Lie(sideways=False, skew=0.0)


def test_a_straightened_page_has_no_skew_left() -> None:
    page = Prepared(lines_of_text(4.0), 100, 0.0)
    assert abs(find_lie(straighten(page, 4.0)).skew) <= 0.1


def test_uneven_light_and_faint_ink_become_black_on_white() -> None:
    page = lines_of_text(paper=230, ink=150).astype(np.float32)
    page *= np.linspace(1.0, 0.6, page.shape[1])[None, :]
    cleaned = clean(Raster(page.astype(np.uint8), 100)).grey
    paper = cleaned[:60, 60:-60]
    words = cleaned[90:1060][lines_of_text()[90:1060] < 100]
    assert paper.min() > 240
    assert np.median(words) < 60


def test_a_blank_page_stays_blank() -> None:
    noise = np.random.default_rng(2).normal(235, 4, (1169, 827)).clip(0, 255).astype(np.uint8)
    assert clean(Raster(noise, 100)).grey.min() > 200


def test_a_page_scanned_finer_than_needed_is_read_at_two_hundred_dots() -> None:
    prepared = clean(Raster(np.full((3508, 2480), 255, np.uint8), 300))
    assert (prepared.dpi, prepared.grey.shape) == (200, (2339, 1653))


def test_a_poster_is_scaled_to_what_the_engine_can_take() -> None:
    assert max(clean(Raster(np.full((9000, 6000), 255, np.uint8), 150)).grey.shape) <= 5000


@pytest.mark.parametrize("skew", [0.0, 5.0, -8.0])
def test_a_place_on_the_straightened_picture_is_found_again_on_the_page(skew: float) -> None:
    width, height = 800, 1000
    x, y = 150.0, 300.0  # on the page, from its middle
    angle = radians(skew)
    # The picture was turned counter-clockwise, with y counted downwards.
    turned = x * cos(angle) + y * sin(angle), -x * sin(angle) + y * cos(angle)
    box = Placement(width, height, skew).box(turned[0] + width / 2 - 20, turned[1] + height / 2 - 5, 40, 10)
    middle = ((box[0] + box[2]) / 2 * width - width / 2, (box[1] + box[3]) / 2 * height - height / 2)
    assert middle == pytest.approx((x, y), abs=0.05)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_user_space_and_the_page_as_shown_are_each_others_inverse(turned: int) -> None:
    frame = PageFrame(-20, 30, 595, 842, turned)
    low, high = frame.point(0.2, 0.3), frame.point(0.4, 0.35)
    left, right = sorted((low[0], high[0]))
    bottom, top = sorted((low[1], high[1]))
    assert frame.box(left, bottom, right, top) == pytest.approx((0.2, 0.3, 0.4, 0.35), abs=1e-4)


TYPED = ["Ziadost o vydanie stavebneho povolenia", "podava stavebnik Jana Horna, Lipova 5", "a ziada o vybavenie"]


def test_a_typed_pages_own_text_is_read_with_its_places() -> None:
    [page] = read_typed(typed_pdf(TYPED), [7]).values()
    assert page.page == 7
    assert [line.text for line in page.lines] == TYPED
    left, top, _, bottom = page.lines[0].words[0].box
    assert left == pytest.approx(72 / WIDTH, abs=0.01)
    assert top < (HEIGHT - 770) / HEIGHT < bottom + 0.005


def test_a_scan_is_left_to_the_engine_whatever_text_lies_under_it() -> None:
    own = b"BT 3 Tr /F1 12 Tf 1 0 0 1 72 700 Tm (" + TYPED[0].encode() * 3 + b") Tj ET\n"
    assert read_typed(scan_pdf(extra=own), [1]) == {}


def test_of_a_mixed_document_only_the_typed_pages_are_read() -> None:
    assert list(read_typed(join(scan_pdf(), typed_pdf(TYPED), scan_pdf()), [3, 4, 6])) == [4]


def test_a_page_with_hardly_any_text_is_left_to_the_engine() -> None:
    assert read_typed(typed_pdf(["str. 2"]), [1]) == {}

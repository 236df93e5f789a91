"""What one page holds: separators in any position, blank pages with what dirties them, little writing that counts."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from shared.pages.account import AFTER_PATCH, AFTER_SHEET, PATCH_ON_PAGE
from shared.pages.codes import Code, numbers_in, sheet_text, sheets_in
from shared.pages.findings import Finding
from shared.pages.looking import look_at as look_at_view
from shared.pages.patch import find_patches
from shared.pages.views import View
from tests.fakes_pages import page_image

DPI = 100
UNIT = 0.08 * DPI
Page = NDArray[np.uint8]


def look_at(page: Page) -> Finding:
    return look_at_view(1, View(page, DPI))


def patch_page(pattern: str = "NWNW", *, background: Image.Image | None = None, top: int = 40) -> Page:
    """A patch mark along the upper edge; N and W are its narrow and wide bars."""
    image = background or Image.new("L", (827, 1169), 255)
    draw, y = ImageDraw.Draw(image), float(top)
    for bar in pattern:
        tall = UNIT * (2.5 if bar == "W" else 1)
        draw.rectangle((250, round(y), 580, round(y + tall) - 1), fill=10)
        y += tall + UNIT
    return np.asarray(image)


def turned(page: Page, degrees: float) -> Page:
    quarters, rest = divmod(degrees + 45, 90)
    page = np.ascontiguousarray(np.rot90(page, int(quarters)))
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rest - 45, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=(255,)), np.uint8)


def worn(page: Page, *, noise: float = 8, blur: float = 0.9, ink: float = 0.5) -> Page:
    faded = cv2.GaussianBlur(np.asarray(240 - (255 - page.astype(float)) * ink * 240 / 255, np.float32), (0, 0), blur)
    noisy = faded + np.random.default_rng(7).normal(0, noise, page.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 5, -8, 12, 84, 97, 175, 265])
def test_a_patch_sheet_separates_however_it_lies(degrees: float) -> None:
    finding = look_at(turned(patch_page(), degrees))
    assert (finding.separator, finding.rests_on) == (True, AFTER_PATCH)


def test_a_worn_patch_sheet_separates() -> None:
    assert look_at(worn(turned(patch_page(), 3))).separator


@pytest.mark.parametrize("pattern", ["WWNN", "WNNW", "NWWN", "NNWW", "NNNN", "WWWW", "NWN", "NWNWNW"])
def test_other_bars_are_no_patch_t(pattern: str) -> None:
    assert find_patches(View(patch_page(pattern), DPI))[0] == []


def test_a_patch_mark_on_a_full_page_leaves_the_page_in_its_document() -> None:
    finding = look_at(patch_page(background=page_image(), top=1000))
    assert (finding.separator, finding.rests_on) == (False, PATCH_ON_PAGE)


def test_tables_and_text_are_no_patch_marks() -> None:
    image = page_image()
    draw = ImageDraw.Draw(image)
    for row in range(30):
        draw.line((80, 90 + 30 * row, 740, 90 + 30 * row), fill=0, width=2 + row % 3)
    assert find_patches(View(np.asarray(image), DPI))[0] == []


def with_code(text: str, *, linear: bool = False, scale: int = 4) -> Page:
    import zxingcpp

    kind = zxingcpp.BarcodeFormat.Code128 if linear else zxingcpp.BarcodeFormat.QRCode
    code = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=True))
    tall = 60 if linear else code.shape[0] * scale
    picture = cv2.resize(code, (code.shape[1] * scale, tall), interpolation=cv2.INTER_NEAREST)
    page = np.full((1169, 827), 255, np.uint8)
    page[300 : 300 + picture.shape[0], 100 : 100 + picture.shape[1]] = picture
    return page


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 8, 187])
@pytest.mark.parametrize("department", [None, "stavebny-urad"])
def test_our_sheet_separates_and_names_its_department(department: str | None, degrees: float) -> None:
    finding = look_at(turned(with_code(sheet_text(department)), degrees))
    assert (finding.separator, finding.department, finding.rests_on) == (True, department, AFTER_SHEET)


def test_our_sheet_is_read_on_a_worn_scan() -> None:
    assert look_at(worn(with_code(sheet_text("skolstvo"), scale=8), noise=12)).department == "skolstvo"


@pytest.mark.parametrize("front", [patch_page(), with_code(sheet_text("skolstvo"), scale=8)], ids=["patch", "code"])
def test_the_back_of_a_separator_that_shows_through_is_blank(front: Page) -> None:
    ghost = cv2.GaussianBlur(front.astype(np.float32)[:, ::-1], (0, 0), 1.2)
    back = np.asarray(245 * (1 - (255 - ghost) / 255 * 0.12), np.uint8)
    finding = look_at(back)
    assert (finding.separator, finding.blank) == (False, True)


def test_a_strangers_code_is_no_sheet_of_ours() -> None:
    strange = ["podatelna:oddelovac:1x", "https://podatelna:oddelovac:1", "podatelna:oddelovac:2"]
    assert sheets_in([Code(text, True) for text in strange]) == []


def test_a_registry_label_is_the_documents_number() -> None:
    assert look_at(with_code("MsU-2026-00412", linear=True, scale=2)).codes == ["MsU-2026-00412"]


@pytest.mark.parametrize("text", ["https://mesto.sk/12345", "00069L6R" * 15, "BCD\n002\n1\nSCT", "abc", "ABCDEF"])
def test_payments_links_and_words_are_no_numbers_of_documents(text: str) -> None:
    assert numbers_in([Code(text, True)]) == []


def test_a_retail_code_is_no_number_of_a_document() -> None:
    assert numbers_in([Code("8586012345678", False)]) == []


def test_a_label_too_worn_to_be_read_is_noticed() -> None:
    finding = look_at(worn(with_code("MsU-2026-00412", linear=True, scale=1), noise=10))
    assert (finding.codes, finding.unread_code) == ([], True)


def test_text_and_tables_are_no_bar_code() -> None:
    image = page_image()
    draw = ImageDraw.Draw(image)
    for line in range(12):
        draw.line((80 + 60 * line, 700, 80 + 60 * line, 1000), fill=0, width=2)
        draw.line((80, 700 + 25 * line, 740, 700 + 25 * line), fill=0, width=2)
    assert not look_at(np.asarray(image)).unread_code


def dirty(
    *, through: float = 0.0, holes: bool = False, staple: bool = False, dust: int = 0, fold: bool = False
) -> Page:
    """An empty sheet with what a scanner sees on it."""
    page = np.full((1169, 827), 245, np.float32)
    if through:
        ghost = cv2.GaussianBlur(np.asarray(page_image("rub listu"), np.float32)[:, ::-1], (0, 0), 1.3)
        page *= 1 - (255 - ghost) / 255 * through
    rng = np.random.default_rng(3)
    if holes:
        for y in (427, 742):
            cv2.circle(page, (48, y), 12, (60,), -1, cv2.LINE_AA)
    if staple:
        cv2.line(page, (40, 52), (72, 38), (90,), 2, cv2.LINE_AA)
    if fold:
        page[388:390] -= 35
        page[390:396] -= 8
    for _ in range(dust):
        cv2.circle(page, (int(rng.integers(20, 800)), int(rng.integers(20, 1140))), 1, (80,), -1)
    return np.clip(page + rng.normal(0, 2.5, page.shape), 0, 255).astype(np.uint8)


DIRT = [
    {}, {"through": 0.12}, {"holes": True}, {"staple": True}, {"dust": 60}, {"fold": True},
    {"through": 0.08, "holes": True, "staple": True, "dust": 30, "fold": True},
]  # fmt: skip


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("dirt", DIRT, ids=lambda dirt: "+".join(dirt) or "clean")
def test_a_sheet_with_nothing_written_on_it_is_blank(dirt: dict[str, float], quarters: int) -> None:
    assert look_at(np.ascontiguousarray(np.rot90(dirty(**dirt), quarters))).blank  # type: ignore[arg-type]


@pytest.mark.parametrize("dirt", DIRT, ids=lambda dirt: "+".join(dirt) or "clean")
@pytest.mark.parametrize("place", [(120, 200), (400, 700), (150, 1080)])
def test_one_line_on_it_makes_it_a_page(dirt: dict[str, float], place: tuple[int, int]) -> None:
    page = dirty(**dirt)  # type: ignore[arg-type]
    cv2.putText(page, "Suhlasim, 12. 3.", place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 0.9, (90,), 1, cv2.LINE_AA)
    assert not look_at(page).blank


def test_a_black_page_is_not_blank_and_an_empty_one_is() -> None:
    assert look_at(np.full((1169, 827), 255, np.uint8)).blank
    half = np.full((1169, 827), 255, np.uint8)
    half[300:700, 200:600] = 0
    assert not look_at(half).blank

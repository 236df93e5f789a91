"""The Tesseract adapter on real scans, and the delivered file made of what it read."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from local.tessdata import find_tessdata
from shared.adapters.tesseract import Tesseract
from shared.errors import ConfigurationError, UnreadableText
from shared.imaging.pdfium import open_pdf
from shared.imaging.rasters import read_page
from shared.model import DocumentText
from shared.settings import Settings
from tests.scans import searchable

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[2] / "samples"
TREES = SAMPLES / "05-ziadost-o-vyrub-drevin.pdf"


@pytest.fixture
async def tesseract() -> AsyncIterator[Tesseract]:
    engine = Tesseract(find_tessdata(), workers=2)
    yield engine
    await engine.close()


def turned(path: Path, degrees: int) -> bytes:
    """The paper put into the feeder another way round: the page shows as it lay."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            page.rotate(degrees, relative=True)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def words(text: DocumentText) -> set[str]:
    return {word.text.strip(".,:;") for page in text.pages for line in page.lines for word in line.words}


async def test_slovak_print_is_read_with_its_diacritics(tesseract: Tesseract) -> None:
    text = await tesseract.recognize("D-1", TREES.read_bytes(), [2, 5])
    assert (text.engine, [page.page for page in text.pages]) == ("tesseract", [2, 5])
    assert {"Žiadosť", "vydanie", "súhlasu", "životného", "prostredia"} <= words(text)


@pytest.mark.parametrize("degrees", [90, 180, 270])
async def test_a_page_fed_the_wrong_way_round_is_set_upright_and_read(tesseract: Tesseract, degrees: int) -> None:
    text = await tesseract.recognize("D-1", turned(TREES, degrees), [1, 2])
    assert [page.rotation for page in text.pages] == [360 - degrees] * 2
    assert {"Žiadosť", "súhlasu", "životného"} <= words(text)


async def test_labels_on_dotted_lines_are_read(tesseract: Tesseract) -> None:
    form = SAMPLES / "01-ohlasenie-drobnej-stavby.pdf"
    text = await tesseract.recognize("D-1", form.read_bytes(), [1])
    assert {"Meno", "Trvalý", "Telefón", "Zastavaná", "územie", "Parcela"} <= words(text)


async def test_a_line_that_the_engine_passes_over_is_shown_to_it_again(tesseract: Tesseract) -> None:
    text = await tesseract.recognize("D-1", TREES.read_bytes(), [1, 2])
    lines = [line.text for line in text.pages[0].lines]
    at = next(place for place, line in enumerate(lines) if "ohrozujú obyvateľov" in line)
    assert 0 < at < len(lines) - 1
    assert not any("ohrozujú" in line for place, line in enumerate(lines) if place != at)


async def test_a_faint_copy_gives_its_title(tesseract: Tesseract) -> None:
    faint = SAMPLES / "08-opatrovatelska-sluzba-vyblednuta-kopia.pdf"
    text = await tesseract.recognize("D-1", faint.read_bytes(), [1])
    assert "OPATROVATEĽSKEJ" in words(text)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
async def test_a_word_found_in_the_delivered_file_lies_on_its_ink(tesseract: Tesseract, degrees: int) -> None:
    pdf = turned(TREES, degrees)
    delivered = searchable(pdf, await tesseract.recognize("D-1", pdf, [1, 2]), title="Dokument D-1")
    page = pdfium.PdfDocument(delivered)[0]
    content = page.get_textpage()
    index, count = content.search("prostredia").get_next()
    boxes = np.array([content.get_charbox(index + at, loose=True) for at in range(count)])
    upright = page.get_rotation() % 360
    with open_pdf(delivered) as document:
        shown = read_page(document, 0)
    assert shown.grey.shape[0] > shown.grey.shape[1], "delivered upright"
    flat = make_flat(delivered, boxes, upright)
    assert (flat < 128).mean() > 0.1, "letters under the word"


def make_flat(delivered: bytes, boxes: np.ndarray, upright: int) -> np.ndarray:
    """What is drawn under the word, in user space: the page rendered without its turn."""
    with pikepdf.open(io.BytesIO(delivered)) as pdf:
        pdf.pages[0].obj.Rotate = 0
        out = io.BytesIO()
        pdf.save(out)
    page = pdfium.PdfDocument(out.getvalue())[0]
    drawn = page.render(scale=2, grayscale=True).to_numpy().squeeze()
    left, bottom, right, top = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    height = page.get_height()
    part: np.ndarray = drawn[int(2 * (height - top)) : int(2 * (height - bottom)), int(2 * left) : int(2 * right)]
    return part


async def test_a_page_that_cannot_be_decoded_does_not_stop_its_siblings(tesseract: Tesseract) -> None:
    with pikepdf.open(TREES) as pdf:
        _, image = next(iter(pdf.pages[0].get_images().items()))
        image.write(b"\xff\xd8 no jpeg", filter=pikepdf.Name.DCTDecode)
        out = io.BytesIO()
        pdf.save(out)
    text = await tesseract.recognize("D-1", out.getvalue(), [1, 2])
    assert text.pages[0].error
    assert not text.pages[1].error
    assert "Žiadosť" in words(text) or len(words(text)) > 40


async def test_bytes_that_are_no_pdf_are_unreadable(tesseract: Tesseract) -> None:
    with pytest.raises(UnreadableText):
        await tesseract.recognize("D-1", b"nothing", [1])


def test_without_slovak_data_it_says_what_to_install(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "STORAGE": "x",
            "SERVICEBUS": "x",
            "REVIEW_DESK_URL": "x",
            "OCR_ENGINE": "tesseract",
            "TESSDATA": str(tmp_path),
        }
    )
    with pytest.raises(ConfigurationError, match="tesseract-ocr-slk"):
        Tesseract.open(settings)

"""The delivered file: searchable where the words stand, upright, and to the eye the scan as it was."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray

from shared.imaging.placement import Box
from shared.model import DocumentText, Line, PageText, Word
from tests.scans import HEIGHT, WIDTH, marked_page, scan_pdf, searchable, typed_pdf

BOX = (0.2, 0.3, 0.4, 0.32)
SLOVAK = "ÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽáäčďéíĺľňóôŕšťúýž"


def text_of(*words: str, box: Box = BOX, rotation: int = 0, skew: float = 0.0, pages: int = 1) -> DocumentText:
    line = Line(words=[Word(text=word, box=box, confidence=0.9) for word in words])
    read = [PageText(page=page, lines=[line], rotation=rotation, skew=skew) for page in range(1, pages + 1)]
    return DocumentText(document_id="20261120-ABCDEFGH-1", engine="tesseract", pages=read)


def deliver(pdf: bytes, text: DocumentText, **more: object) -> bytes:
    return searchable(pdf, text, title="Žiadosť & spol.", **more)  # type: ignore[arg-type]


def found_text(pdf: bytes) -> str:
    return str(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_range())


def shown_place(pdf: bytes, word: str) -> Box:
    """Where a viewer marks the word, as fractions of the page as it shows it."""
    page = pdfium.PdfDocument(pdf)[0]
    content = page.get_textpage()
    search = content.search(word)
    found = search.get_next()
    assert found is not None, f"{word} cannot be found"
    boxes = [content.get_charbox(found[0] + at, loose=True) for at in range(found[1])]
    device = [page_point(page, x, y) for left, bottom, right, top in boxes for x, y in ((left, bottom), (right, top))]
    xs, ys = zip(*device, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def page_point(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = pdfium.raw.c_int(), pdfium.raw.c_int()
    size = 10_000
    pdfium.raw.FPDF_PageToDevice(page, 0, 0, size, size, 0, x, y, across, down)
    return across.value / size, down.value / size


def picture(pdf: bytes) -> NDArray[np.uint8]:
    return np.asarray(pdfium.PdfDocument(pdf)[0].render(scale=1, grayscale=True).to_numpy()).squeeze()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_word_is_found_where_it_stands_on_the_upright_page(rotate: int, rotation: int) -> None:
    delivered = deliver(scan_pdf(rotate=rotate), text_of("Podateľňa", rotation=rotation))
    assert shown_place(delivered, "Podateľňa") == pytest.approx(BOX, abs=0.005)


def test_a_page_whose_crop_box_is_off_the_origin_has_its_words_in_place() -> None:
    boxes = {"/MediaBox": [-20.0, 30.0, 575.0, 872.0], "/CropBox": [0.0, 50.0, 500.0, 800.0]}
    delivered = deliver(scan_pdf(boxes=boxes), text_of("Podateľňa"))
    assert shown_place(delivered, "Podateľňa") == pytest.approx(BOX, abs=0.005)


def test_words_of_a_skewed_page_lie_along_its_lines() -> None:
    delivered = deliver(scan_pdf(), text_of("Podateľňa", box=(0.1, 0.5, 0.9, 0.52), skew=5.0))
    left, top, right, bottom = shown_place(delivered, "Podateľňa")
    fall = np.tan(np.radians(5)) * 0.8 * WIDTH / HEIGHT
    assert (left + right) / 2 == pytest.approx(0.5, abs=0.01)
    assert (bottom - top) == pytest.approx(fall + 0.02, abs=0.015)


def test_every_slovak_letter_can_be_searched() -> None:
    assert SLOVAK in found_text(deliver(scan_pdf(), text_of(SLOVAK)))


def test_brackets_and_backslashes_do_not_break_the_page() -> None:
    text = text_of("(a)\\", "§ 5", "„áno“", "–", "100\u00a0€")
    assert "(a)\\" in found_text(deliver(scan_pdf(), text))


def test_letters_of_any_script_can_be_searched_and_a_pictograph_harms_none() -> None:
    assert "mes漢to" in found_text(deliver(scan_pdf(), text_of("\U0001f600mes漢to")))


def test_noise_that_nobody_would_search_for_is_left_out() -> None:
    found = found_text(deliver(scan_pdf(), text_of("|", "—", "mesto")))
    assert found.split() == ["mesto"]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_to_the_eye_the_page_is_the_scan_turned_upright(rotation: int) -> None:
    scan = scan_pdf()
    delivered = deliver(scan, text_of("Podateľňa", rotation=rotation))
    assert np.array_equal(picture(delivered), np.rot90(picture(scan), -rotation // 90))


def test_the_images_bytes_are_copied_untouched() -> None:
    scan = scan_pdf()
    delivered = deliver(scan, text_of("Podateľňa"))
    with pikepdf.open(io.BytesIO(scan)) as before, pikepdf.open(io.BytesIO(delivered)) as after:
        images = [bytes(pdf.pages[0].Resources.XObject.Scan.read_raw_bytes()) for pdf in (before, after)]
    assert images[0] == images[1]


def test_a_scanners_own_text_layer_is_replaced() -> None:
    old = b"BT 3 Tr /F1 12 Tf 100 500 Td (ZlyText) Tj ET\n"
    found = found_text(deliver(scan_pdf(extra=old), text_of("Podateľňa")))
    assert "ZlyText" not in found
    assert "Podateľňa" in found


def test_text_that_can_be_seen_on_a_scan_stays() -> None:
    stamped = b"BT /F1 12 Tf 100 500 Td (Doslo) Tj ET\n"
    assert "Doslo" in found_text(deliver(scan_pdf(extra=stamped), text_of("Podateľňa")))


def test_a_typed_page_keeps_its_own_text_and_nothing_is_laid_over() -> None:
    delivered = deliver(typed_pdf(["Ziadost"]), text_of("Podateľňa"), typed={1})
    assert "Podateľňa" not in found_text(delivered)
    assert "Ziadost" in found_text(delivered)


def test_metadata_name_the_document_its_language_and_title() -> None:
    with pikepdf.open(io.BytesIO(deliver(scan_pdf(), text_of("a")))) as pdf:
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "Žiadosť & spol."
        assert metadata["dc:identifier"] == "20261120-ABCDEFGH-1"
        assert str(pdf.Root.Lang) == "sk"
        assert str(pdf.docinfo.Title) == "Žiadosť & spol."


def test_a_plain_scan_claims_archival_quality_with_its_output_intent() -> None:
    with pikepdf.open(io.BytesIO(deliver(scan_pdf(), text_of("Mesto", "Banská", "Bystrica")))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert pdf.Root.OutputIntents[0].DestOutputProfile.N == 3


def test_what_cannot_be_vouched_for_makes_no_claim() -> None:
    cmyk = scan_pdf(marked_page().convert("CMYK"))
    stamped = scan_pdf(extra=b"BT /F1 12 Tf 100 500 Td (Doslo) Tj ET\n")
    for pdf, typed in ((cmyk, ()), (stamped, ()), (typed_pdf(["Ziadost"]), {1})):
        with pikepdf.open(io.BytesIO(deliver(pdf, text_of("a"), typed=typed))) as delivered:
            assert delivered.open_metadata().pdfa_status == ""


def test_the_same_document_gives_the_same_bytes() -> None:
    scan, text = scan_pdf(), text_of("Podateľňa")
    assert deliver(scan, text) == deliver(scan, text)


def test_a_page_of_three_hundred_words_costs_a_few_thousand_bytes() -> None:
    scan = scan_pdf()
    words = [f"slovo{at}" for at in range(300)]
    assert len(deliver(scan, text_of(*words))) - len(scan) < 5000

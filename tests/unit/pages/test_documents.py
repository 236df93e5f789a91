"""PDF files: only their pages go on, repaired where that loses nothing."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from shared.errors import BadScan
from shared.pages import refusals
from shared.pages.documents import cut, prepare_pdf
from shared.pages.findings import Limits, Prepared
from tests.fakes_pages import bad_scans, page_image, pdf_of

LIMITS = Limits(max_file_bytes=10**8, max_pages=100, max_page_pixels=10**8)
SCANS = bad_scans()


def prepare(data: bytes, tmp_path: Path, **limits: object) -> tuple[Prepared, Path]:
    (tmp_path / "scan").write_bytes(data)
    return prepare_pdf(
        tmp_path / "scan", tmp_path / "pages.pdf", LIMITS.model_copy(update=limits)
    ), tmp_path / "pages.pdf"


def test_javascript_attachments_and_links_stay_behind(tmp_path: Path) -> None:
    prepared, path = prepare(SCANS["javascript and attachment"], tmp_path)
    with pikepdf.open(path) as pdf:
        everything = b"".join(bytes(thing.unparse(resolved=True)) for thing in pdf.objects)
        assert not {"/OpenAction", "/Names", "/AcroForm"} & set(pdf.Root.keys())
    assert prepared.bad == {}
    assert b"JavaScript" not in everything
    assert b"/AA" not in everything


def test_what_was_filled_in_a_form_stays_on_the_page(tmp_path: Path) -> None:
    _, path = prepare(SCANS["filled form"], tmp_path)
    page = pypdfium2.PdfDocument(path)[0]
    assert "VYPLNENE" in page.get_textpage().get_text_bounded()
    assert page.render(scale=1, grayscale=True, may_draw_forms=False).to_numpy().min() < 100


def test_a_known_password_opens_the_file_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    with pytest.raises(BadScan) as refusal:
        prepare(SCANS["locked"], tmp_path)
    assert refusal.value.reason == refusals.locked().reason
    _, path = prepare(SCANS["locked"], tmp_path, passwords=["iné", "tajné"])
    assert not pikepdf.open(path).is_encrypted


def test_a_broken_cross_reference_is_repaired_without_a_doubt(tmp_path: Path) -> None:
    prepared, path = prepare(SCANS["broken xref"], tmp_path)
    assert (prepared.pages, prepared.bad, prepared.doubts) == (2, {}, [])
    assert len(pikepdf.open(path).pages) == 2


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.97])
def test_a_file_without_its_end_is_not_taken_for_a_shorter_one(share: float, tmp_path: Path) -> None:
    whole = pdf_of([page_image(word) for word in "abcde"])
    with pytest.raises(BadScan) as refusal:
        prepare(whole[: int(len(whole) * share)], tmp_path)
    assert refusal.value.reason == refusals.truncated("").reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [("bomb", refusals.SWOLLEN_PAGE), ("vast image in a pdf", refusals.HUGE_PAGE)],
)
def test_a_page_that_would_swell_is_bad_and_its_sibling_is_not(name: str, reason: str, tmp_path: Path) -> None:
    prepared, _ = prepare(SCANS[name], tmp_path)
    assert prepared.bad == {2: reason}


def test_a_page_keeps_what_it_has_from_the_page_tree(tmp_path: Path) -> None:
    def hoist(pdf: pikepdf.Pdf) -> None:
        for key in ("/MediaBox", "/Resources"):
            pdf.Root.Pages[key] = pdf.pages[0].obj[key]
            del pdf.pages[0].obj[key]
        pdf.Root.Pages.Rotate = 90

    prepared, path = prepare(pdf_of([page_image()], hoist), tmp_path)
    page = pypdfium2.PdfDocument(path)[0]
    assert prepared.bad == {}
    assert page.get_size() == pytest.approx((842, 595))
    assert page.render(scale=1, grayscale=True).to_numpy().min() < 100


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScan, match="MAX_PAGES"):
        prepare(pdf_of([page_image()] * 3), tmp_path, max_pages=2)


def test_pages_cut_out_keep_their_scan_byte_for_byte_and_repeat_exactly(tmp_path: Path) -> None:
    data = pdf_of([page_image("a"), page_image("b"), page_image("c")])
    _, path = prepare(data, tmp_path)
    cut(path, [1, 3], tmp_path / "one.pdf")
    cut(path, [1, 3], tmp_path / "two.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    (tmp_path / "whole.pdf").write_bytes(data)
    with pikepdf.open(tmp_path / "whole.pdf") as whole, pikepdf.open(tmp_path / "one.pdf") as part:
        scans = [page.obj.Resources.XObject.Im0.read_raw_bytes() for page in part.pages]
        assert scans == [whole.pages[n].obj.Resources.XObject.Im0.read_raw_bytes() for n in (0, 2)]
    assert (tmp_path / "one.pdf").stat().st_size < 0.72 * len(data)

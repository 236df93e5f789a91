"""The sample scans: the table of what they are matches the files, and the generator makes them again."""

import csv
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageChops

from samples.catalogue import SAMPLES
from samples.make import TRUTH, make_sample
from samples.rendering import SEVERITIES, Form, degrade, render_page, render_pages, render_plain_text, write_tiff
from samples.rendering.fonts import FAMILIES, load_font
from samples.rendering.form import PageBreak, Paragraph, Style
from samples.submissions.taxes import DOG_TAX
from shared.departments import load_city

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "samples"
SCAN_SUFFIXES = {".pdf", ".tif", ".jpg", ".png"}
MAX_FOLDER_BYTES = 6 * 1024 * 1024
INVOICE = next(sample for sample in SAMPLES if sample.file.startswith("11-"))


def read_truth() -> list[dict[str, str]]:
    with (FOLDER / TRUTH).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def count_pages(path: Path) -> int:
    if path.suffix == ".pdf":
        return len(pypdfium2.PdfDocument(path))
    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


def scan_files() -> list[Path]:
    return sorted(path for path in FOLDER.iterdir() if path.suffix in SCAN_SUFFIXES)


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def test_truth_lists_every_scan_and_nothing_else() -> None:
    listed = [row["file"] for row in read_truth()]
    assert listed == [path.name for path in scan_files()]
    assert listed == [sample.file for sample in SAMPLES]


@pytest.mark.parametrize("row", read_truth(), ids=lambda row: row["file"])
def test_a_scan_opens_with_the_pages_the_truth_says_or_is_the_declared_broken_one(row: dict[str, str]) -> None:
    if row["expected"] == "quarantined":
        with pytest.raises(pypdfium2.PdfiumError):
            count_pages(FOLDER / row["file"])
    else:
        assert count_pages(FOLDER / row["file"]) == int(row["pages"])


def test_truth_names_departments_the_city_has() -> None:
    known = {department.id for department in load_city(ROOT / "config" / "departments.yaml").departments}
    named = {row["department"] for row in read_truth() if row["expected"] != "quarantined"}
    assert named <= known
    assert len(named) >= 14


def test_the_scans_stay_small_enough_to_keep_in_the_repository() -> None:
    assert sum(path.stat().st_size for path in scan_files()) <= MAX_FOLDER_BYTES


def test_a_sample_made_twice_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        make_sample(INVOICE, tmp_path / name)
    assert (tmp_path / "a" / INVOICE.file).read_bytes() == (tmp_path / "b" / INVOICE.file).read_bytes()


def test_the_generator_still_draws_the_scan_that_is_kept(tmp_path: Path) -> None:
    make_sample(INVOICE, tmp_path)
    kept, made = (pypdfium2.PdfDocument(folder / INVOICE.file)[0].render() for folder in (FOLDER, tmp_path))
    difference = ImageChops.difference(kept.to_pil().convert("L"), made.to_pil().convert("L"))
    assert np.asarray(difference).mean() < 1


@pytest.mark.parametrize("family", FAMILIES)
def test_every_font_has_the_slovak_letters(family: str) -> None:
    font = load_font(family, 30)
    missing = bytes(font.getmask("\uffff"))
    letters = "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"
    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


def test_a_long_form_goes_on_over_numbered_pages() -> None:
    form = Form("Dlhé podanie", (Paragraph("prvá strana"), PageBreak(), Paragraph("druhá strana")))
    pages = render_pages(form, generator())
    assert [page.size for page in pages] == [(1654, 2339)] * 2
    footers = [np.asarray(page.convert("L"))[2230:2290].min() for page in pages]
    assert max(footers) < 100, "each page carries its number"


def test_a_form_of_two_pages_is_not_cut_to_one() -> None:
    with pytest.raises(ValueError, match="takes 2 pages"):
        render_page(Form("Dlhé podanie", (PageBreak(),)), generator())


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_degrading_keeps_mode_and_size(severity: str, mode: str) -> None:
    page = render_page(DOG_TAX, generator(), dpi=100).convert(mode)
    scanned = degrade(page, severity, generator())
    assert (scanned.mode, scanned.size) == (page.mode, page.size)


def test_a_worse_severity_leaves_less_contrast() -> None:
    page = render_page(DOG_TAX, generator(), dpi=100).convert("L")
    spread = {name: float(np.asarray(degrade(page, name, generator())).std()) for name in ("light", "faint-copy")}
    assert spread["faint-copy"] < spread["light"] * 0.6


def test_unknown_severity_and_font_name_the_choices() -> None:
    with pytest.raises(ValueError, match="use one of clean, light"):
        degrade(Image.new("L", (10, 10)), "awful", generator())
    with pytest.raises(ValueError, match="use one of arimo"):
        load_font("comic", 12)


def test_a_letter_is_written_by_hand_only_in_a_hand() -> None:
    with pytest.raises(ValueError, match="no handwriting"):
        render_plain_text("Dobrý deň", generator(), Style(hand="arimo"), by_hand=True)


def test_text_longer_than_a_page_goes_on_in_a_tiff_of_many_frames(tmp_path: Path) -> None:
    pages = render_plain_text("riadok\n" * 120, generator())
    write_tiff(pages, tmp_path / "list.tif", 200, compression="group4")
    assert count_pages(tmp_path / "list.tif") == len(pages) > 1

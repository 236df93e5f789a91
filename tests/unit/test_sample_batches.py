"""The batch generator: its truth accounts for every page, and what it claims can be found in the files."""

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from samples.batch import TRUTH, make_batch, make_batches
from samples.batches.drawing import TURNS
from samples.batches.plan import CUTS, WITH_SHEETS, Leaf, Plan, plan_documents, plan_leaves
from samples.batches.sheets import PATCH_T, draw_label, draw_patch_sheet, draw_qr_sheet
from samples.rendering import degrade
from samples.rendering.canvas import new_page
from shared.pages.codes import sheet_text

DPI = 100
SEED = 3


def planned(cut: str, seed: int) -> Plan:
    rng = np.random.default_rng(seed)
    plan = Plan("x.pdf", cut, "light", double_sided=True)  # type: ignore[arg-type]
    plan_documents(plan, rng)
    plan_leaves(plan, [1 + document.attachments for document in plan.documents], rng)
    return plan


def count_pages(path: Path) -> int:
    if path.suffix == ".pdf":
        return len(pypdfium2.PdfDocument(path))
    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


@pytest.mark.slow
def test_truth_has_a_line_a_file_and_an_entry_a_page(tmp_path: Path) -> None:
    make_batches(tmp_path, count=len(CUTS), seed=SEED, dpi=DPI)
    lines = [json.loads(line) for line in (tmp_path / TRUTH).read_text(encoding="utf-8").splitlines()]
    assert [line["cut"] for line in lines] == list(CUTS)
    for line in lines:
        assert [page["page"] for page in line["pages"]] == list(range(1, count_pages(tmp_path / line["file"]) + 1))


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file = make_batch(2, SEED, tmp_path / name, dpi=DPI).file
    assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("cut", CUTS)
def test_every_page_is_in_one_document_or_a_separator_or_blank(cut: str) -> None:
    for seed in range(20):
        truth = planned(cut, seed).truth()
        in_documents = [page for document in truth["documents"] for page in document["pages"]]
        elsewhere = [page["page"] for page in truth["pages"] if page["kind"] != "document"]
        assert sorted(in_documents + elsewhere) == [page["page"] for page in truth["pages"]]
        assert all(document["pages"] for document in truth["documents"]), "no empty document"


@pytest.mark.parametrize("cut", CUTS)
def test_separators_stand_only_in_stacks_that_are_cut_by_them(cut: str) -> None:
    kinds = {leaf.kind for seed in range(20) for leaf in planned(cut, seed).leaves}
    assert ("separator" in kinds) == (cut in WITH_SHEETS)


def test_a_department_is_decided_only_for_a_document_behind_its_sheet() -> None:
    for seed in range(40):
        plan = planned("qr-department", seed)
        before: Leaf | None = None
        for leaf in plan.leaves:
            if leaf.kind == "document" and leaf.part == 0:
                decided = plan.documents[(leaf.document or 0) - 1].department
                assert decided == (before.department if before else None)
            before = leaf if leaf.kind != "blank" else before
        assert any(document.department for document in plan.documents[1:]) or len(plan.documents) == 1


@pytest.mark.parametrize("turn", [0, *TURNS])
@pytest.mark.parametrize("department", [None, "stavebny-urad"])
def test_a_scanned_qr_sheet_reads_in_any_direction(department: str | None, turn: int) -> None:
    page = draw_qr_sheet(department, 150).convert("L")
    page = page.transpose(TURNS[turn]) if turn else page
    scanned = degrade(page, "medium", np.random.default_rng(1))
    assert sheet_text(department) in [code.text for code in zxingcpp.read_barcodes(scanned)]


def test_a_patch_has_its_bars_in_the_widths_of_the_standard() -> None:
    dpi = 200
    column = np.asarray(draw_patch_sheet(dpi).convert("L"))[: dpi * 2, 827] < 128
    edges = np.flatnonzero(np.diff(column.astype(int)))
    widths = np.diff(edges)[::2] / dpi
    assert widths == pytest.approx(PATCH_T, abs=0.01)


def test_the_same_patch_stands_along_all_four_edges() -> None:
    sheet = draw_patch_sheet(DPI)
    band = (0, 0, sheet.width, DPI)
    upside_down = sheet.transpose(Image.Transpose.ROTATE_180)
    assert np.array_equal(np.asarray(sheet.crop(band)), np.asarray(upside_down.crop(band)))


def test_a_label_reads_back() -> None:
    page = new_page(150)
    draw_label(page, "MsU-2026-12345", 150)
    assert [code.text for code in zxingcpp.read_barcodes(page)] == ["MsU-2026-12345"]

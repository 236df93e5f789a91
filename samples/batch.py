"""Write batch files with known truth: `uv run python -m samples.batch FOLDER [--count 200] [--seed 1] [--dpi 200]`.

Each file is a stack as it comes from the feeder: submissions with or without separator sheets, blank backs, pages
turned. `truth.jsonl` has a line a file (`plan.Plan.truth`): the fate of every page and the pages of every document.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from samples.batches.drawing import Drawer, SheetDrawer
from samples.batches.plan import CUTS, Plan, plan_documents, plan_leaves
from samples.batches.sheets import draw_qr_sheet
from samples.rendering import write_pdf, write_tiff

TRUTH = "truth.jsonl"
FORMATS = ("pdf", "pdf", "pdf", "pdf-g4", "tiff", "tiff-g4")
SEVERITY_NAMES = ("light", "light", "medium", "heavy")


def make_batch(number: int, seed: int, folder: Path, *, dpi: int = 200, sheet: SheetDrawer = draw_qr_sheet) -> Plan:
    """Write the batch file of this number; the same number and seed give the same file."""
    rng = np.random.default_rng((seed, number))
    form = FORMATS[int(rng.integers(len(FORMATS)))]
    name = f"SKEN_20261120_{number:04d}.{'pdf' if form.startswith('pdf') else 'tif'}"
    # A bilevel scanner set for clean paper: heavier wear would turn to black blotches, which no office keeps.
    severity = "light" if form.endswith("g4") else SEVERITY_NAMES[int(rng.integers(len(SEVERITY_NAMES)))]
    plan = Plan(name, CUTS[number % len(CUTS)], severity, double_sided=bool(rng.random() < 0.5))
    drawer = Drawer(plan, rng, dpi, sheet)
    plan_documents(plan, rng)
    documents = [drawer.draw_document(document) for document in plan.documents]
    plan_leaves(plan, [len(pages) for pages in documents], rng)
    write_scan(drawer.scan_leaves(documents), folder / name, form, dpi)
    return plan


def write_scan(pages: list[Image.Image], path: Path, form: str, dpi: int) -> None:
    match form:
        case "pdf":
            write_pdf(pages, path, dpi, quality=45)
        case "pdf-g4":
            write_pdf(pages, path, dpi, encoding="g4")
        case "tiff":
            write_tiff(pages, path, dpi, quality=45)
        case _:
            write_tiff(pages, path, dpi, compression="group4")


def make_batches(
    folder: Path, *, count: int, seed: int, dpi: int = 200, sheet: SheetDrawer = draw_qr_sheet
) -> list[Plan]:
    folder.mkdir(parents=True, exist_ok=True)
    plans = [make_batch(number, seed, folder, dpi=dpi, sheet=sheet) for number in range(count)]
    lines = [json.dumps(plan.truth(), ensure_ascii=False) for plan in plans]
    (folder / TRUTH).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return plans


def main() -> None:
    parser = argparse.ArgumentParser(description="Write batch files with known truth.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dpi", type=int, default=200)
    options = parser.parse_args()
    plans = make_batches(options.folder, count=options.count, seed=options.seed, dpi=options.dpi)
    print(f"{len(plans)} files, {sum(len(plan.leaves) for plan in plans)} pages in {options.folder}")


if __name__ == "__main__":
    main()

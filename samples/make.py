"""Make the sample scans and `truth.csv` anew: `uv run python -m samples.make [FOLDER]`.

The same library versions give the same bytes, so a change in the folder's files is a change in what they show.
"""

import csv
import sys
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image

from samples.catalogue import SAMPLES, Sample
from samples.rendering import degrade, write_jpeg, write_pdf, write_png, write_tiff
from samples.rendering.layout import DEFAULT_DPI

HERE = Path(__file__).parent
TRUTH = "truth.csv"
TRUNCATED_SHARE = 0.45


def make_sample(sample: Sample, folder: Path) -> int:
    """Draw, scan and write one sample; returns its number of pages (0 if nothing can be read from it)."""
    rng = np.random.default_rng(crc32(sample.file.encode()))
    pages = [scan_page(page, sample, rng) for page in sample.draw_pages(rng)]
    path = folder / sample.file
    match sample.encoding:
        case "pdf" | "pdf-truncated":
            write_pdf(pages, path, sample.dpi, quality=sample.quality)
        case "pdf-g4":
            write_pdf(pages, path, sample.dpi, encoding="g4")
        case "tiff":
            write_tiff(pages, path, sample.dpi, quality=sample.quality)
        case "tiff-g4":
            write_tiff(pages, path, sample.dpi, compression="group4")
        case "jpeg":
            write_jpeg(pages[0], path, sample.dpi, quality=sample.quality)
        case "png":
            write_png(pages[0], path, sample.dpi)
    if sample.encoding == "pdf-truncated":
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * TRUNCATED_SHARE)])
        return 0
    return len(pages)


def scan_page(page: Image.Image, sample: Sample, rng: np.random.Generator) -> Image.Image:
    for mark in sample.marks:
        page = mark(page, DEFAULT_DPI, rng)
    scanned = degrade(page if sample.colour else page.convert("L"), sample.severity, rng)
    if sample.dpi != DEFAULT_DPI:
        share = sample.dpi / DEFAULT_DPI
        size = (round(page.width * share), round(page.height * share))
        scanned = scanned.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return scanned


def make_samples(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TRUTH).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("file", "pages", "kind", "department", "expected"))
        for sample in SAMPLES:
            pages = make_sample(sample, folder)
            table.writerow((sample.file, pages, sample.kind, sample.department, sample.expected))


if __name__ == "__main__":
    make_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

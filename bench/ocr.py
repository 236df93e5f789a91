"""Reading alone: what preparing a page gains and costs, and what the delivered file adds to the scan.

`uv run python -m bench.ocr [--pages 12]`. Recall: of the printed words of three letters and more, the share read.
Times are the reading thread's.
"""

from __future__ import annotations

import argparse
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Literal, NamedTuple

import numpy as np
import tesserocr
from PIL import Image

from local.tessdata import find_tessdata
from samples.catalogue import SAMPLES
from samples.rendering import degrade, write_pdf
from samples.rendering.form import Form
from samples.rendering.layout import lay_out
from shared.adapters.tesseract import LANGUAGE, Tesseract
from shared.imaging.pdfium import open_pdf
from shared.imaging.rasters import read_page
from shared.model import DocumentText
from shared.searchable import make_searchable

DPI = 200
FIELDS: tuple[Literal["dotted", "ruled", "boxed"], ...] = ("dotted", "ruled", "boxed")
SEVERITIES = ("clean", "light", "medium", "heavy", "faint-copy", "low-resolution")
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass
class Tally:
    """Sums over the pages of one severity."""

    pages: int = 0
    wanted: int = 0
    found: dict[str, int] = field(default_factory=lambda: {"raw": 0, "prepared": 0})
    seconds: dict[str, float] = field(default_factory=lambda: {"raw": 0.0, "prepared": 0.0, "layer": 0.0})
    growth: dict[str, list[float]] = field(default_factory=lambda: {"jpeg": [], "g4": []})

    def recall(self, way: str) -> float:
        return self.found[way] / self.wanted


class Sheet(NamedTuple):
    """A page as drawn, and the words printed on it."""

    page: Image.Image
    words: Counter[str]


class Bench:
    def __init__(self) -> None:
        tessdata = find_tessdata()
        self.bare = tesserocr.PyTessBaseAPI(path=str(tessdata), lang=LANGUAGE, psm=tesserocr.PSM.AUTO)
        self.tesseract = Tesseract(tessdata, workers=1)

    def read_bare(self, page: Image.Image) -> str:
        self.bare.SetImageBytes(page.tobytes(), page.width, page.height, 1, page.width)
        self.bare.SetSourceResolution(DPI)
        return str(self.bare.GetUTF8Text())

    def measure(self, sheet: Sheet, severity: str, rng: np.random.Generator, folder: Path, tally: Tally) -> None:
        page, truth = sheet
        worn = degrade(page, severity, rng)
        tally.pages += 1
        tally.wanted += truth.total()
        start = thread_time()
        raw = self.read_bare(worn)
        tally.seconds["raw"] += thread_time() - start
        tally.found["raw"] += (truth & words(raw)).total()
        for encoding, growth in tally.growth.items():
            path, layered = folder / "scan.pdf", folder / "layered.pdf"
            write_pdf([worn], path, DPI, encoding=encoding)  # type: ignore[arg-type]
            pdf = path.read_bytes()
            start = thread_time()
            with open_pdf(pdf) as document:
                read = self.tesseract.read(read_page(document, 0), 1)
            middle = thread_time()
            text = DocumentText(document_id="D-1", engine="tesseract", pages=[read])
            make_searchable(path, layered, text, title="Dokument D-1")
            if encoding == "jpeg":
                tally.seconds["prepared"] += middle - start
                tally.seconds["layer"] += thread_time() - middle
                tally.found["prepared"] += (truth & words(read.text)).total()
            growth.append(layered.stat().st_size / len(pdf))


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def draw_sheets(count: int) -> list[Sheet]:
    """First pages of the sample forms, their fields on dotted lines, on drawn lines and in boxes by turns."""
    forms = [sample.source for sample in SAMPLES if isinstance(sample.source, Form)][:count]
    sheets = []
    for number, form in enumerate(forms):
        styled = replace(form, style=replace(form.style, fields=FIELDS[number % len(FIELDS)]))
        first = lay_out(styled, np.random.default_rng(number), DPI)[0]
        sheets.append(Sheet(first.page.convert("L"), words("\n".join(first.printed))))
    return sheets


def run(pages: int, seed: int = 1) -> dict[str, Tally]:
    rng = np.random.default_rng(seed)
    bench, tallies = Bench(), {severity: Tally() for severity in SEVERITIES}
    with TemporaryDirectory() as folder:
        for sheet in draw_sheets(pages):
            for severity, tally in tallies.items():
                bench.measure(sheet, severity, rng, Path(folder), tally)
    return tallies


def report(tallies: dict[str, Tally]) -> str:
    out = io.StringIO()
    print(f"{'severity':16}{'recall raw':>11}{'prepared':>10}{'ratio':>7}", end="", file=out)
    print(f"{'ms raw':>9}{'prepared':>10}{'layer':>7}{'jpeg':>7}{'g4':>7}", file=out)
    for severity, tally in tallies.items():
        raw, prepared = tally.recall("raw"), tally.recall("prepared")
        ms = {way: 1000 * seconds / tally.pages for way, seconds in tally.seconds.items()}
        print(f"{severity:16}{raw:11.3f}{prepared:10.3f}{prepared / max(raw, 1e-9):7.2f}", end="", file=out)
        print(f"{ms['raw']:9.0f}{ms['prepared']:10.0f}{ms['layer']:7.1f}", end="", file=out)
        print("".join(f"{max(tally.growth[encoding]):7.3f}" for encoding in ("jpeg", "g4")), file=out)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=12, help="pages of each severity")
    print(report(run(parser.parse_args().pages)), end="")


if __name__ == "__main__":
    main()

"""Examples with real OCR noise: printed, degraded and read by Tesseract once, then kept with the material.

Engines differ from version to version, so training reads the kept texts: no OCR, and the same model bit for bit.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shared.kinds import Catalogue
from shared.ports import Recognizer
from training.corpus import SEED, Example, clean_examples
from training.material import FOLDER

SEVERITIES = ("light", "medium", "heavy", "faint-copy", "low-resolution")
BODIES = ("arimo", "tinos", "courier-prime")
SIZES = (8.5, 10.0, 11.5)
DPI = 200


def kept_file(side: str) -> Path:
    return FOLDER / "scanned" / f"{side}.json.gz"


def read_scanned(side: str) -> list[Example]:
    """The kept examples of `training` or `held_out`; none when they were never made."""
    path = kept_file(side)
    if not path.exists():
        return []
    return [Example(*row) for row in json.loads(gzip.decompress(path.read_bytes()))]


async def make_scanned(side: str, catalogue: Catalogue, recognizer: Recognizer, per_kind: int = 2) -> list[Example]:
    """Prints, degrades and reads anew, and keeps the texts."""
    examples = clean_examples(catalogue, side, per_kind)
    read = []
    for number, example in enumerate(examples):
        pdf = await asyncio.to_thread(print_and_scan, example.text, number)
        text = await recognizer.recognize(f"{side}-{number}", pdf, [1])
        read.append(Example(text.text, example.label, example.department))
    keep_scanned(side, read)
    return read


def keep_scanned(side: str, examples: Sequence[Example]) -> None:
    path = kept_file(side)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = json.dumps([[e.text, e.label, e.department] for e in examples], ensure_ascii=False)
    path.write_bytes(gzip.compress(rows.encode(), mtime=0))


def print_and_scan(text: str, number: int) -> bytes:
    """The first page of the text, as a PDF of one bad scan."""
    from samples.rendering import Style, degrade, render_plain_text, write_pdf

    chance = np.random.default_rng([SEED, number])
    style = Style(body=str(chance.choice(BODIES)), size=float(chance.choice(SIZES)))
    page = render_plain_text(text, chance, style, dpi=DPI)[0]
    scan = degrade(page, SEVERITIES[number % len(SEVERITIES)], chance)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        write_pdf([scan], path, DPI)
        return path.read_bytes()

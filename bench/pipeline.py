"""The whole pipeline against the OCR engine alone, on the same images, in one run.

Pages a second of `podatelna run` against two bare `tesseract` processes (one thread each), the processor time of
everything `podatelna run` starts against that of the engine alone, and the memory of the whole stack.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np

from bench.memory import MemoryWatch
from local.tessdata import find_tessdata
from samples.catalogue import SAMPLES
from samples.rendering import degrade, write_jpeg, write_pdf

DPI = 200
SEVERITIES = ("clean", "light", "medium")


@dataclass
class Cost:
    """What a piece of work took."""

    seconds: float = 0.0
    processor: float = 0.0
    memory: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Wall time, and processor time of child processes that end within."""
    cost = Cost()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), monotonic()
    yield cost
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.seconds = monotonic() - began
    cost.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def make_scans(folder: Path, count: int, seed: int = 1) -> tuple[list[Path], list[Path]]:
    """One-page scans as PDF for the pipeline, and the very same JPEG images for the bare engine."""
    rng = np.random.default_rng(seed)
    pages = [page for sample in SAMPLES if sample.expected == "delivered" for page in sample.draw_pages(rng)]
    scans, images = [], []
    for number in range(count):
        page = degrade(pages[number % len(pages)].convert("L"), SEVERITIES[number % len(SEVERITIES)], rng)
        scan, image = folder / f"scan-{number:03d}.pdf", folder / "images" / f"scan-{number:03d}.jpg"
        image.parent.mkdir(exist_ok=True)
        write_pdf([page], scan, DPI)
        write_jpeg(page, image, DPI)
        scans.append(scan)
        images.append(image)
    return scans, images


def read_bare(images: Sequence[Path], processes: int) -> Cost:
    """The engine's own command on every image, `processes` at a time."""
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    command = ["tesseract", "--tessdata-dir", str(find_tessdata()), "-l", "slk", "--dpi", str(DPI)]

    def read(image: Path) -> None:
        arguments = [command[0], str(image), "-", *command[1:]]
        subprocess.run(arguments, env=environment, check=True, capture_output=True)  # noqa: S603

    with measured() as cost, ThreadPoolExecutor(processes) as pool:
        list(pool.map(read, images))
    return cost


def run_pipeline(scans: Sequence[Path]) -> tuple[Cost, list[dict[str, object]]]:
    """`podatelna run … --json`, the start and the stop of the stack included."""
    command = [sys.executable, "-m", "cli", "run", "--json", *map(str, scans)]
    with measured() as cost, MemoryWatch() as memory:
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    cost.memory = memory.most
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(lines) < len(scans):
        raise RuntimeError(f"the run failed: {done.stderr[-2000:]}")
    return cost, lines


def measure(folder: Path, tell: Callable[[str], None], count: int = 50) -> None:
    scans, images = make_scans(folder, count)
    bare = read_bare(images, 2)
    whole, lines = run_pipeline(scans)
    accounted = sum(line["state"] in ("delivered", "review") for line in lines)
    tell(f"{count} one-page scans, {accounted} delivered or in review")
    tell(f"pages a second: pipeline {count / whole.seconds:.2f}, two bare processes {count / bare.seconds:.2f}")
    tell(f"  ratio {bare.seconds / whole.seconds:.2f} (at least 1.00 wanted; start and stop of the stack included)")
    under_way = max(float(str(line["seconds"])) for line in lines)
    tell(f"  ratio {bare.seconds / under_way:.2f} from the first scan dropped to the last document at its end")
    tell(f"processor seconds: pipeline {whole.processor:.1f}, engine alone {bare.processor:.1f}")
    tell(f"  ratio {whole.processor / bare.processor:.2f} (at most 1.25 wanted)")
    tell(f"memory of the whole stack: at most {whole.memory:.0f} MiB (under 1536 wanted)")

"""The page account measured on generated stacks: `uv run python -m bench.pages [--batches 200] [--backs 1000]`.

Batches come from samples.batch with their truth; backs of sheets from bench.blank_pages. With --read the pages are
also read, and divided by their text as recognition does it. Exit 1 when a promise of the product is broken: every page
accounted for, documents cut right at separators, none merged silently, blank pages told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from bench.blank_pages import make_back
from bench.final_documents import Divided, Reader, as_cut
from bench.thick_scans import write_thick
from samples.batch import make_batches
from samples.batches.plan import WITH_SHEETS
from shared.model import Fate
from shared.pages.account import Account, settle
from shared.pages.blanks import is_blank
from shared.pages.findings import Limits
from shared.pages.views import View
from shared.pages.workbench import Workbench

LIMITS = Limits(max_file_bytes=2**30, max_pages=5000, max_page_pixels=100_000_000)
CUT_RIGHT, BLANK_RIGHT, MEMORY_MIB = 0.995, 0.995, 700


class Result(NamedTuple):
    """What became of one batch file, against its truth."""

    pages: int
    unaccounted: int
    documents: int
    cut_right: int
    merged_silently: int
    asked: int  # documents cut wrong about which a person is asked
    wrong: list[str]


async def measure_stacks(count: int, seed: int, *, read: bool) -> tuple[dict[str, Counter[str]], list[str]]:
    """The sums for each kind of cut, and what it took to get there."""
    with tempfile.TemporaryDirectory() as folder:
        async with Workbench() as bench:
            if not read:
                totals, notes = await measure_batches(Path(folder), count, seed, bench, None), list[str]()
            else:
                async with Reader() as reader:
                    totals = await measure_batches(Path(folder), count, seed, bench, reader)
                each = 1000 * reader.seconds / max(reader.pages, 1)
                notes = [f"{reader.pages} pages read, {each:.0f} ms of processor time each"]
            return totals, [f"the worker took at most {peak_mebibytes(bench):.0f} MiB", *notes]


def peak_mebibytes(bench: Workbench) -> float:
    """The most memory the worker had; what getrusage tells of children begins with the memory of this process."""
    assert bench._process is not None
    status = Path(f"/proc/{bench._process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


async def measure_batches(
    folder: Path, count: int, seed: int, bench: Workbench, reader: Reader | None
) -> dict[str, Counter[str]]:
    make_batches(folder, count=count, seed=seed)
    totals: dict[str, Counter[str]] = {}
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        result = await _measure(folder / truth["file"], truth, bench, reader)
        total = totals.setdefault(truth["cut"], Counter())
        total.update({key: value for key, value in result._asdict().items() if key != "wrong"})
        total["wrong_fates"] += sum(wrong.startswith("page ") for wrong in result.wrong)
        for wrong in result.wrong:
            print(f"  {truth['file']} ({truth['cut']}, {truth['severity']}): {wrong}", flush=True)
    return totals


async def _measure(path: Path, truth: dict[str, Any], bench: Workbench, reader: Reader | None) -> Result:
    with tempfile.TemporaryDirectory() as work:
        prepared = await bench.prepare(path, Path(work), LIMITS)
        account = settle(await bench.examine(Path(work), prepared))
        if reader is not None:
            return _compare(account, await reader.divide(account, Path(work), bench), truth, read=True)
        for section in account.sections:
            await bench.cut(Path(work), section.pages, "part.pdf")
    return _compare(account, as_cut(account), truth, read=False)


def _compare(account: Account, divided: Divided, truth: dict[str, Any], *, read: bool) -> Result:
    fates = {page.page: page.fate for page in account.fates(str)} | dict.fromkeys(divided.sheets, Fate.SEPARATOR)
    wrong = [
        f"page {page['page']} is {page['kind']} {page.get('blank', '')}, taken for {fates[page['page']]}"
        for page in truth["pages"]
        if fates.get(page["page"]) != Fate(page["kind"])
    ]
    wanted = [document["pages"] for document in truth["documents"]]
    found = [document.pages for document in divided.documents]
    holding = Counter(page for pages in found for page in pages) + Counter(divided.sheets)
    merged = [one for one in divided.documents if sum(bool(set(one.pages) & set(pages)) for pages in wanted) > 1]
    to_be_cut = read or truth["cut"] in (*WITH_SHEETS, "labels")
    silent = [one for one in merged if not one.doubts] if to_be_cut else []
    wrong += [f"pages {one.pages} are merged{'' if one.doubts else ' silently'}" for one in merged if to_be_cut]
    if read:
        wrong += [f"document {pages} is cut {found}" for pages in wanted if pages not in found]
    return Result(
        pages=len(truth["pages"]),
        unaccounted=len(truth["pages"]) - len(fates) + sum(times > 1 for times in holding.values()),
        documents=len(wanted),
        cut_right=sum(pages in found for pages in wanted),
        merged_silently=len(silent),
        asked=sum(pages not in found and _is_asked_about(pages, divided) for pages in wanted),
        wrong=wrong,
    )


def _is_asked_about(pages: list[int], divided: Divided) -> bool:
    """Whether every document that holds one of the pages is put before a person."""
    return all(one.doubts for one in divided.documents if set(one.pages) & set(pages))


async def measure_thick() -> int:
    """Exit code 1 when 500 pages take more memory than promised."""
    kept = True
    for form in ("pdf", "tiff"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "scan"
            write_thick(path, form, 500)
            size, begin = path.stat().st_size / 2**20, time.perf_counter()
            async with Workbench() as bench:
                prepared = await bench.prepare(path, Path(folder), LIMITS)
                account = settle(await bench.examine(Path(folder), prepared))
                await bench.cut(Path(folder), account.sections[0].pages, "part.pdf")
                most = peak_mebibytes(bench)
            print(f"{form}: 500 pages, {size:.0f} MiB, {time.perf_counter() - begin:.0f} s, at most {most:.0f} MiB")
            kept = kept and prepared.pages == len(account.sections[0].pages) == 500 and most < MEMORY_MIB
    return 0 if kept else 1


def measure_backs(count: int, seed: int) -> dict[bool, tuple[int, int]]:
    """For blank pages and for pages with little on them: how many were told right, of how many."""
    right = {True: 0, False: 0}
    for number in range(count):
        for blank in (True, False):
            back = make_back(seed + number, blank=blank)
            view = View(np.asarray(back.image.convert("L")), float(back.image.info["dpi"][0]))
            if is_blank(view) == blank:
                right[blank] += 1
            else:
                print(f"  back {seed + number}: {back.what}, taken for {'written' if blank else 'blank'}")
    return {blank: (right[blank], count) for blank in right}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=200)
    parser.add_argument("--backs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true", help="also read the pages and divide by their text")
    parser.add_argument("--big", action="store_true", help="only a PDF and a TIFF of 500 pages and 300 MB")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.big:
        return asyncio.run(measure_thick())
    totals, notes = asyncio.run(measure_stacks(options.batches, options.seed, read=options.read))
    everything = sum(totals.values(), Counter[str]())
    for cut, total in totals.items():
        share = total["cut_right"] / total["documents"]
        when = "in the end" if options.read else "at the intake"
        asked = f", {total['asked']} of the others asked about" if options.read else ""
        print(f"{cut:14} {total['documents']:5} documents, {share:.1%} cut right {when}{asked}")
    sheets = sum((totals[cut] for cut in WITH_SHEETS if cut in totals), Counter[str]())
    cut_right = sheets["cut_right"] / max(sheets["documents"], 1)
    worker = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = 1000 * (worker.ru_utime + worker.ru_stime) / max(everything["pages"], 1)
    print(
        f"{everything['pages']} pages, {everything['unaccounted']} unaccounted, {everything['wrong_fates']} with a"
        f" wrong fate, {everything['merged_silently']} documents merged silently;"
        f" {each:.0f} ms of the worker's processor time a page"
    )
    print("; ".join(notes))
    backs = measure_backs(options.backs, 10_000 * options.seed)
    told = {blank: right / of if of else 1.0 for blank, (right, of) in backs.items()}
    if options.backs:
        print(f"blank pages told: {told[True]:.2%}; pages with little on them kept: {told[False]:.2%}")
    kept = everything["unaccounted"] == 0 and everything["merged_silently"] == 0 and cut_right >= CUT_RIGHT
    return 0 if kept and min(told.values()) >= BLANK_RIGHT else 1


if __name__ == "__main__":
    sys.exit(main())

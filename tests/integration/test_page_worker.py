"""The real page worker: its process survives hostile files, and big files go through in bounded memory."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.thick_scans import write_thick
from shared.errors import BadScan
from shared.pages import workbench as workbenches
from shared.pages.account import settle
from shared.pages.findings import Limits
from shared.pages.workbench import Workbench
from tests.fakes_pages import bad_scans, page_image, pdf_of, saved, tiff_of

pytestmark = pytest.mark.slow

LIMITS = Limits(max_file_bytes=10**9, max_pages=1000, max_page_pixels=50_000_000)
SCANS = bad_scans()
WITHIN_SECONDS = 60.0
REFUSED = {
    "empty", "one byte", "noise", "pdf header only", "pdf header and noise", "truncated pdf", "truncated jpeg",
    "truncated png", "truncated tiff", "office document", "locked", "dynamic form", "no pages", "vast image",
}  # fmt: skip


@pytest.fixture
async def bench() -> AsyncIterator[Workbench]:
    async with Workbench() as bench:
        yield bench


async def take(bench: Workbench, data: bytes, folder: Path) -> int:
    """Through all that the worker does to a file; returns the pages accounted for. Raises BadScan."""
    (folder / "scan").write_bytes(data)
    prepared = await bench.prepare(folder / "scan", folder, LIMITS)
    account = settle(await bench.examine(folder, prepared))
    for section in account.sections:
        await bench.cut(folder, section.pages, "part.pdf")
    fates = account.fates(str)
    assert [fate.page for fate in fates] == list(range(1, prepared.pages + 1))
    return len(fates)


async def judge(bench: Workbench, data: bytes, folder: Path) -> int | BadScan:
    """The pages accounted for, or the refusal; within a minute either way."""
    begin = time.monotonic()
    try:
        return await take(bench, data, folder)
    except BadScan as refusal:
        return refusal
    finally:
        assert time.monotonic() - begin < WITHIN_SECONDS


@pytest.mark.parametrize("name", sorted(SCANS))
async def test_every_bad_file_is_taken_or_refused_with_a_reason(name: str, bench: Workbench, tmp_path: Path) -> None:
    found = await judge(bench, SCANS[name], tmp_path)
    if name in REFUSED:
        assert isinstance(found, BadScan)
        assert found.reason.endswith(".")
        assert found.advice.endswith(".")
    else:
        assert isinstance(found, int)
        assert found > 0


def mutate(data: bytes, seed: int) -> bytes:
    """As transfers, disks and enemies do: bytes changed, cut out, doubled, the end missing."""
    chance, mutated = random.Random(seed), bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if not mutated:
            break
        place = chance.randrange(len(mutated))
        match chance.randrange(5):
            case 0:
                mutated[place] ^= 1 << chance.randrange(8)
            case 1:
                del mutated[place : place + chance.randrange(1, 400)]
            case 2:
                mutated[place:place] = mutated[place : place + chance.randrange(1, 400)]
            case 3:
                mutated[place : place + 8] = chance.randbytes(8)
            case _:
                del mutated[len(mutated) - chance.randrange(1, len(mutated) // 4 + 2) :]
    return bytes(mutated)


GOOD = {
    "pdf": pdf_of([page_image("jeden"), page_image("dva")]),
    "tiff g4": tiff_of([page_image(mode="1")] * 2, "group4"),
    "tiff jpeg": saved(page_image(mode="RGB"), "TIFF", compression="jpeg"),
    "tiff lzw": tiff_of([page_image("a"), page_image("b")]),
    "jpeg": saved(page_image(), "JPEG"),
    "png": saved(page_image(mode="P"), "PNG"),
    "bmp": saved(page_image().resize((200, 300)), "BMP"),
    "webp": saved(page_image(), "WEBP"),
    "form": SCANS["filled form"],
    "active": SCANS["javascript and attachment"],
}


def test_mutated_scans_never_crash_or_get_lost(tmp_path: Path) -> None:
    """Each is either accounted for to the last page or refused with a reason, and the next one finds a worker."""
    loop = asyncio.new_event_loop()
    bench = Workbench()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(name=st.sampled_from(sorted(GOOD)), seed=st.integers(0, 2**32))
    def run(name: str, seed: int) -> None:
        found = loop.run_until_complete(judge(bench, mutate(GOOD[name], seed), tmp_path))
        assert found.reason and found.advice if isinstance(found, BadScan) else found > 0

    try:
        run()
    finally:
        loop.run_until_complete(bench.close())
        loop.close()


async def test_a_worker_that_was_killed_is_replaced(bench: Workbench, tmp_path: Path) -> None:
    assert await take(bench, GOOD["jpeg"], tmp_path) == 1
    process = bench._process
    assert process is not None
    process.kill()
    await process.wait()
    assert await take(bench, GOOD["pdf"], tmp_path) == 2


async def test_a_worker_that_hangs_is_given_up(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(bench, GOOD["jpeg"], tmp_path)
    monkeypatch.setattr(workbenches, "PREPARE_SECONDS", 0.0)
    monkeypatch.setattr(workbenches, "PREPARE_SECONDS_A_MEGABYTE", 0.0)
    with pytest.raises(BadScan, match="stopped the page worker"):
        await take(bench, GOOD["pdf"], tmp_path)


def worker_memory(bench: Workbench) -> float:
    """The most the worker ever had in memory, in MiB."""
    assert bench._process is not None
    status = Path(f"/proc/{bench._process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


@pytest.mark.parametrize("form", ["pdf", "tiff"])
async def test_memory_does_not_grow_with_the_number_of_pages(form: str, bench: Workbench, tmp_path: Path) -> None:
    """The same with 500 pages and 300 MB: `python -m bench.pages --big`."""
    peaks = []
    for count in (10, 60):
        path = tmp_path / "scan"
        write_thick(path, form, count)
        prepared = await bench.prepare(path, tmp_path, LIMITS)
        account = settle(await bench.examine(tmp_path, prepared))
        part = await bench.cut(tmp_path, account.sections[0].pages, "part.pdf")
        assert prepared.pages == count
        assert part.stat().st_size < 1.15 * path.stat().st_size
        peaks.append(worker_memory(bench))
    assert peaks[1] - peaks[0] < 35

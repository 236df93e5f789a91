"""The parent's side of the page worker: starts it, keeps it warm, and takes it away when it hangs or dies."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from shared.errors import BadScan
from shared.pages import refusals
from shared.pages.findings import Finding, Limits, Prepared

# The child gets the parent's module path as an argument: on Azure Functions it is set up by the host, not by variables.
START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); from shared.pages.worker import main; main()"
MEMORY_BYTES = 1200 * 2**20
LINE_BYTES = 2**20

PREPARE_SECONDS = 25.0  # at most; a bad file has to be in quarantine within a minute
PREPARE_SECONDS_A_MEGABYTE = 0.2
PAGE_SECONDS = 10.0
CUT_SECONDS = 30.0
STRIKES = 3  # pages that may stop the worker before the file is given up


class WorkerLost(Exception):
    """The worker died or did not answer in time."""


class Workbench:
    """One worker process, one file at a time; close it in the end (`async with`)."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def prepare(self, source: Path, folder: Path, limits: Limits) -> Prepared:
        """Raises BadScan."""
        size = (await asyncio.to_thread(source.stat)).st_size
        seconds = PREPARE_SECONDS + PREPARE_SECONDS_A_MEGABYTE * size / 2**20
        request = {"task": "prepare", "source": str(source), "folder": str(folder), "limits": limits.model_dump()}
        try:
            return Prepared.model_validate(await self._ask(request, seconds))
        except WorkerLost as error:
            raise refusals.too_demanding() from error

    async def examine(self, folder: Path, prepared: Prepared) -> list[Finding]:
        """A finding for every page. A page that stops the worker is bad; raises BadScan after a few of those."""
        found = {page: Finding(page=page, bad=reason) for page, reason in prepared.bad.items()}
        for _ in range(STRIKES):
            left = [page for page in range(1, prepared.pages + 1) if page not in found]
            looking_at = left[0] if left else 0
            try:
                async for line in self._answers(
                    {"task": "examine", "folder": str(folder), "pages": left}, PAGE_SECONDS
                ):
                    if "page" in line:
                        looking_at = line["page"]
                    elif "finding" in line:
                        finding = Finding.model_validate(line["finding"])
                        found[finding.page] = finding
                return [found[page] for page in sorted(found)]
            except WorkerLost:
                found[looking_at] = Finding(page=looking_at, bad=refusals.STUCK_PAGE)
        raise refusals.too_demanding()

    async def cut(self, folder: Path, pages: list[int], target: str) -> Path:
        """Raises BadScan."""
        request = {"task": "cut", "folder": str(folder), "pages": pages, "target": target}
        try:
            await self._ask(request, CUT_SECONDS + len(pages))
        except WorkerLost as error:
            raise refusals.too_demanding() from error
        return folder / target

    async def _ask(self, request: dict[str, Any], seconds: float) -> Any:
        result = None
        async for line in self._answers(request, seconds):
            result = line.get("done", result)
        return result

    async def _answers(self, request: dict[str, Any], seconds: float) -> AsyncIterator[dict[str, Any]]:
        """The lines of one task, each within `seconds` of the one before. Raises BadScan, WorkerLost."""
        async with self._turn:
            process = await self._running()
            finished = False
            try:
                process.stdin.write(json.dumps(request).encode() + b"\n")  # type: ignore[union-attr]
                await process.stdin.drain()  # type: ignore[union-attr]
                while not finished:
                    raw = await asyncio.wait_for(process.stdout.readline(), seconds)  # type: ignore[union-attr]
                    if not raw.endswith(b"\n"):
                        raise WorkerLost(f"the page worker died (exit code {process.returncode})")
                    line = json.loads(raw)
                    finished = "done" in line or "refused" in line
                    if "refused" in line:
                        words = line["refused"]
                        raise BadScan(words["message"], reason=words["reason"], advice=words["advice"])
                    yield line
            except (TimeoutError, OSError) as error:
                raise WorkerLost("the page worker hangs") from error
            finally:
                if not finished:
                    await self.close()  # what it is doing now nobody waits for

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", START, str(MEMORY_BYTES), json.dumps(sys.path),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE_BYTES,
            )  # fmt: skip
        return self._process

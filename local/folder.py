"""A watched folder: whole files go to the container `scans`, as the scanner's own upload would put them there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from shared.ports import Blobs
from shared.storage import SCANS

POLL_SECONDS = 1.0
UNFINISHED = {".tmp", ".part", ".partial", ".crdownload"}


async def watch_folder(folder: Path, blobs: Blobs, tell: Callable[[str], object]) -> None:
    """Upload each file once it has stopped changing between two looks; what was uploaded stays where it is."""
    uploaded: dict[Path, tuple[int, int]] = {}
    before: dict[Path, tuple[int, int]] = {}
    while True:
        now = await asyncio.to_thread(_look, folder)
        for path, stamp in now.items():
            if before.get(path) == stamp and uploaded.get(path) != stamp:
                data = await asyncio.to_thread(path.read_bytes)
                name = path.relative_to(folder).as_posix()
                await blobs.write(SCANS, name, data, content_type="application/octet-stream")
                uploaded[path] = stamp
                tell(f"{name}: taken in")
        before = now
        await asyncio.sleep(POLL_SECONDS)


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of change of every file that is not hidden or marked as unfinished."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith((".", "~")) and path.suffix.lower() not in UNFINISHED:
            stat = path.stat()
            found[path] = (stat.st_size, stat.st_mtime_ns)
    return found

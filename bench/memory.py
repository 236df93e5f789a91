"""How much memory a command and everything it starts take at most (Linux)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

PROC = Path("/proc")
EVERY_SECONDS = 1.0


class MemoryWatch:
    """Use as `with MemoryWatch() as watch`; afterwards `watch.most` is the peak of all descendants together in MiB.

    Memory that processes share counts once (the proportional set size of proc(5)).
    """

    def __init__(self) -> None:
        self.most = 0.0
        self._done = Event()
        self._thread = Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            self.most = max(self.most, sum(_memory(process) for process in _descendants(os.getpid())))


def _descendants(root: int) -> Iterator[int]:
    children = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            children[_parent(entry)].append(int(entry.name))
    waiting = list(children[root])
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children[process]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return 0


def _memory(process: int) -> float:
    try:
        rollup = (PROC / str(process) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    sizes = (line.split() for line in rollup.splitlines())
    return next((int(words[1]) / 1024 for words in sizes if words[0] == "Pss:"), 0.0)

"""Everything that happens later: lock expiry, time to live, scheduled messages. One heap, no polling."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any

Clock = Callable[[], float]


class Timer:
    __slots__ = ("_action", "_agenda", "_args")

    def __init__(self, agenda: Agenda, action: Callable[..., None], args: tuple[Any, ...]) -> None:
        self._agenda = agenda
        self._action: Callable[..., None] | None = action
        self._args = args

    @property
    def cancelled(self) -> bool:
        return self._action is None

    def cancel(self) -> None:
        if self._action is not None:
            self._action, self._args = None, ()
            self._agenda.note_cancelled()

    def run(self) -> None:
        if self._action is not None:
            action, args = self._action, self._args
            self._action, self._args = None, ()
            action(*args)


class Agenda:
    """Timers in order of time. The owner calls `run_due` when `next_due` comes."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._cancelled = 0

    def at(self, when: float, action: Callable[..., None], *args: Any) -> Timer:
        timer = Timer(self, action, args)
        heapq.heappush(self._heap, (when, next(self._order), timer))
        return timer

    def next_due(self) -> float | None:
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> None:
        while (due := self.next_due()) is not None and due <= self.now():
            heapq.heappop(self._heap)[2].run()

    def note_cancelled(self) -> None:
        """Most locks end by settlement: drop their timers before they outnumber the living ones."""
        self._cancelled += 1
        if self._cancelled > 1000 and self._cancelled * 2 > len(self._heap):
            self._heap = [item for item in self._heap if not item[2].cancelled]
            heapq.heapify(self._heap)
            self._cancelled = 0

"""Child processes of the local stack: started with a sign of life awaited, stopped with none left behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 40.0
PR_SET_PDEATHSIG = 1  # prctl(2): the kernel sends the signal to the child when its parent dies, however it dies


class StartFailure(RuntimeError):
    """A child ended or stayed silent; the message names its log."""


@dataclass
class Child:
    """One running child."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL for who does not go."""
        if self.alive:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


async def start_child(
    name: str,
    command: Sequence[str],
    *,
    ready: str,
    count: int = 1,
    log: Path,
    environment: Mapping[str, str],
) -> tuple[Child, list[str]]:
    """Start it and wait until `count` lines match `ready`; returns the child and the first group of each match."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=dict(environment),
            start_new_session=True,  # a Ctrl-C in the terminal reaches the stack alone, which stops the rest in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    child = Child(name, process, log)
    try:
        found = await asyncio.wait_for(_await_ready(child, re.compile(ready), count), START_SECONDS)
    except BaseException as error:
        child.kill()
        await process.wait()
        if isinstance(error, (TimeoutError, StartFailure)):
            raise StartFailure(f"{name} did not start; read {log}") from error
        raise
    asyncio.get_running_loop().create_task(_drain(child))
    return child, found


async def _await_ready(child: Child, pattern: re.Pattern[str], count: int) -> list[str]:
    assert child.process.stdout
    found: list[str] = []
    while len(found) < count:
        line = await child.process.stdout.readline()
        if not line:
            raise StartFailure(f"{child.name} ended")
        match = pattern.search(line.decode(errors="replace"))
        if match:
            found.append(match.group(1))
    return found


async def _drain(child: Child) -> None:
    """Keep the pipe empty and the output in the log."""
    assert child.process.stdout
    with child.log.open("ab") as log:
        async for line in child.process.stdout:
            log.write(line)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

"""Reads the functions out of a FunctionApp, as the worker does when it indexes."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import azure.functions as func

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class HostSettings:
    """What host.json says about concurrency and limits."""

    concurrent_calls: int = 16
    batch_size: int = 1000
    renewal_seconds: float = 300.0
    blob_parallelism: int = 8
    blob_tries: int = 5

    @classmethod
    def read(cls, path: Path) -> HostSettings:
        extensions: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["extensions"]
        bus, blobs = extensions["serviceBus"], extensions["blobs"]
        hours, minutes, seconds = (int(part) for part in bus["maxAutoLockRenewalDuration"].split(":"))
        return cls(
            concurrent_calls=bus["maxConcurrentCalls"],
            batch_size=bus["maxMessageBatchSize"],
            renewal_seconds=hours * 3600 + minutes * 60 + seconds,
            blob_parallelism=blobs["maxDegreeOfParallelism"],
            blob_tries=blobs["poisonBlobThreshold"],
        )


@dataclass(frozen=True)
class Function:
    """One indexed function: its name, its handler, its trigger as function.json would say it."""

    name: str
    handler: Callable[..., Awaitable[Any]]
    trigger: dict[str, Any]
    running: set[asyncio.Task[Any]] = field(default_factory=set, compare=False)

    @property
    def kind(self) -> str:
        return str(self.trigger["type"])

    async def call(self, argument: Any) -> Any:
        """Call with the trigger's argument; synchronous handlers go to a thread, as in the worker."""
        arguments = {self.trigger["name"]: argument}
        if inspect.iscoroutinefunction(self.handler):
            return await self.handler(**arguments)
        return await asyncio.to_thread(self.handler, **arguments)

    async def attempt(self, argument: Any) -> bool:
        """Call and log what escapes; True when the function returned."""
        try:
            await self.call(argument)
        except Exception:
            logger.exception("function %s failed", self.name)
            return False
        return True


def index(app: func.FunctionApp) -> list[Function]:
    """Every function with its trigger binding."""
    return [
        Function(
            name=str(function.get_function_name()),
            handler=function.get_user_function(),
            trigger=dict(trigger.get_dict_repr()),
        )
        for function in app.get_functions()
        if (trigger := function.get_trigger())
    ]

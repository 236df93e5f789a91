"""Fixtures that start real far ends: Azurite, and the local broker with the city's entities."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack


def start_parts(directory: Path, *parts: str) -> Iterator[dict[str, str]]:
    """Start parts of the stack on a thread and a loop of their own: they outlive the tests' loops."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = Stack(directory, parts=parts)
    try:
        asyncio.run_coroutine_threadsafe(stack.__aenter__(), loop).result()
        yield stack.environment
    finally:
        asyncio.run_coroutine_threadsafe(stack.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of an Azurite with the product's containers, queues and tables."""
    for environment in start_parts(tmp_path_factory.mktemp("azurite"), "azurite"):
        yield environment["STORAGE"]


@pytest.fixture(scope="session")
def service_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of a broker with the city's queues, topics and subscriptions."""
    for environment in start_parts(tmp_path_factory.mktemp("servicebus"), "servicebus"):
        yield environment["SERVICEBUS"]

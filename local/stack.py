"""The whole pipeline on one machine: Azurite, the Service Bus broker, Microsoft 365 and the Functions host.

Everything lives below one folder; the stack starts its parts, then the host, which gets their addresses as settings,
and stops them in the opposite order.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from local.broker_config import describe_namespace
from local.processes import Child, StartFailure, start_child
from local.tessdata import find_tessdata
from shared.departments import load_city

ROOT = Path(__file__).resolve().parent.parent
AZURITE = ROOT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
LISTENING = r"listening on (\d+)"
ACCOUNT = "podatelna"


# As in Azure (infra/modules/function-app.bicep): the SDKs open no spans of their own around ours.
QUIET = {"AZURE_TRACING_ENABLED": "false"}
PARTS = ("azurite", "servicebus", "microsoft365", "host")


class Stack:
    """Use as `async with Stack(directory) as stack`; `stack.environment` then reaches all its parts."""

    def __init__(
        self,
        directory: Path,
        *,
        config: Path = ROOT / "config",
        overrides: Mapping[str, str] | None = None,
        port: int = 0,
        parts: Sequence[str] = PARTS,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.directory = directory
        self.config = config
        self.environment: dict[str, str] = {}
        self.page_url = ""
        self.desk_url = ""
        self._overrides = dict(overrides or {})
        self._port = port
        self._parts = parts
        self._tell = tell
        self.children: dict[str, Child] = {}
        self._key = base64.b64encode(secrets.token_bytes(32)).decode()

    async def __aenter__(self) -> Stack:
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.environment = {"CONFIG_DIR": str(self.config), "OCR_ENGINE": "tesseract", "GRAPH_TOKEN": "laptop"}
        self.environment["TESSDATA"] = str(find_tessdata())
        starts = {
            "azurite": self._start_storage,
            "servicebus": self._start_broker,
            "microsoft365": self._start_microsoft365,
        }
        self.environment["REVIEW_DESK_URL"] = self._overrides.get("REVIEW_DESK_URL", "http://localhost/api/desk")
        wanted = [part for part in starts if part in self._parts]
        self._tell(", ".join(wanted))
        await _at_once([starts[part] for part in wanted])
        if "host" in self._parts:
            self._tell("host")
            await self.start_host()
        self.environment |= self._overrides

    async def stop_part(self, part: str, *, at_once: bool = False) -> None:
        """An outage of one part; `at_once` kills it without a farewell."""
        child = self.children.pop(part)
        if at_once:
            child.kill()
        await child.stop()

    async def start_part(self, part: str) -> None:
        """End the outage: the part comes back where the others know it."""
        starts = {"azurite": self._start_storage, "servicebus": self._start_broker, "host": self.start_host}
        await starts[part]()

    def describe_bus(self) -> dict[str, Any]:
        return describe_namespace(load_city(self.config / "departments.yaml"))

    async def _start_broker(self) -> None:
        described = self.describe_bus()
        known = re.search(r"localhost:(\d+)", self.environment.get("SERVICEBUS", ""))
        broker = self.directory / "servicebus.json"
        broker.write_text(json.dumps(described, indent=1), encoding="utf-8")
        port = await self._python(
            "servicebus",
            "--config",
            str(broker),
            "--state",
            str(self.directory / "servicebus"),
            "--port",
            known[1] if known else "0",
        )
        self.environment["SERVICEBUS"] = (
            f"Endpoint=sb://localhost:{port};SharedAccessKeyName=RootManageSharedAccessKey;"
            "SharedAccessKey=laptop;UseDevelopmentEmulator=true;"
        )

    async def _start_microsoft365(self) -> None:
        state, config = self.directory / "microsoft365", self.config / "departments.yaml"
        options = ("--state", str(state), "--config", str(config), "--port", str(self._port))
        self.page_url = f"http://localhost:{await self._python('microsoft365', *options)}"
        async with httpx.AsyncClient(base_url=self.page_url) as page:
            self.environment |= (await page.get("/control/settings")).raise_for_status().json()

    async def start_host(self) -> None:
        """Start (or start again) the Functions host; what a restart of an instance is in Azure."""
        desk_port = self.desk_url.rsplit(":", 1)[-1] if self.desk_url else str(free_port())
        self.desk_url = f"http://localhost:{desk_port}"
        self.environment["REVIEW_DESK_URL"] = f"{self.desk_url}/api/desk"
        self.environment |= self._overrides
        await self._python("host", "--port", desk_port)

    async def stop(self) -> None:
        """Stop what runs, the last started first."""
        for name in reversed(list(self.children)):
            await self.children.pop(name).stop()

    async def _start_storage(self) -> None:
        node = shutil.which("node")
        if node is None or not AZURITE.exists():
            raise StartFailure("Azurite is missing: install Node 20 or newer and run `npm ci` in the project's folder")
        known = dict(re.findall(r"(Blob|Queue|Table)Endpoint=http://[^:]+:(\d+)", self.environment.get("STORAGE", "")))
        ports = [
            part for name in ("Blob", "Queue", "Table") for part in (f"--{name.lower()}Port", known.get(name, "0"))
        ]
        child, found = await start_child(
            "azurite",
            [
                node,
                str(AZURITE),
                "--location",
                str(self.directory / "azurite"),
                *ports,
                "--silent",
                "--skipApiVersionCheck",
                "--disableTelemetry",
            ],
            ready=r"(\w+ service is successfully listening at \S+)",
            count=3,
            log=self.directory / "logs" / "azurite.log",
            environment=os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{self._key}"},
        )
        self.children["azurite"] = child
        words = [line.split() for line in found]  # "Blob service is successfully listening at http://…"
        endpoints = "".join(f"{line[0]}Endpoint={line[-1]}/{ACCOUNT};" for line in words)
        self.environment["STORAGE"] = (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={self._key};{endpoints}"
        )
        from local.storage import make_storage  # the storage SDKs: commands that start no stack need not wait for them

        await make_storage(self.environment["STORAGE"])

    async def _python(self, name: str, *options: str) -> str:
        """Start one of the stack's own parts, `python -m local.<name>`; returns its port."""
        child, (port,) = await start_child(
            name,
            [sys.executable, "-m", f"local.{name}", *options],
            ready=LISTENING,
            log=self.directory / "logs" / f"{name}.log",
            environment=os.environ | self.environment | QUIET,
        )
        self.children[name] = child
        return port


async def _at_once(starts: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Raises the first failure, once the others have ended."""
    try:
        async with asyncio.TaskGroup() as starting:
            for start in starts:
                starting.create_task(start())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

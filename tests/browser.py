"""A headless Chromium for tests, driven over its own protocol (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-port=0", "--window-size=1500,950", "--hide-scrollbars"),
)
PATIENCE = 30.0
BLINK = 0.05
KEYS = {"Enter": ("\r", 13), "Tab": ("\t", 9)}


class Browser:
    """One page: `async with Browser(profile) as browser`."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            CHROMIUM or "chromium",
            *FLAGS,
            f"--user-data-dir={self._profile}",
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        self._http = aiohttp.ClientSession()
        port = await asyncio.wait_for(self._find_port(), PATIENCE)
        async with self._http.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [page for page in await answer.json() if page["type"] == "page"]
        self._socket = await self._http.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0)
        await self.call("Page.enable")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()
        self._process.terminate()
        await self._process.wait()

    async def _find_port(self) -> str:
        assert self._process.stderr
        while True:
            line = (await self._process.stderr.readline()).decode()
            found = re.search(r"DevTools listening on ws://[^:]+:(\d+)/", line)
            if found:
                return found[1]
            if not line:
                raise RuntimeError("Chromium ended before it listened")

    async def call(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE):
            async for message in self._socket:
                answer = json.loads(message.data)
                if answer.get("id") == number:
                    return answer["result"]
        raise RuntimeError("Chromium went away")

    async def evaluate(self, expression: str) -> Any:
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    async def open(self, address: str) -> None:
        await self.call("Page.navigate", url=address)
        await self.until(f"location.href.startsWith({json.dumps(address)}) && document.readyState == 'complete'")

    async def until(self, condition: str) -> None:
        """Wait until an expression of JavaScript is true on the page."""
        for _ in range(int(PATIENCE / BLINK)):
            if await self.evaluate(condition) is True:
                return
            await asyncio.sleep(BLINK)
        raise TimeoutError(f"never came true: {condition}")

    async def press(self, key: str) -> None:
        text, code = KEYS.get(key, (key, ord(key.upper()[0])))
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text, windowsVirtualKeyCode=code)

    async def text(self) -> str:
        """What the page shows, with ordinary blanks."""
        shown: str = await self.evaluate("document.body.innerText")
        return shown.replace("\N{NO-BREAK SPACE}", " ")

    async def resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)

    async def picture(self, target: Path) -> None:
        answer = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(target.write_bytes, base64.b64decode(answer["data"]))

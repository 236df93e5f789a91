"""The service: takes a document, reads it, and answers polls, as the SDK's long-running operation expects."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from local.document_intelligence.analysis import MODEL, VERSION, write_result
from local.document_intelligence.scans import is_supported, open_scans
from local.document_intelligence.troubles import ANSWERS, FAILURES, Refusal, Script, Trouble, next_of, refusal_body
from shared.adapters.tesseract import Tesseract

TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")
# Bytes and pages that a tier reads; the free one says nothing about the pages it leaves out.
# learn.microsoft.com/azure/ai-services/document-intelligence/service-limits
TIERS = {"S0": (500 * 2**20, 2000), "F0": (4 * 2**20, 2)}
PAGES = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")
ANALYZE = "/formrecognizer/documentModels/{model}:analyze"
RESULT = "/formrecognizer/documentModels/{model}/analyzeResults/{operation}"


@dataclass
class _Operation:
    created: str
    status: str = "notStarted"
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": self.status,
            "createdDateTime": self.created,
            "lastUpdatedDateTime": _now(),
        }
        return body | {k: v for k, v in (("analyzeResult", self.result), ("error", self.error)) if v is not None}


@dataclass
class _Reader:
    """The OCR engine and the threads it runs in."""

    tesseract: Tesseract
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="analyze"))

    def read(self, data: bytes, wanted: set[int] | None, limit: int) -> dict[str, Any]:
        pages = open_scans(data, wanted, limit)
        return write_result([(scan, self.tesseract.read(scan.raster, number)) for number, scan in pages])


class DocumentIntelligence:
    """Serves on 127.0.0.1; any key or token will do. `polls` is how often it says `running` at least."""

    def __init__(self, *, port: int = 0, tessdata: Path = TESSDATA, tier: str = "S0", polls: int = 1) -> None:
        self.port = port
        self.script = Script()
        self.requests: list[str] = []
        self._bytes, self._pages = TIERS[tier]
        self._polls = polls
        self._reader = _Reader(Tesseract(tessdata, workers=1))
        self._operations: dict[str, _Operation] = {}
        self._told_running: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def trouble(self, *, analyze: Iterable[str] = (), poll: Iterable[str] = (), retry_after: int = 1) -> None:
        """What the next requests meet; see troubles.Trouble."""
        self.script.set(analyze=analyze, poll=poll, retry_after=retry_after)

    async def start(self) -> None:
        app = web.Application(client_max_size=self._bytes + 1024)
        app.router.add_post(ANALYZE, self._analyze)
        app.router.add_get(RESULT, self._poll)
        app.router.add_put("/control/troubles", self._set_troubles)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._reader.threads.shutdown()
        await self._reader.tesseract.close()

    async def _analyze(self, request: web.Request) -> web.Response:
        self.requests.append("analyze")
        data = await request.read()
        trouble = next_of(self.script.analyze)
        refused = self._refuse(request, trouble) or _check_request(request, data, self._bytes)
        if refused is not None:
            return refused
        operation = str(uuid.uuid4())
        self._operations[operation] = _Operation(created=_now())
        task = asyncio.create_task(self._run(operation, data, _wanted(request.query.get("pages")), trouble))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        place = RESULT.format(model=MODEL, operation=operation)
        location = f"{request.url.origin()}{place}?api-version={VERSION}"
        return web.Response(status=202, headers={"Operation-Location": location, "apim-request-id": operation})

    async def _run(self, name: str, data: bytes, wanted: set[int] | None, trouble: Trouble) -> None:
        operation = self._operations[name]
        operation.status = "running"
        try:
            if trouble in FAILURES:
                operation.error = FAILURES[trouble]
            else:
                loop = asyncio.get_running_loop()
                operation.result = await loop.run_in_executor(
                    self._reader.threads, self._reader.read, data, wanted, self._pages
                )
        except Refusal as refusal:
            operation.error = refusal_body(refusal.code)
        except Exception:
            operation.error = FAILURES[Trouble.INTERNAL]
            raise
        finally:
            operation.status = "succeeded" if operation.result is not None else "failed"

    async def _poll(self, request: web.Request) -> web.Response:
        self.requests.append("poll")
        refused = self._refuse(request, next_of(self.script.poll))
        if refused is not None:
            return refused
        name = request.match_info["operation"]
        operation = self._operations.get(name)
        if operation is None:
            return _error(404, {"code": "NotFound", "message": "Resource not found."})
        told = self._told_running.get(name, 0)
        if told < self._polls:
            self._told_running[name] = told + 1
            return web.json_response({"status": "running", "createdDateTime": operation.created})
        return web.json_response(operation.body())

    async def _set_troubles(self, request: web.Request) -> web.Response:
        try:
            self.script.set(**await request.json())
        except (ValueError, TypeError) as error:
            return _error(400, {"code": "InvalidArgument", "message": str(error)})
        return web.Response(status=204)

    def _refuse(self, request: web.Request, trouble: Trouble) -> web.Response | None:
        if not {"Ocp-Apim-Subscription-Key", "Authorization"} & set(request.headers):
            message = "Access denied due to invalid subscription key or wrong API endpoint."
            return _error(401, {"code": "401", "message": message})
        if trouble not in ANSWERS:
            return None
        status, code, message = ANSWERS[trouble]
        headers = {"Retry-After": str(self.script.retry_after)} if status in (429, 503) else {}
        return _error(status, {"code": code, "message": message}, headers)


def _check_request(request: web.Request, data: bytes, most_bytes: int) -> web.Response | None:
    if request.match_info["model"] != MODEL or request.query.get("api-version") != VERSION:
        return _error(404, {"code": "NotFound", "message": f"The stand-in has {MODEL} of api-version {VERSION}."})
    if PAGES.fullmatch(request.query.get("pages", "1")) is None:
        return _error(400, refusal_body("InvalidParameter"))
    if len(data) > most_bytes:
        return _error(400, refusal_body("InvalidContentLength"))
    if not is_supported(data):
        return _error(400, refusal_body("InvalidContent"))
    return None


def _error(status: int, error: dict[str, Any], headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps({"error": error})
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)


def _wanted(pages: str | None) -> set[int] | None:
    """`1-3,5` as numbers; None for all."""
    if pages is None:
        return None
    numbers: set[int] = set()
    for part in pages.split(","):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The stand-in as one HTTP server, in this process or in its own."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from local.microsoft365 import control, graph_items, graph_mail, graph_sites, graph_uploads, page, workflows
from local.microsoft365.database import Clock, utc_now
from local.microsoft365.faults import FAULTS, STOPPING, Faults, Plan, inject_faults
from local.microsoft365.graph_errors import GraphError, answer_error
from local.microsoft365.tenant import TENANT, Tenant, open_tenant
from shared.columns import DEFINITIONS
from shared.departments import City

COLUMNS = [definition.as_graph() for definition in DEFINITIONS]
LARGEST_REQUEST = 300 * 2**20
logger = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Microsoft365:
    """Serves on 127.0.0.1; `port` 0 takes a free one. State lies in `state` and outlives the server."""

    def __init__(
        self,
        state: Path,
        city: City,
        *,
        port: int = 0,
        faults: Plan | None = None,
        columns: Iterable[Mapping[str, Any]] = COLUMNS,
        clock: Clock = utc_now,
        pages: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        """`pages`: what else this server shows, beside Microsoft 365."""
        state.mkdir(parents=True, exist_ok=True)
        self.tenant: Tenant = open_tenant(state, city, columns, clock)
        self.faults = Faults(state / "faults.json")
        if faults is not None:
            self.faults.set(faults)
        self._pages = list(pages)
        self.counters: Counter[str] = Counter()
        self.port = port
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """The app settings that point the product here: GRAPH_ENDPOINT, GRAPH_TOKEN, TEAMS_WEBHOOK_…"""
        return control.settings(self.tenant, self.url)

    async def start(self) -> None:
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.tenant.database.close()

    def _application(self) -> web.Application:
        app = web.Application(
            client_max_size=LARGEST_REQUEST,
            middlewares=[count_requests, answer_errors, inject_faults, check_token],
        )
        app[TENANT] = self.tenant
        app[FAULTS] = self.faults
        app[STOPPING] = self._stopping
        app[control.COUNTERS] = self.counters
        for module in (graph_sites, graph_items, graph_uploads, graph_mail, workflows, control, page):
            app.add_routes(module.ROUTES)
        app.add_routes(self._pages)
        return app


@web.middleware
async def count_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    cut = request.transport is None or request.transport.is_closing()
    control.count(request, "dropped" if cut else response.status)
    return response


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except GraphError as error:
        return answer_error(error, request)
    except (ConnectionResetError, web.RequestPayloadError):
        return web.Response(status=400)  # the client went away in the middle of its body; nobody reads this
    except web.HTTPNotFound:
        return answer_error(GraphError(404, "itemNotFound", "Resource not found."), request)
    except web.HTTPMethodNotAllowed:
        return answer_error(GraphError(405, "notAllowed", "The method is not allowed here."), request)
    if request.path.startswith("/v1.0/") and not response.prepared:
        response.headers.setdefault("request-id", str(uuid.uuid4()))
    return response


@web.middleware
async def check_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Any bearer token will do, but there must be one, as on Graph."""
    if request.path.startswith("/v1.0/"):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise GraphError(401, "InvalidAuthenticationToken", "Access token is empty.")
    return await handler(request)

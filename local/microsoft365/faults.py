"""What goes wrong on purpose: a plan of faults by class of route, drawn with a seed or from a script.

    {"seed": 7, "teams_rate": {"posts": 25, "seconds": 300}, "rules": [
      {"route": "graph.upload", "fault": "throttled", "probability": 0.1, "retry_after": [1, 600]},
      {"route": "graph.write",  "fault": "unauthorized", "times": 1},
      {"route": "teams",        "script": ["ok", "lost-answer", "gone"], "match": "stavebny-urad"}]}

The first rule that fires wins. A script is taken one entry a request and ends; `times` bounds how often a rule fires.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from local.microsoft365.graph_errors import GraphError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Route(StrEnum):
    UPLOAD = "graph.upload"
    CHUNK = "graph.chunk"
    READ = "graph.read"
    WRITE = "graph.write"
    TEAMS = "teams"
    MAIL = "mail"
    ANY = "*"


class Fault(StrEnum):
    OK = "ok"
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway-timeout"
    LOCKED = "locked"
    CONFLICT = "conflict"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    GONE = "gone"
    SLOW = "slow"
    HANG = "hang"
    RESET = "reset"
    LOST_ANSWER = "lost-answer"
    ERROR_IN_200 = "error-in-200"


ANSWERS = {
    Fault.THROTTLED: (429, "activityLimitReached", "Application is over its quota of requests."),
    Fault.SERVER_ERROR: (500, "generalException", "General exception while processing"),
    Fault.UNAVAILABLE: (503, "serviceNotAvailable", "The service is temporarily unavailable."),
    Fault.GATEWAY_TIMEOUT: (504, "UnknownError", "Gateway Timeout"),
    Fault.LOCKED: (423, "resourceLocked", "The resource you are attempting to access is locked"),
    Fault.CONFLICT: (409, "nameAlreadyExists", "An item with the same name already exists under the parent"),
    Fault.UNAUTHORIZED: (
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
    ),
    Fault.FORBIDDEN: (403, "accessDenied", "Access denied"),
    Fault.NOT_FOUND: (404, "itemNotFound", "The resource could not be found."),
    Fault.GONE: (410, "gone", "The requested resource is no longer available at the server."),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TeamsRate(_Strict):
    posts: int = Field(default=25, ge=1)
    seconds: float = Field(default=300, gt=0)


class Rule(_Strict):
    route: Route
    fault: Fault = Fault.OK
    script: list[Fault] = []
    probability: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=0)
    match: str = Field(default="", description="only requests whose address contains this")
    retry_after: float | tuple[float, float] = Field(default=1, description="seconds, or a range to draw from")
    seconds: float = Field(default=2, ge=0, description="how long a slow answer takes")

    @model_validator(mode="after")
    def check_fault_or_script(self) -> Rule:
        spent = self.times == 0
        if not spent and (self.fault is Fault.OK) == (not self.script):
            raise ValueError("a rule needs either `fault` or `script`")
        return self


class Plan(_Strict):
    seed: int = 0
    teams_rate: TeamsRate | None = None
    rules: list[Rule] = []


class Faults:
    """Draws the faults of a plan; the plan is kept in a file, so that it outlives a restart."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self.plan = read_plan(kept) if kept.exists() else Plan()
        self._random = random.Random(self.plan.seed)

    def set(self, plan: Plan) -> None:
        self.plan = plan
        self._random = random.Random(plan.seed)
        self._keep()

    def draw(self, route: Route, address: str) -> tuple[Fault, Rule] | None:
        for rule in self.plan.rules:
            if rule.route not in (route, Route.ANY) or rule.match not in address or rule.times == 0:
                continue
            if self._random.random() >= rule.probability:
                continue
            if rule.script:
                fault = rule.script.pop(0)
                if not rule.script:
                    rule.times = 0
            else:
                fault = rule.fault
                rule.times = None if rule.times is None else rule.times - 1
            if rule.times is not None or rule.script:
                self._keep()
            return (fault, rule) if fault is not Fault.OK else None
        return None

    def retry_after(self, rule: Rule) -> str:
        low, high = rule.retry_after if isinstance(rule.retry_after, tuple) else (rule.retry_after,) * 2
        return str(max(0, round(self._random.uniform(low, high))))

    def _keep(self) -> None:
        fresh = self._kept.with_suffix(".new")
        fresh.write_text(self.plan.model_dump_json(indent=1), encoding="utf-8")
        fresh.replace(self._kept)


FAULTS = web.AppKey("faults", Faults)
STOPPING = web.AppKey("stopping", asyncio.Event)


def read_plan(path: Path) -> Plan:
    """Raises ValueError that names the file and the rule."""
    try:
        return Plan.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise ValueError(f"{path}: not a plan of faults; see local/microsoft365/faults.py\n{error}") from error


def route_of(request: web.Request) -> Route | None:
    """None for the page and the control API, which never fail on purpose."""
    path = request.path
    if path.startswith("/workflows/"):
        return Route.TEAMS
    if path.startswith("/upload/"):
        return Route.CHUNK
    if path.startswith("/v1.0/users/"):
        return Route.MAIL
    if path.startswith(("/v1.0/", "/monitor/")):
        if request.method == "GET":
            return Route.READ
        return Route.UPLOAD if path.endswith(("/content", "/createUploadSession")) else Route.WRITE
    return None


@web.middleware
async def inject_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    faults, route = request.app[FAULTS], route_of(request)
    drawn = faults.draw(route, request.path) if route is not None else None
    if drawn is None:
        return await handler(request)
    fault, rule = drawn
    match fault:
        case Fault.SLOW:
            await _wait(request, rule.seconds)
            return await handler(request)
        case Fault.HANG:
            await _wait(request, None)
            return _drop(request)
        case Fault.RESET:
            await request.content.readany()
            return _drop(request)
        case Fault.LOST_ANSWER:
            await handler(request)
            return _drop(request)
        case Fault.ERROR_IN_200:
            text = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"
            return web.Response(status=200, text=text)
    await request.read()
    status, code, message = ANSWERS[fault]
    headers = {"Retry-After": faults.retry_after(rule)} if fault in (Fault.THROTTLED, Fault.UNAVAILABLE) else {}
    raise GraphError(status, code, message, headers=headers)


async def _wait(request: web.Request, seconds: float | None) -> None:
    """Until the time is over or the server stops."""
    try:
        await asyncio.wait_for(request.app[STOPPING].wait(), seconds)
    except TimeoutError:
        return


def _drop(request: web.Request) -> web.Response:
    """Cut the connection with a TCP reset; what is returned never leaves."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)

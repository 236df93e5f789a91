"""HTTP triggers: every function's route below /api, requests and responses as the Functions library has them.

Signs everyone in as one person, as Easy Auth does in Azure: a header that the client sent is dropped, ours is set.
So that nobody else comes in, only requests to this machine's own name are answered: a page elsewhere could point a
name of its own here (DNS rebinding).
"""

from __future__ import annotations

import azure.functions as func
from aiohttp import web

from local.host.app import Function

SIGNED_IN = "X-MS-CLIENT-PRINCIPAL-NAME"
PERSON = "pracovník@laptop"
OWN_NAMES = {"localhost", "127.0.0.1"}


def build_web(functions: list[Function], prefix: str = "/api") -> web.Application:
    """A web application that serves the HTTP-triggered functions."""
    application = web.Application(client_max_size=20 * 2**20)
    for function in functions:
        if function.kind == "httpTrigger":
            route = function.trigger.get("route") or function.name
            for method in function.trigger.get("methods") or ("GET", "POST"):
                name = method.value if hasattr(method, "value") else str(method)
                application.router.add_route(name, f"{prefix}/{route}", _serve(function))
    return application


def _serve(function: Function) -> web.Handler:  # type: ignore[name-defined]
    async def serve(request: web.Request) -> web.Response:
        if request.url.host not in OWN_NAMES:
            return web.Response(status=421, text="only localhost and 127.0.0.1 are answered here\n")
        incoming = func.HttpRequest(
            method=request.method,
            url=str(request.url),
            headers=_sign_in(request),
            params=dict(request.query),
            route_params=dict(request.match_info),
            body=await request.read(),
        )
        answer = await function.call(incoming)
        if isinstance(answer, str):
            return web.Response(text=answer)
        response = web.Response(status=answer.status_code, body=answer.get_body(), headers=dict(answer.headers))
        response.headers["Content-Type"] = _content_type(answer)
        return response

    return serve


def _sign_in(request: web.Request) -> dict[str, str]:
    sent = {name: value for name, value in request.headers.items() if name.upper() != SIGNED_IN}
    return {**sent, SIGNED_IN: PERSON}


def _content_type(answer: func.HttpResponse) -> str:
    text = answer.mimetype.startswith("text/") or answer.mimetype == "application/json"
    return f"{answer.mimetype}; charset={answer.charset}" if text else str(answer.mimetype)

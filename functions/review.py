"""Triggers of the review desk: one function for each address of shared/review/exchange.py."""

from __future__ import annotations

from urllib.parse import parse_qsl

import azure.functions as func

from shared.mailroom import Mailroom
from shared.review.exchange import ADDRESSES, Ask, Reply, View

SIGNED_IN = "X-MS-CLIENT-PRINCIPAL-NAME"  # set by Easy Auth, never by a client: shared/review/gate.py


def review_blueprint(mailroom: Mailroom) -> func.Blueprint:
    blueprint = func.Blueprint()
    for view in ADDRESSES:
        _register(blueprint, mailroom, view)
    return blueprint


def _register(blueprint: func.Blueprint, mailroom: Mailroom, view: View) -> None:
    method, route = ADDRESSES[view]

    async def serve(request: func.HttpRequest) -> func.HttpResponse:
        return _respond(await mailroom.serve_desk(view, _read(request)))

    trigger = blueprint.route(route=route, methods=[method], trigger_arg_name="request")
    blueprint.function_name(f"desk_{view.value}")(trigger(serve))


def _read(request: func.HttpRequest) -> Ask:
    return Ask(
        who=request.headers.get(SIGNED_IN, ""),
        route=request.route_params,
        query=request.params,
        form=dict(parse_qsl(request.get_body().decode(errors="replace"))),
        origin=request.headers.get("Origin", ""),
        fetch_site=request.headers.get("Sec-Fetch-Site", ""),
    )


def _respond(reply: Reply) -> func.HttpResponse:
    return func.HttpResponse(
        reply.body, status_code=reply.status, headers=dict(reply.headers), mimetype=reply.mimetype, charset="utf-8"
    )

"""The Teams channel's Workflows webhook ("When a Teams webhook request is received"), as Power Automate answers it.

Body: `{"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": …}]}`.
Accepted is 202 with an empty body. 28 KB a message: learn.microsoft.com/microsoftteams/limits-specifications-teams
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from aiohttp import web

from local.microsoft365.faults import FAULTS
from local.microsoft365.graph_errors import GraphError
from local.microsoft365.graph_shapes import tenant_of

LARGEST_MESSAGE = 28 * 2**10
ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"


async def receive(request: web.Request) -> web.Response:
    tenant, department = tenant_of(request), request.match_info["department"]
    if department not in tenant.channel_ids:
        raise GraphError(404, "WorkflowNotFound", f"The workflow of '{department}' could not be found.")
    if not hmac.compare_digest(request.query.get("sig", ""), tenant.channels.signature(department)):
        raise GraphError(401, "DirectApiAuthorizationRequired", "The signature of the request is not valid.")
    body = await request.read()
    if len(body) > LARGEST_MESSAGE:
        raise GraphError(413, "RequestEntityTooLarge", f"The message has {len(body)} bytes; Teams takes 28 KB.")
    envelope = _check_envelope(body)
    rate = request.app[FAULTS].plan.teams_rate
    if rate is not None:
        wait = tenant.channels.wait_for_turn(department, rate.posts, rate.seconds)
        if wait is not None:
            message = f"Rate limit is exceeded. Try again in {wait} seconds."
            raise GraphError(429, "WorkflowRunActionThrottled", message, headers={"Retry-After": str(wait)})
    tenant.channels.keep(department, envelope)
    return web.Response(status=202)


def _check_envelope(body: bytes) -> dict[str, Any]:
    try:
        envelope = json.loads(body)
    except ValueError as error:
        raise _malformed("the body is not JSON") from error
    if not isinstance(envelope, dict) or envelope.get("type") != "message":
        raise _malformed('"type" must be "message"')
    attachments = envelope.get("attachments")
    if not isinstance(attachments, list) or not attachments:
        raise _malformed('"attachments" must hold a card')
    for attachment in attachments:
        if not isinstance(attachment, dict) or attachment.get("contentType") != ADAPTIVE_CARD:
            raise _malformed(f'an attachment\'s "contentType" must be {ADAPTIVE_CARD}')
        card = attachment.get("content")
        if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or not card.get("version"):
            raise _malformed('an attachment\'s "content" must be an AdaptiveCard with a version')
    return envelope


def _malformed(why: str) -> GraphError:
    return GraphError(400, "TriggerInputSchemaMismatch", f"The input body for trigger 'manual' is wrong: {why}.")


ROUTES = [web.post("/workflows/{department}/triggers/manual/paths/invoke", receive)]

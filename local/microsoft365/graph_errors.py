"""Microsoft Graph's error answers.

Source: learn.microsoft.com/graph/errors and /graph/api/resources/driveitem (error codes of OneDrive and SharePoint).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import web


class GraphError(Exception):
    """An answer that is an error; the server writes it in Graph's shape."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        inner: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.inner = status, code, message, inner
        self.headers = dict(headers or {})


def bad_request(message: str) -> GraphError:
    return GraphError(400, "invalidRequest", message)


def not_found(message: str = "The resource could not be found.") -> GraphError:
    return GraphError(404, "itemNotFound", message)


def name_taken() -> GraphError:
    return GraphError(409, "nameAlreadyExists", "An item with the same name already exists under the parent")


def answer_error(error: GraphError, request: web.Request) -> web.Response:
    """`{"error": {"code", "message", "innerError": {"date", "request-id", "client-request-id"}}}`"""
    request_id = str(uuid.uuid4())
    inner = {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": request.headers.get("client-request-id", request_id),
    }
    if error.inner:
        inner = {"code": error.inner, **inner}
    body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return web.json_response(body, status=error.status, headers={"request-id": request_id, **error.headers})

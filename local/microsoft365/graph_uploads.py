"""Upload sessions: the chunk PUTs of large files and of large attachments.

Rules of learn.microsoft.com/graph/api/driveitem-createuploadsession: chunks come in order and in multiples of
320 KiB but the last, one request is under 60 MiB, no Authorization header on them, a session that ended or ran out
answers 404.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from sqlite3 import Row
from typing import Any

from aiohttp import web

from local.microsoft365.database import stamp
from local.microsoft365.graph_errors import GraphError, bad_request, not_found
from local.microsoft365.graph_shapes import answer, item_shape, origin_of, tenant_of
from local.microsoft365.tenant import Tenant

CHUNK_UNIT = 320 * 2**10
LARGEST_CHUNK = 60 * 2**20
LIFETIME = timedelta(minutes=15)
RANGE = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<total>\d+)")


def open_session(request: web.Request, target: Mapping[str, Any], total: int | None) -> dict[str, Any]:
    """`target` says where the whole goes: a place in a library, or a draft."""
    tenant = tenant_of(request)
    session = uuid.uuid4().hex
    expires = stamp(tenant.database.clock() + LIFETIME)
    tenant.database.insert("sessions", id=session, target=json.dumps(target), total=total, received=0, expires=expires)
    _part(tenant, session).write_bytes(b"")
    return {"uploadUrl": f"{origin_of(request)}/upload/{session}", **_progress(expires, 0, target)}


async def answer_session(request: web.Request) -> web.Response:
    """GET: how far it is. DELETE: give it up. PUT: the next chunk."""
    if "Authorization" in request.headers:
        raise GraphError(401, "unauthenticated", "An upload URL is signed; send no Authorization header.")
    tenant = tenant_of(request)
    session = _session(tenant, request.match_info["session"])
    if request.method == "DELETE":
        _forget(tenant, session["id"])
        return web.Response(status=204)
    if request.method == "GET":
        return web.json_response(_progress(session["expires"], session["received"], json.loads(session["target"])))
    return await _take_chunk(request, session)


async def _take_chunk(request: web.Request, session: Row) -> web.Response:
    tenant = tenant_of(request)
    first, last, total = _range_of(request)
    data = await request.read()
    session = _session(tenant, session["id"])  # another request may have moved on while the bytes came in
    if len(data) != last - first + 1 or last >= total:
        raise bad_request("Content-Range does not fit the length of the chunk.")
    if session["total"] is not None and session["total"] != total:
        raise bad_request("The total of Content-Range differs from what the session was opened with.")
    if first != session["received"]:
        inner = "fragmentOverlap" if first < session["received"] else "fragmentOutOfOrder"
        raise GraphError(416, "invalidRange", "The uploaded fragment is not the one expected next.", inner=inner)
    if last + 1 < total and len(data) % CHUNK_UNIT:
        raise bad_request("Every chunk but the last must be a multiple of 320 KiB.")
    with _part(tenant, session["id"]).open("ab") as file:
        file.write(data)
    expires = stamp(tenant.database.clock() + LIFETIME)
    tenant.database.write(
        "UPDATE sessions SET received = ?, total = ?, expires = ? WHERE id = ?",
        last + 1,
        total,
        expires,
        session["id"],
    )
    target = json.loads(session["target"])
    if last + 1 == total:
        return _finish(request, session["id"], target)
    status = 200 if "message" in target else 202
    return web.json_response(_progress(expires, last + 1, target), status=status)


def _finish(request: web.Request, session: str, target: Mapping[str, Any]) -> web.Response:
    tenant = tenant_of(request)
    part = _part(tenant, session)
    if "message" in target:
        attachment = tenant.mailboxes.attach_bytes(
            target["mailbox"], target["message"], target["name"], target["type"], part.read_bytes()
        )
        place = f"/v1.0/users/{target['mailbox']}/messages/{target['message']}/attachments/{attachment['id']}"
        response = web.Response(status=201, headers={"Location": origin_of(request) + place})
    else:
        parent = tenant.items.get(target["drive"], target["parent"])
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        size = part.stat().st_size
        item, new = tenant.items.put_file(parent, target["name"], part, size, digest, target["conflict"])
        response = answer(request, item_shape(tenant, item, origin_of(request)), status=201 if new else 200)
    _forget(tenant, session)
    return response


def _range_of(request: web.Request) -> tuple[int, int, int]:
    found = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if found is None:
        raise bad_request("A chunk needs a Content-Range of the form bytes 0-327679/1000000.")
    if (request.content_length or 0) >= LARGEST_CHUNK:
        raise GraphError(413, "requestTooLarge", "A chunk must be smaller than 60 MiB.")
    return int(found["first"]), int(found["last"]), int(found["total"])


def _session(tenant: Tenant, session: str) -> Row:
    row = tenant.database.one("SELECT * FROM sessions WHERE id = ?", session)
    if row is None or row["expires"] < tenant.database.now():
        raise not_found("The upload session was not found or has expired.")
    return row


def _progress(expires: str, received: int, target: Mapping[str, Any]) -> dict[str, Any]:
    """Of a mail attachment Outlook gives the start alone, a library gives the range that is still open."""
    expected = str(received) if "message" in target else f"{received}-"
    return {"expirationDateTime": expires, "nextExpectedRanges": [expected]}


def _forget(tenant: Tenant, session: str) -> None:
    tenant.database.write("DELETE FROM sessions WHERE id = ?", session)
    _part(tenant, session).unlink(missing_ok=True)


def _part(tenant: Tenant, session: str) -> Path:
    return tenant.database.files / f"session-{session}"


ROUTES = [web.route("*", "/upload/{session}", answer_session)]

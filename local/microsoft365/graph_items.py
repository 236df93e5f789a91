"""Graph's drives: files and folders by id and by path."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from sqlite3 import Row
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.microsoft365.addresses import ItemAddress, parse_address
from local.microsoft365.graph_errors import GraphError, bad_request, not_found
from local.microsoft365.graph_shapes import (
    answer,
    answer_list,
    download_url,
    drive_shape,
    etag,
    expansion,
    item_shape,
    origin_of,
    tenant_of,
)
from local.microsoft365.graph_sites import answer_below_list, answer_fields, answer_list_item, read_json
from local.microsoft365.graph_uploads import open_session
from local.microsoft365.items import CONFLICTS

CONFLICT = "@microsoft.graph.conflictBehavior"
# learn.microsoft.com/graph/api/driveitem-put-content
LARGEST_PUT = 250 * 2**20
UNDER_DRIVE = re.compile(r"/v1\.0/drives/(?P<drive>[^/]+)(?:/(?P<rest>.*))?")


async def answer_drive(request: web.Request) -> web.StreamResponse:
    """Everything below /drives/."""
    found = UNDER_DRIVE.fullmatch(request.rel_url.raw_path)
    if found is None:
        raise not_found()
    tenant = tenant_of(request)
    drive = tenant.libraries.drive(unquote(found["drive"]))
    rest = found["rest"] or ""
    if not rest and request.method == "GET":
        return answer(request, drive_shape(tenant, drive, origin_of(request)))
    if rest == "list" or rest.startswith("list/"):
        return await answer_below_list(request, drive, [unquote(part) for part in rest.split("/")[1:] if part])
    return await _answer_item(request, drive["id"], parse_address(rest))


async def _answer_item(request: web.Request, drive: str, address: ItemAddress) -> web.StreamResponse:
    match request.method, address.action:
        case "PUT", "content":
            return await _put_content(request, drive, address)
        case "POST", "createUploadSession":
            return await _create_session(request, drive, address)
    items = tenant_of(request).items
    item = items.find(drive, items.get(drive, address.anchor), address.path)
    if address.action == "listItem" and request.method == "GET":
        return answer_list_item(request, item)
    if address.action == "listItem/fields":
        return await answer_fields(request, item)
    if request.method == "GET":
        return _read(request, item, address.action)
    return await _change(request, item, address.action)


def _read(request: web.Request, item: Row, action: str) -> web.StreamResponse:
    tenant, origin = tenant_of(request), origin_of(request)
    match action:
        case "":
            return answer(request, item_shape(tenant, item, origin, expand=expansion(request)))
        case "children":
            expand = expansion(request)
            children = [item_shape(tenant, child, origin, expand=expand) for child in tenant.items.children(item)]
            return answer_list(request, children)
        case "content" if not item["folder"]:
            return web.Response(status=302, headers={"Location": download_url(item, origin)})
    raise _not_here(request, action)


async def _change(request: web.Request, item: Row, action: str) -> web.StreamResponse:
    match request.method, action:
        case "POST", "children":
            return await _make_folder(request, item)
        case "PATCH", "":
            return await _relocate(request, item)
        case "POST", "copy":
            return await _copy(request, item)
        case "DELETE", "":
            _check_etag(request, item)
            tenant_of(request).items.delete(item)
            return web.Response(status=204)
    raise _not_here(request, action)


def _not_here(request: web.Request, action: str) -> GraphError:
    return GraphError(405, "notAllowed", f"{request.method} {action or 'item'} is not supported here.")


async def _put_content(request: web.Request, drive: str, address: ItemAddress) -> web.Response:
    tenant = tenant_of(request)
    if (request.content_length or 0) > LARGEST_PUT:
        raise GraphError(413, "requestTooLarge", "Files over 250 MB need an upload session.")
    conflict = conflict_of(request.query, default="replace")
    incoming, digest, size = tenant.database.new_file(), hashlib.sha256(), 0
    try:
        with incoming.open("wb") as file:
            async for chunk in request.content.iter_chunked(2**18):
                digest.update(chunk)
                size += file.write(chunk)
        parent, name = _place(request, drive, address)
        found = tenant.items.child(parent, name)
        if found is not None:
            _check_etag(request, found)
        item, new = tenant.items.put_file(parent, name, incoming, size, digest.hexdigest(), conflict)
    finally:
        incoming.unlink(missing_ok=True)
    return answer(request, item_shape(tenant, item, origin_of(request)), status=201 if new else 200)


async def _create_session(request: web.Request, drive: str, address: ItemAddress) -> web.Response:
    """The answer is an uploadSession; on an upload session the default is to fail when the name is taken."""
    tenant = tenant_of(request)
    body = await read_json(request) if request.can_read_body else {}
    facet = body.get("item") or {}
    conflict = conflict_of(facet, default="fail")
    parent, name = _place(request, drive, address)
    name = str(facet.get("name") or name)
    tenant.items.check_name(parent, name, conflict)
    target = {"drive": drive, "parent": parent["id"], "name": name, "conflict": conflict}
    return answer(request, open_session(request, target, facet.get("fileSize")))


def _place(request: web.Request, drive: str, address: ItemAddress) -> tuple[Row, str]:
    """The folder and the name that a file is put to; addressed by id, it is an existing file."""
    items = tenant_of(request).items
    anchor = items.get(drive, address.anchor)
    if address.path:
        return items.ensure_folders(anchor, address.path[:-1]), address.name
    if anchor["folder"]:
        raise bad_request("A folder has no content; address the file by its path")
    return items.get(drive, anchor["parent"]), anchor["name"]


async def _make_folder(request: web.Request, parent: Row) -> web.Response:
    tenant = tenant_of(request)
    body = await read_json(request)
    if not isinstance(body.get("name"), str) or not isinstance(body.get("folder"), dict):
        raise bad_request('A new folder needs "name" and "folder": {}')
    item, new = tenant.items.make_folder(parent, body["name"], conflict_of(body, default="fail"))
    return answer(request, item_shape(tenant, item, origin_of(request)), status=201 if new else 200)


async def _relocate(request: web.Request, item: Row) -> web.Response:
    tenant = tenant_of(request)
    body = await read_json(request)
    _check_etag(request, item)
    reference = body.get("parentReference") or {}
    if reference.get("driveId", item["drive"]) != item["drive"]:
        raise bad_request("Cannot move an item to another drive; copy it and delete the original")
    parent = tenant.items.get(item["drive"], reference["id"]) if reference.get("id") else None
    conflict = conflict_of({**request.query, **body}, default="fail")
    moved = tenant.items.relocate(item, parent, body.get("name"), conflict)
    return answer(request, item_shape(tenant, moved, origin_of(request)))


async def _copy(request: web.Request, item: Row) -> web.Response:
    """202 and the address of a monitor. The work is done at once; the first look still says inProgress."""
    tenant = tenant_of(request)
    body = await read_json(request) if request.can_read_body else {}
    reference = body.get("parentReference") or {}
    drive = tenant.libraries.drive(reference.get("driveId", item["drive"]))
    parent = tenant.items.get(drive["id"], reference.get("id", item["parent"] if not reference else "root"))
    known = {column["name"] for column in tenant.libraries.columns(drive["list"])}
    outcome: dict[str, Any]
    try:
        copied = tenant.items.copy(item, parent, body.get("name"), conflict_of(request.query, default="fail"), known)
        outcome = {"status": "completed", "percentageComplete": 100, "resourceId": copied["id"]}
    except GraphError as error:
        outcome = {"status": "failed", "error": {"code": error.code, "message": error.message}}
    monitor = uuid.uuid4().hex
    tenant.database.insert("copies", id=monitor, polls=0, outcome=json.dumps({"operation": "ItemCopy", **outcome}))
    return web.Response(status=202, headers={"Location": f"{origin_of(request)}/monitor/{monitor}"})


async def answer_monitor(request: web.Request) -> web.Response:
    """The progress of a copy; needs no token, as in Graph."""
    database = tenant_of(request).database
    monitor = request.match_info["monitor"]
    row = database.one("SELECT * FROM copies WHERE id = ?", monitor)
    if row is None:
        raise not_found()
    database.write("UPDATE copies SET polls = polls + 1 WHERE id = ?", monitor)
    if row["polls"] == 0:
        progress = {"operation": "ItemCopy", "status": "inProgress", "percentageComplete": 40.0}
        return web.json_response(progress, status=202)
    return web.Response(text=row["outcome"], content_type="application/json")


async def download(request: web.Request) -> web.StreamResponse:
    """The bytes behind @microsoft.graph.downloadUrl; needs no token, as in Graph."""
    items = tenant_of(request).items
    item = items.get(request.match_info["drive"], request.match_info["item"])
    if item["folder"]:
        raise not_found()
    return web.FileResponse(items.content(item), headers={"Content-Type": item["mime"]})


def conflict_of(values: Mapping[str, Any], *, default: str) -> str:
    conflict = str(values.get(CONFLICT, default)).lower()
    if conflict not in CONFLICTS:
        raise bad_request(f"{CONFLICT} is fail, replace or rename")
    return conflict


def _check_etag(request: web.Request, item: Row) -> None:
    wanted = request.headers.get("If-Match", "*")
    if wanted not in ("*", etag(item)):
        raise GraphError(412, "resourceModified", "ETag does not match current item's value")


ROUTES = [
    web.route("*", "/v1.0/drives/{address:.+}", answer_drive),
    web.get("/monitor/{monitor}", answer_monitor),
    web.get("/download/{drive}/{item}", download),
]

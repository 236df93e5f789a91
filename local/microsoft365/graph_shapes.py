"""How Graph writes sites, drives, lists, items and their values (learn.microsoft.com/graph/api/resources)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from sqlite3 import Row
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local.microsoft365.graph_errors import bad_request
from local.microsoft365.tenant import TENANT, Tenant

PAGE, LARGEST_PAGE = 200, 5000


def site_shape(site: Row, origin: str) -> dict[str, Any]:
    return {
        "id": site["id"],
        "name": site["name"],
        "displayName": site["name"],
        "webUrl": origin + site["path"],
        "createdDateTime": site["created"],
        "lastModifiedDateTime": site["created"],
        "root": {},
        "siteCollection": {"hostname": site["host"]},
    }


def drive_shape(tenant: Tenant, drive: Row, origin: str) -> dict[str, Any]:
    return {
        "id": drive["id"],
        "name": drive["name"],
        "driveType": "documentLibrary",
        "webUrl": _library_url(tenant, drive, origin),
        "createdDateTime": drive["created"],
        "description": "",
        "quota": {"state": "normal"},
    }


def list_shape(tenant: Tenant, drive: Row, origin: str) -> dict[str, Any]:
    return {
        "id": drive["list"],
        "name": drive["name"],
        "displayName": drive["name"],
        "webUrl": _library_url(tenant, drive, origin),
        "createdDateTime": drive["created"],
        "list": {"template": "documentLibrary", "hidden": False, "contentTypesEnabled": False},
    }


def item_shape(tenant: Tenant, item: Row, origin: str, *, expand: str = "") -> dict[str, Any]:
    drive = tenant.libraries.drive(item["drive"])
    shape: dict[str, Any] = {
        "id": item["id"],
        "name": item["name"],
        "eTag": etag(item),
        "cTag": f'"c:{{{item["id"][2:]}}},{(item["sha256"] or "")[:8]}"',
        "size": item["size"],
        "webUrl": web_url(tenant, item, origin),
        "createdDateTime": item["created"],
        "lastModifiedDateTime": item["modified"],
        "fileSystemInfo": {"createdDateTime": item["created"], "lastModifiedDateTime": item["modified"]},
        "parentReference": _parent_reference(tenant, item, drive),
    }
    if item["folder"]:
        shape["folder"] = {"childCount": len(tenant.items.children(item))}
        if not item["parent"]:
            shape["root"] = {}
    else:
        shape["file"] = {"mimeType": item["mime"], "hashes": {"sha256Hash": item["sha256"].upper()}}
        shape["@microsoft.graph.downloadUrl"] = download_url(item, origin)
    if "listItem" in expand:
        shape["listItem"] = list_item_shape(tenant, item, origin, with_fields="fields" in expand)
    return shape


def list_item_shape(tenant: Tenant, item: Row, origin: str, *, with_fields: bool) -> dict[str, Any]:
    shape = {
        "id": str(item["number"]),
        "eTag": etag(item),
        "webUrl": web_url(tenant, item, origin),
        "createdDateTime": item["created"],
        "lastModifiedDateTime": item["modified"],
        "contentType": {"id": "0x0101", "name": "Folder" if item["folder"] else "Document"},
    }
    return {**shape, "fields": fields_shape(item)} if with_fields else shape


def fields_shape(item: Row) -> dict[str, Any]:
    return {
        "@odata.etag": etag(item),
        "id": str(item["number"]),
        "FileLeafRef": item["name"],
        "Created": item["created"],
        "Modified": item["modified"],
        "ContentType": "Folder" if item["folder"] else "Document",
        "_UIVersionString": f"{item['version']}.0",
        **json.loads(item["fields"]),
    }


def etag(item: Row) -> str:
    return f'"{{{item["id"][2:]}}},{item["version"]}"'


def web_url(tenant: Tenant, item: Row, origin: str) -> str:
    drive = tenant.libraries.drive(item["drive"])
    return "/".join([_library_url(tenant, drive, origin), *map(quote, tenant.items.path(item))])


def download_url(item: Row, origin: str) -> str:
    return f"{origin}/download/{item['drive']}/{item['id']}"


def answer(request: web.Request, body: Mapping[str, Any], *, status: int = 200) -> web.Response:
    """One thing, with its context, cut to `$select`."""
    selected = _selection(request)
    kept = {k: v for k, v in body.items() if not selected or k in selected or k.startswith("@")}
    return web.json_response({"@odata.context": f"{request.url.origin()}/v1.0/$metadata", **kept}, status=status)


def answer_list(request: web.Request, values: Sequence[Mapping[str, Any]]) -> web.Response:
    """One page of things with a link to the next."""
    selected = _selection(request)
    start = _number(request, "$skiptoken", 0)
    size = max(1, min(_number(request, "$top", PAGE), LARGEST_PAGE))
    page = [
        {k: v for k, v in value.items() if not selected or k in selected or k.startswith("@")}
        for value in values[start : start + size]
    ]
    body: dict[str, Any] = {"@odata.context": f"{request.url.origin()}/v1.0/$metadata", "value": page}
    if start + size < len(values):
        body["@odata.nextLink"] = str(request.url.update_query({"$skiptoken": str(start + size)}))
    return web.json_response(body)


def tenant_of(request: web.Request) -> Tenant:
    return request.app[TENANT]


def origin_of(request: web.Request) -> str:
    return str(request.url.origin())


def _number(request: web.Request, name: str, otherwise: int) -> int:
    asked = request.query.get(name, str(otherwise))
    if not asked.isdecimal():
        raise bad_request(f"Invalid value '{asked}' of {name}.")
    return int(asked)


def expansion(request: web.Request) -> str:
    return request.query.get("$expand", request.query.get("expand", ""))


def _selection(request: web.Request) -> set[str]:
    return {name for name in request.query.get("$select", "").replace(" ", "").split(",") if name}


def _library_url(tenant: Tenant, drive: Row, origin: str) -> str:
    return f"{origin}{tenant.libraries.site(drive['site'])['path']}/{quote(drive['name'])}"


def _parent_reference(tenant: Tenant, item: Row, drive: Row) -> dict[str, Any]:
    reference = {"driveId": drive["id"], "driveType": "documentLibrary", "siteId": drive["site"]}
    if not item["parent"]:
        return reference
    parent = tenant.items.get(item["drive"], item["parent"])
    path = "/".join([f"/drives/{drive['id']}/root:", *tenant.items.path(parent)])
    return {
        **reference,
        "id": parent["id"],
        "name": parent["name"] if parent["parent"] else drive["name"],
        "path": path,
    }

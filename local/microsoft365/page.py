"""What a person sees: the page, its data, and the documents in the libraries at their own addresses."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from sqlite3 import Row
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.microsoft365.control import cards, departments, files, mails
from local.microsoft365.graph_errors import GraphError, not_found
from local.microsoft365.graph_shapes import origin_of, tenant_of
from local.microsoft365.libraries import TYPES
from local.microsoft365.tenant import Tenant

STATIC = Path(__file__).parent / "static"
NODE_MODULES = Path(__file__).parents[2] / "node_modules"
VENDOR = {
    "adaptivecards.js": NODE_MODULES / "adaptivecards" / "dist" / "adaptivecards.min.js",
    "markdown-it.js": NODE_MODULES / "markdown-it" / "dist" / "markdown-it.min.js",
}
GONE = "Dokument tu už nie je. Možno ho niekto premenoval alebo presunul do inej knižnice."
MISSING = "Chýba balík {name} z npm. Spustite v koreni projektu: npm ci"


async def show_page(request: web.Request) -> web.StreamResponse:
    for name, file in VENDOR.items():
        if not file.exists():
            return web.Response(status=503, text=MISSING.format(name=name.removesuffix(".js")))
    return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def vendor(request: web.Request) -> web.StreamResponse:
    file = VENDOR.get(request.match_info["name"])
    if file is None or not file.exists():
        raise not_found()
    return web.FileResponse(file)


async def overview(request: web.Request) -> web.Response:
    """Departments with their counts; 304 while neither the city nor what arrived has changed."""
    tenant = tenant_of(request)
    mark = f'"{zlib.crc32(tenant.city.model_dump_json().encode())}-{tenant.database.changes}"'
    if request.headers.get("If-None-Match") == mark:
        return web.Response(status=304)
    body = {
        "office": tenant.city.city.office,
        "mailbox": tenant.city.city.mailbox,
        "departments": departments(tenant, origin_of(request)),
        "mails": len(tenant.mailboxes.sent()),
    }
    return web.json_response(body, headers={"ETag": mark, "Cache-Control": "no-cache"})


async def department(request: web.Request) -> web.Response:
    """One department: its files with the library's columns, and its cards."""
    tenant = tenant_of(request)
    found = tenant.city.by_id.get(request.match_info["department"])
    if found is None:
        raise not_found()
    drive = tenant.library_of(found)
    columns = [
        {"name": column["name"], "title": column["displayName"], "type": _type_of(column)}
        for column in tenant.libraries.columns(drive["list"])
        if column["columnGroup"] != "_Hidden"
    ]
    has_channel = found.id in tenant.channel_ids
    body = {
        "id": found.id,
        "name": found.name,
        "site": found.site,
        "library": drive["name"],
        "columns": columns,
        "files": files(tenant, found, origin_of(request)),
        "cards": cards(tenant, found.id) if has_channel else None,
    }
    return web.json_response(body)


async def mailbox(request: web.Request) -> web.Response:
    return web.json_response(mails(tenant_of(request)))


async def open_document(request: web.Request) -> web.StreamResponse:
    """A webUrl as it stands on a card: /sites/{site}/{library}/{folders…}/{name}; of a folder, the page."""
    tenant = tenant_of(request)
    parts = [unquote(part) for part in request.rel_url.raw_path.split("/")[1:] if part]
    try:
        item = _find(tenant, parts)
    except GraphError:
        return web.Response(status=404, text=GONE)
    if not item["folder"]:
        headers = {"Content-Type": item["mime"], "Content-Disposition": "inline"}
        return web.FileResponse(tenant.items.content(item), headers=headers)
    owner = next(d for d in tenant.city.departments if tenant.library_of(d)["id"] == item["drive"])
    raise web.HTTPFound(f"/#/utvar/{owner.id}")


def _find(tenant: Tenant, parts: list[str]) -> Row:
    site = tenant.libraries.site_at(tenant.city.city.sharepoint_host, "/" + "/".join(parts[:2]))
    for drive in tenant.libraries.drives(site["id"]):
        if [drive["name"]] == parts[2:3]:
            return tenant.items.find(drive["id"], tenant.items.root(drive["id"]), parts[3:])
    raise not_found()


def _type_of(column: Mapping[str, Any]) -> str:
    return next((name for name in TYPES if name in column), "text")


ROUTES = [
    web.get("/", show_page),
    web.get("/page/overview", overview),
    web.get("/page/departments/{department}", department),
    web.get("/page/mails", mailbox),
    web.get("/vendor/{name}", vendor),
    web.get("/sites/{address:.+}", open_document),
    web.static("/static", STATIC),
]

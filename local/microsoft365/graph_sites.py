"""Graph's sites, drives, lists, columns and list items."""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.microsoft365.graph_errors import GraphError, bad_request, not_found
from local.microsoft365.graph_shapes import (
    answer,
    answer_list,
    drive_shape,
    expansion,
    fields_shape,
    list_item_shape,
    list_shape,
    origin_of,
    site_shape,
    tenant_of,
)

BY_PATH = re.compile(r"(?P<host>[^:/]+):(?P<path>/[^:]*):?(?P<rest>/.*)?")
FIELD_EQUALS = re.compile(r"fields/(?P<name>\w+) eq '(?P<value>(?:[^']|'')*)'")


async def read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise bad_request("Unable to read JSON request payload.") from error
    if not isinstance(body, dict):
        raise bad_request("The request payload must be a JSON object.")
    return body


async def search_sites(request: web.Request) -> web.Response:
    """GET /sites?search= — words of the name or the path; `*` for all."""
    wanted = request.query.get("search", request.query.get("$search", "")).strip('"').casefold()
    if not wanted:
        raise bad_request("Give ?search=")
    sites = tenant_of(request).libraries.sites()
    found = [s for s in sites if wanted == "*" or wanted in s["name"].casefold() or wanted in s["path"].casefold()]
    return answer_list(request, [site_shape(site, origin_of(request)) for site in found])


async def answer_site(request: web.Request) -> web.Response:
    """Everything below /sites/: the site by id or by host and path, then what is asked of it."""
    address = unquote(request.rel_url.raw_path).removeprefix("/v1.0/sites/")
    libraries = tenant_of(request).libraries
    by_path = BY_PATH.fullmatch(address)
    if by_path:
        site = libraries.site_at(by_path["host"], by_path["path"].rstrip("/"))
        rest = (by_path["rest"] or "").strip("/")
    else:
        site_id, _, rest = address.partition("/")
        site = libraries.site(site_id)
    return await _answer_below_site(request, site, [part for part in rest.split("/") if part])


async def _answer_below_site(request: web.Request, site: Row, rest: list[str]) -> web.Response:
    tenant, origin = tenant_of(request), origin_of(request)
    drives = tenant.libraries.drives(site["id"])
    match rest:
        case []:
            _only(request, "GET")
            return answer(request, site_shape(site, origin))
        case ["drives"]:
            _only(request, "GET")
            return answer_list(request, [drive_shape(tenant, drive, origin) for drive in drives])
        case ["drive"]:
            _only(request, "GET")
            return answer(request, drive_shape(tenant, drives[0], origin))
        case ["lists"]:
            _only(request, "GET")
            return answer_list(request, [list_shape(tenant, drive, origin) for drive in drives])
        case ["lists", list_id, *below]:
            return await answer_below_list(request, tenant.libraries.library(site["id"], list_id), below)
    raise not_found(f"Resource not found for the segment '{rest[0]}'.")


async def answer_below_list(request: web.Request, drive: Row, rest: list[str]) -> web.Response:
    tenant, origin = tenant_of(request), origin_of(request)
    match rest:
        case []:
            _only(request, "GET")
            return answer(request, list_shape(tenant, drive, origin))
        case ["drive"]:
            _only(request, "GET")
            return answer(request, drive_shape(tenant, drive, origin))
        case ["columns"] if request.method == "POST":
            column = tenant.libraries.add_column(drive["list"], await read_json(request))
            return answer(request, column, status=201)
        case ["columns"]:
            _only(request, "GET")
            return answer_list(request, tenant.libraries.columns(drive["list"]))
        case ["items"]:
            _only(request, "GET")
            return answer_list(request, _list_items(request, drive))
        case ["items", number]:
            _only(request, "GET")
            return answer_list_item(request, tenant.items.by_number(drive["id"], number))
        case ["items", number, "fields"]:
            return await answer_fields(request, tenant.items.by_number(drive["id"], number))
    raise not_found(f"Resource not found for the segment '{rest[-1]}'.")


def answer_list_item(request: web.Request, item: Row) -> web.Response:
    with_fields = "fields" in expansion(request)
    shape = list_item_shape(tenant_of(request), item, origin_of(request), with_fields=with_fields)
    return answer(request, shape)


async def answer_fields(request: web.Request, item: Row) -> web.Response:
    tenant = tenant_of(request)
    if request.method == "PATCH":
        values = {k: v for k, v in (await read_json(request)).items() if not k.startswith("@") and "@odata" not in k}
        drive = tenant.libraries.drive(item["drive"])
        tenant.libraries.check_values(drive["list"], values)
        item = tenant.items.set_fields(item, values)
    else:
        _only(request, "GET")
    return answer(request, fields_shape(item))


def _list_items(request: web.Request, drive: Row) -> list[dict[str, Any]]:
    """All items of the library, or those of `$filter=fields/Name eq 'value'`."""
    tenant, origin = tenant_of(request), origin_of(request)
    items = tenant.items.files(drive["id"])
    asked = request.query.get("$filter")
    if asked:
        wanted = FIELD_EQUALS.fullmatch(asked.strip())
        if wanted is None:
            raise bad_request("The stand-in understands $filter=fields/Name eq 'value'")
        value = wanted["value"].replace("''", "'")
        items = [item for item in items if fields_shape(item).get(wanted["name"]) == value]
    with_fields = "fields" in expansion(request)
    return [list_item_shape(tenant, item, origin, with_fields=with_fields) for item in items]


def _only(request: web.Request, *methods: str) -> None:
    if request.method not in methods:
        raise GraphError(405, "notAllowed", f"Method {request.method} is not allowed here.")


ROUTES = [
    web.get("/v1.0/sites", search_sites),
    web.route("*", "/v1.0/sites/{address:.+}", answer_site),
]

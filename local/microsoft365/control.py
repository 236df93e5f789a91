"""The control API: what the driver and the tests ask of the stand-in, beside Microsoft's own addresses.

GET    /control/departments        per department: site, library, drive, files, cards, webhook
GET    /control/files[?department] every file with folder, columns and sha256
GET    /control/cards[?department] every card, newest first
GET    /control/mails              every message that was sent, newest first
GET    /control/settings           the app settings that point the product at this stand-in
GET    /control/counters           requests by route and status;  DELETE sets them to zero
GET    /control/faults             the plan of faults;  PUT sets it, DELETE ends all faults
POST   /control/reset              forget all files, cards, mails
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from local.microsoft365.faults import FAULTS, Plan, route_of
from local.microsoft365.graph_errors import GraphError, bad_request, not_found
from local.microsoft365.graph_shapes import download_url, origin_of, tenant_of, web_url
from local.microsoft365.tenant import Tenant
from shared.departments import Department
from shared.settings import webhook_setting

COUNTERS: web.AppKey[Counter[str]] = web.AppKey("counters", Counter)
LOCAL_TOKEN = "local-stand-in"


def departments(tenant: Tenant, origin: str) -> list[dict[str, Any]]:
    rows = []
    for department in tenant.city.departments:
        drive = tenant.library_of(department)
        has_channel = department.id in tenant.channel_ids
        rows.append(
            {
                "id": department.id,
                "name": department.name,
                "role": department.role.value,
                "site": department.site,
                "library": drive["name"],
                "drive": drive["id"],
                "files": len(tenant.items.files(drive["id"])),
                "cards": len(tenant.channels.cards(department.id)) if has_channel else None,
                "webhook": tenant.channels.webhook(origin, department.id) if has_channel else None,
            }
        )
    return rows


def files(tenant: Tenant, department: Department, origin: str) -> list[dict[str, Any]]:
    drive = tenant.library_of(department)
    return [
        {
            "department": department.id,
            "library": drive["name"],
            "drive": drive["id"],
            "id": item["id"],
            "folder": "/".join(tenant.items.path(item)[:-1]),
            "name": item["name"],
            "size": item["size"],
            "sha256": item["sha256"],
            "created": item["created"],
            "modified": item["modified"],
            "columns": json.loads(item["fields"]),
            "url": web_url(tenant, item, origin),
            "download": download_url(item, origin),
        }
        for item in tenant.items.files(drive["id"])
    ]


def cards(tenant: Tenant, department: str | None = None) -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "department": row["department"],
            "received": row["received"],
            "cards": [attachment["content"] for attachment in json.loads(row["envelope"])["attachments"]],
        }
        for row in tenant.channels.cards(department)
    ]


def mails(tenant: Tenant) -> list[dict[str, Any]]:
    return [
        {"id": row["id"], "mailbox": row["mailbox"], "sent": row["sent"], **json.loads(row["message"])}
        for row in tenant.mailboxes.sent()
    ]


def settings(tenant: Tenant, origin: str) -> dict[str, str]:
    webhooks = {webhook_setting(name): tenant.channels.webhook(origin, name) for name in tenant.channel_ids}
    return {"GRAPH_ENDPOINT": f"{origin}/v1.0", "GRAPH_TOKEN": LOCAL_TOKEN, **webhooks}


async def get_departments(request: web.Request) -> web.Response:
    return web.json_response(departments(tenant_of(request), origin_of(request)))


async def get_files(request: web.Request) -> web.Response:
    tenant = tenant_of(request)
    asked = _asked_department(request)
    wanted = [tenant.city.by_id[asked]] if asked else _one_per_library(tenant)
    return web.json_response([file for d in wanted for file in files(tenant, d, origin_of(request))])


async def get_cards(request: web.Request) -> web.Response:
    return web.json_response(cards(tenant_of(request), _asked_department(request)))


async def get_mails(request: web.Request) -> web.Response:
    return web.json_response(mails(tenant_of(request)))


async def get_attachment(request: web.Request) -> web.Response:
    wanted = request.match_info["attachment"]
    for mail in mails(tenant_of(request)):
        for attachment in mail["attachments"]:
            if attachment["id"] == wanted:
                data = tenant_of(request).mailboxes.attachment(wanted)
                return web.Response(body=data, content_type=attachment["contentType"])
    raise not_found()


async def get_settings(request: web.Request) -> web.Response:
    return web.json_response(settings(tenant_of(request), origin_of(request)))


async def get_counters(request: web.Request) -> web.Response:
    return web.json_response(dict(sorted(request.app[COUNTERS].items())))


async def clear_counters(request: web.Request) -> web.Response:
    request.app[COUNTERS].clear()
    return web.Response(status=204)


async def get_faults(request: web.Request) -> web.Response:
    return web.Response(text=request.app[FAULTS].plan.model_dump_json(), content_type="application/json")


async def put_faults(request: web.Request) -> web.Response:
    try:
        plan = Plan.model_validate_json(await request.read())
    except ValidationError as error:
        raise bad_request(f"not a plan of faults: {error}") from error
    request.app[FAULTS].set(plan)
    return await get_faults(request)


async def clear_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].set(Plan())
    return web.Response(status=204)


async def reset(request: web.Request) -> web.Response:
    tenant_of(request).database.clear()
    return web.Response(status=204)


def count(request: web.Request, status: int | str) -> None:
    """`status` is a number, or `dropped` when the connection was cut."""
    route = route_of(request)
    if route is not None:
        request.app[COUNTERS][f"{route.value} {status}"] += 1


def _asked_department(request: web.Request) -> str | None:
    asked = request.query.get("department")
    if asked is not None and asked not in tenant_of(request).city.by_id:
        raise GraphError(404, "itemNotFound", f"config/departments.yaml has no department '{asked}'")
    return asked


def _one_per_library(tenant: Tenant) -> list[Department]:
    """Some outside authorities share a library; its files are told once."""
    return list({(d.site, d.library): d for d in reversed(tenant.city.departments)}.values())[::-1]


ROUTES = [
    web.get("/control/departments", get_departments),
    web.get("/control/files", get_files),
    web.get("/control/cards", get_cards),
    web.get("/control/mails", get_mails),
    web.get("/control/mails/attachments/{attachment}", get_attachment),
    web.get("/control/settings", get_settings),
    web.get("/control/counters", get_counters),
    web.delete("/control/counters", clear_counters),
    web.get("/control/faults", get_faults),
    web.put("/control/faults", put_faults),
    web.delete("/control/faults", clear_faults),
    web.post("/control/reset", reset),
]

"""Microsoft Graph as the administrator's scripts see it: applications, permissions, sites, libraries and columns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx

from infra.microsoft365 import GRAPH_APP, SITES_SELECTED
from infra.rest import GRAPH, Rest
from shared.columns import DEFINITIONS
from shared.departments import City

ROLES = {"role-sites": SITES_SELECTED, "role-mail": "Mail.Send", "role-user": "User.Read.All"}


class StandInGraph:
    """`identity` is the functions' service principal; faults are made by changing the public fields."""

    def __init__(self, city: City) -> None:
        self.sites = {department.site for department in city.departments}
        self.columns: dict[tuple[str, str], list[str]] = {}
        self.library_names = {(d.site, d.library) for d in city.departments}
        self.assigned: dict[str, str] = {}
        self.permissions: dict[str, list[dict[str, Any]]] = {site: [] for site in self.sites}
        self.writes: list[str] = []
        self.throttled = 0

    def grant_all(self, client_id: str) -> None:
        self.assigned["assignment-1"] = "role-sites"
        for site in self.sites:
            self.permissions[site] = [_permission(client_id, ["write"])]
        for place in self.library_names:
            self.columns[place] = ["Title", *(definition.name.value for definition in DEFINITIONS)]

    def rest(self) -> Rest:
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return Rest(GRAPH, lambda: "token", http=client, sleep=lambda _: None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.throttled:
            self.throttled -= 1
            return httpx.Response(429, headers={"Retry-After": "1"}, json={"error": {"code": "TooManyRequests"}})
        path = request.url.path.removeprefix("/v1.0")
        if request.method != "GET":
            self.writes.append(f"{request.method} {path}")
        body = json.loads(request.content) if request.content else {}
        for pattern, handle in self._routes():
            if match := re.fullmatch(pattern, path):
                return handle(request.method, body, **match.groupdict())
        return _missing(path)

    def _routes(self) -> list[tuple[str, Callable[..., httpx.Response]]]:
        return [
            (rf"/servicePrincipals\(appId='{GRAPH_APP}'\)", self._graph_itself),
            (r"/servicePrincipals\(appId='(?P<app>[^']+)'\)", self._identity),
            (r"/servicePrincipals/identity/appRoleAssignments(/(?P<item>.+))?", self._assignments),
            (r"/sites/[^:/]+:(?P<site>/sites/.+)", self._site),
            (r"/sites/id-(?P<site>[^/]+)/permissions(/(?P<item>.+))?", self._permissions),
            (r"/sites/id-(?P<site>[^/]+)/lists", self._lists),
            (r"/sites/id-(?P<site>[^/]+)/lists/(?P<library>[^/]+)/columns", self._columns),
        ]

    def _graph_itself(self, *_: Any) -> httpx.Response:
        roles = [{"id": key, "value": value} for key, value in ROLES.items()]
        return httpx.Response(200, json={"id": "graph", "appRoles": roles})

    def _identity(self, _method: str, _body: Any, app: str) -> httpx.Response:
        return _missing(app) if app == "stranger" else httpx.Response(200, json={"id": "identity"})

    def _assignments(self, method: str, body: Any, item: str | None) -> httpx.Response:
        if method == "POST":
            self.assigned[f"assignment-{len(self.assigned) + 1}"] = body["appRoleId"]
        elif method == "DELETE":
            del self.assigned[str(item)]
            return httpx.Response(204)
        return _page([{"id": key, "appRoleId": role} for key, role in self.assigned.items()])

    def _site(self, _method: str, _body: Any, site: str) -> httpx.Response:
        known = site in self.sites
        return httpx.Response(200, json={"id": "id-" + site.removeprefix("/sites/")}) if known else _missing(site)

    def _permissions(self, method: str, body: Any, site: str, item: str | None) -> httpx.Response:
        held = self.permissions[f"/sites/{site}"]
        if item and method == "GET":
            return httpx.Response(200, json=next(p for p in held if p["id"] == item))
        if method == "PATCH":
            next(p for p in held if p["id"] == item)["roles"] = body["roles"]
        elif method == "POST":
            held.append(_permission(body["grantedToIdentities"][0]["application"]["id"], body["roles"]))
        return _page([{key: value for key, value in p.items() if key != "roles"} for p in held])

    def _lists(self, method: str, body: Any, site: str) -> httpx.Response:
        if method == "POST":
            names = [column["name"] for column in body["columns"]]
            self.columns[f"/sites/{site}", body["displayName"]] = ["Title", *names]
        here = [library for path, library in self.columns if path == f"/sites/{site}"]
        return _page([{"id": library, "displayName": library} for library in here])

    def _columns(self, method: str, body: Any, site: str, library: str) -> httpx.Response:
        names = self.columns[f"/sites/{site}", library]
        if method == "POST":
            names.append(body["name"])
        return _page([{"name": name} for name in names])


def _permission(client_id: str, roles: list[str]) -> dict[str, Any]:
    holder = {"application": {"id": client_id, "displayName": "x"}}
    return {"id": f"permission-{client_id}", "grantedToIdentities": [holder], "roles": roles}


def _page(items: list[dict[str, Any]]) -> httpx.Response:
    return httpx.Response(200, json={"value": items})


def _missing(what: str) -> httpx.Response:
    return httpx.Response(404, json={"error": {"code": "itemNotFound", "message": what}})

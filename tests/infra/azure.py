"""Azure Resource Manager as `podatelna doctor --azure` sees it: the resources that our own Bicep files make.

Faults are made by changing `resources` (by lower-case id), `functions`, `keys` and `secrets`, or by `forbidden` paths.
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from cli.doctor_azure import expected_functions
from infra.deployed import Deployed
from infra.rest import ARM, Rest
from infra.sign_in import Place
from shared.departments import City, load_city
from tests.infra.bicep import GROUP, INFRA, SUBSCRIPTION, Resource, deploy, parameters

CITY = load_city(INFRA.parent / "config" / "departments.yaml")
PLACE = Place(SUBSCRIPTION, "rg-podatelna")
KEY_VAULT_REFERENCE = "@Microsoft.KeyVault("


class StandInAzure:
    def __init__(self, city: City = CITY) -> None:
        main = deploy(INFRA / "main.bicep", parameters(INFRA / "main.dev.bicepparam"))
        names = main.outputs
        events = deploy(
            INFRA / "events.bicep",
            {
                "functionAppName": names["FUNCTION_APP_NAME"],
                "storageAccountName": names["STORAGE_ACCOUNT_NAME"],
                "eventTopicName": names["EVENT_TOPIC_NAME"],
            },
        )
        self.app = f"{GROUP}/providers/Microsoft.Web/sites/{names['FUNCTION_APP_NAME']}".lower()
        self.resources = {r.id.lower(): _shape(r) for r in [*main.resources, *events.resources]}
        self.functions = set(expected_functions(city))
        self.keys = {"blobs_extension": "not-a-real-key"}
        references = [v for v in self.settings.values() if v.startswith(KEY_VAULT_REFERENCE)]
        self.secrets = {_secret(value) for value in references}
        self.forbidden: set[str] = set()
        self.asked: list[str] = []

    @property
    def settings(self) -> dict[str, str]:
        found: dict[str, str] = self.resources[f"{self.app}/config/appsettings"]["properties"]
        return found

    def find(self, ending: str) -> dict[str, Any]:
        (found,) = [resource for key, resource in self.resources.items() if key.endswith(ending.lower())]
        return found

    def remove(self, ending: str) -> None:
        (key,) = [key for key in self.resources if key.endswith(ending.lower())]
        del self.resources[key]

    def rest(self) -> Rest:
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return Rest(ARM, lambda: "token", http=client, sleep=lambda _: None)

    def deployed(self) -> Deployed:
        return Deployed(self.rest(), PLACE)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.lower()
        self.asked.append(f"{request.method} {path}")
        if request.headers["Authorization"] != "Bearer token" or "api-version" not in request.url.params:
            return httpx.Response(400, json={"error": {"code": "MissingApiVersionParameter", "message": ""}})
        if any(part in path for part in self.forbidden):
            return httpx.Response(403, json={"error": {"code": "AuthorizationFailed", "message": "no permission"}})
        if request.method == "POST":
            return self._act(path)
        if path == f"{GROUP.lower()}/resources":
            return _list([r for r in self.resources.values() if "tags" in r])
        if path.endswith("/roleassignments"):
            wanted = request.url.params["$filter"].split("'")[1]
            found = [r for r in self.resources.values() if r["properties"].get("principalId") == wanted]
            return _list([r for r in found if r["type"].endswith("roleAssignments")])
        if path == f"{self.app}/functions":
            return _list([{"name": f"app/{name}"} for name in sorted(self.functions)])
        if path == f"{self.app}/config/configreferences/appsettings":
            return _list([self._reference(name) for name in self.settings if name.startswith("TEAMS_WEBHOOK_")])
        if path in self.resources:
            return httpx.Response(200, json=self.resources[path])
        children = [r for key, r in self.resources.items() if key.rpartition("/")[0] == path]
        return _list(children)

    def _act(self, path: str) -> httpx.Response:
        if path.endswith("/config/appsettings/list"):
            return httpx.Response(200, json={"properties": self.settings})
        if path.endswith("/host/default/listkeys"):
            return httpx.Response(200, json={"systemKeys": self.keys})
        if path.endswith("/getfullurl"):
            properties = self.resources[path.removesuffix("/getfullurl")]["properties"]
            return httpx.Response(200, json={"endpointUrl": properties["destination"]["properties"]["endpointUrl"]})
        return httpx.Response(404, json={"error": {"code": "NotFound", "message": path}})

    def _reference(self, name: str) -> dict[str, Any]:
        status = "Resolved" if _secret(self.settings[name]) in self.secrets else "SecretNotFound"
        return {"name": name, "properties": {"status": status}}


def _secret(reference: str) -> str:
    return reference.rstrip(")").rsplit("SecretName=", 1)[1]


def _list(items: list[dict[str, Any]]) -> httpx.Response:
    return httpx.Response(200, json={"value": items})


def _shape(resource: Resource) -> dict[str, Any]:
    """What Azure answers: the body with id, type and name, and what only Azure adds."""
    shape: dict[str, Any] = json.loads(json.dumps(resource.body))
    shape |= {"id": resource.id, "type": resource.type, "name": resource.get("name")}
    properties = shape.setdefault("properties", {})
    if resource.type.endswith("userAssignedIdentities"):
        properties["principalId"] = "<identity.identity.properties.principalId>"
    if resource.type.endswith("roleAssignments"):
        properties["scope"] = resource.scope.id if resource.scope else GROUP
    if resource.type.endswith("eventSubscriptions"):
        properties["provisioningState"] = "Succeeded"
    return shape

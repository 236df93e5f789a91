"""`podatelna doctor --azure`: is what is deployed what the code and config/departments.yaml need?

Looks, never changes. Reads through Azure Resource Manager as the person signed in; Reader with the right to list the
app's settings and keys (Contributor has it) sees everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cli.doctor_entities import entities
from functions.delivery import function_name
from infra.deployed import AGAIN, KINDS, Deployed
from infra.findings import Finding
from infra.microsoft365 import Identity, plan
from infra.rest import Refused, Rest, RestError
from infra.sign_in import NotSignedIn, azure, graph, read_place, resource_manager
from infra.wait_for_functions import BLOB_FUNCTION, SYSTEM_KEY, WEB_VERSION, functions_of, system_keys_of
from shared.departments import City
from shared.errors import ConfigurationError
from shared.settings import WEBHOOK_PREFIX, read_settings

GRAPH_SCOPE = "https://graph.microsoft.com/.default"
# Role definitions by their fixed ids, and where the functions' identity holds them; infra/modules/roles.bicep says why.
ROLES = {
    "Azure Service Bus Data Owner": ("090c5cfd-751d-490a-894a-3ce6f1109419", "serviceBus"),
    "Cognitive Services User": ("a97b65f3-24c7-4388-baec-2e87135dc908", "recognition"),
    "Key Vault Secrets User": ("4633458b-17de-408a-b874-0445c86b69e6", "vault"),
    "Monitoring Metrics Publisher": ("3913510d-42f4-4e42-8a64-420c390055eb", "insights"),
    "Storage Blob Data Contributor": ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "documents"),
    "Storage Blob Data Owner": ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "host"),
    "Storage Queue Data Contributor": ("974c5e8b-45b9-4653-ba55-5f855dd0fb88", "documents host"),
    "Storage Table Data Contributor": ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "documents host"),
}


def check_environment(city: City, environment: str = "") -> Iterator[Finding]:
    """The environment that AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP name, as the person signed in sees it."""
    try:
        deployed = Deployed(resource_manager(), read_place(None, None), environment)
        yield from check_azure(deployed, city)
        if "app" in deployed.ids:
            yield from check_microsoft365(graph(azure(GRAPH_SCOPE)), deployed, city)
    except (NotSignedIn, RestError) as error:
        yield Finding("Azure", False, str(error))


def check_azure(deployed: Deployed, city: City) -> Iterator[Finding]:
    """Every finding, as it comes; a check that the person may not make says so and the others go on."""
    missing = [key for key in KINDS if key not in deployed.ids]
    yield Finding(
        f"resources of {deployed.place.group}" + (f": no {', '.join(missing)}" if missing else ""), not missing, AGAIN
    )
    if missing:
        return
    for check in (settings, webhooks, functions, entities, events, recognition, roles, storage):
        try:
            yield from check(deployed, city)
        except Refused as error:
            advice = "ask for the right to do this, or let somebody who has it run the doctor"
            yield Finding(f"{check.__name__}: not allowed to look ({error.code})", False, advice)
        except RestError as error:
            yield Finding(f"{check.__name__}: {error}", False, "try again; if it stays, look at Azure's status page")


def settings(deployed: Deployed, city: City) -> Iterator[Finding]:
    """The product's own reading of its settings, applied to what is deployed."""
    try:
        read_settings(city, deployed.settings)
        yield Finding(f"{len(deployed.settings)} settings of {deployed.name('app')}", True)
    except ConfigurationError as error:
        for problem in error.problems:
            yield Finding(problem, False, AGAIN)


def webhooks(deployed: Deployed, city: City) -> Iterator[Finding]:
    """Whether the references to the Key Vault resolve."""
    path = f"{deployed.ids['app']}/config/configreferences/appsettings"
    for item in deployed.arm.at(WEB_VERSION).pages(path):
        name, status = item["name"].rsplit("/", 1)[-1], item["properties"]["status"]
        department = name.removeprefix(WEBHOOK_PREFIX).lower().replace("_", "-")
        yield Finding(
            f"{name}: {status}",
            status == "Resolved",
            f"uv run python -m infra.set_webhooks {deployed.name('vault')} --department {department}"
            if status == "SecretNotFound"
            else "the identity may not read the vault, or the vault's network is closed to it; " + AGAIN,
        )


def expected_functions(city: City) -> Iterator[str]:
    """Those that a document passes; a test compares them with function_app.py."""
    yield from (BLOB_FUNCTION, "take_in_found_scan", "record_poisoned_scan", "recognize_document", "classify_document")
    yield from ("reconcile_scans", "delete_expired", "measure_backlog")
    for department in city.departments:
        yield from (function_name(channel, department) for channel in department.channels)


def functions(deployed: Deployed, city: City) -> Iterator[Finding]:
    found = functions_of(deployed.arm, deployed.place, deployed.name("app"))
    wanted = set(expected_functions(city))
    for name in sorted(wanted - found):
        yield Finding(f"function {name} is not deployed", False, "deploy the code again; departments.yaml goes with it")
    if not wanted - found:
        yield Finding(f"{len(found)} functions", True)
    has_key = SYSTEM_KEY in system_keys_of(deployed.arm, deployed.place, deployed.name("app"))
    advice = "restart the app; the blobs extension makes the key when it starts with a blob trigger"
    yield Finding(f"system key {SYSTEM_KEY}", has_key, advice)


def events(deployed: Deployed, city: City) -> Iterator[Finding]:
    """The event subscription and the function it names: a wrong name is answered 202 and the scan is lost."""
    arm, topic = deployed.arm.at("2025-02-15"), deployed.ids["eventTopic"]
    again = "run phase two again: infra/deploy.sh, or azd deploy"
    subscriptions = [
        item
        for item in arm.pages(f"{topic}/eventSubscriptions")
        if "/containers/scans/" in (item["properties"].get("filter") or {}).get("subjectBeginsWith", "")
    ]
    yield Finding(f"{len(subscriptions)} event subscription(s) on scans", len(subscriptions) == 1, again)
    for item in subscriptions:
        properties = item["properties"]
        address = arm.post(f"{item['id']}/getFullUrl").get("endpointUrl", "")
        named = parse_qs(urlsplit(address).query).get("functionName", [""])[0]
        yield Finding(f"events call {named or 'nothing'}", named == f"Host.Functions.{BLOB_FUNCTION}", again)
        yield Finding("undeliverable events are kept", bool(properties.get("deadLetterWithResourceIdentity")), again)
        state = properties.get("provisioningState", "")
        yield Finding(f"event subscription: {state}", state == "Succeeded", again)


def recognition(deployed: Deployed, city: City) -> Iterator[Finding]:
    account = deployed.arm.at("2025-06-01").get(deployed.ids["recognition"])
    tier = account["sku"]["name"]
    yield Finding(
        f"Document Intelligence tier {tier}",
        tier != "F0",
        "F0 reads two pages of a document and drops the rest without a word: " + AGAIN,
    )
    subdomain = account["properties"].get("customSubDomainName")
    advice = "sign-in without a key works only through a custom subdomain; " + AGAIN
    yield Finding(f"Document Intelligence subdomain {subdomain or 'missing'}", bool(subdomain), advice)


def roles(deployed: Deployed, city: City) -> Iterator[Finding]:
    arm = deployed.arm
    principal = arm.at("2023-01-31").get(deployed.ids["identity"])["properties"]["principalId"]
    query = {"$filter": f"principalId eq '{principal}'"}
    path = f"{deployed.place.path}/providers/Microsoft.Authorization/roleAssignments"
    held = {
        (item["properties"]["roleDefinitionId"].rsplit("/", 1)[-1].lower(), item["properties"]["scope"].lower())
        for item in arm.at("2022-04-01").pages(path, **query)
    }
    lacking = [
        f"{role} on {key}"
        for role, (definition, keys) in ROLES.items()
        for key in keys.split()
        if (definition, deployed.ids[key].lower()) not in held
    ]
    for what in lacking:
        yield Finding(f"role missing: {what}", False, AGAIN)
    if not lacking:
        yield Finding("roles of the functions' identity", True)


def storage(deployed: Deployed, city: City) -> Iterator[Finding]:
    for key in ("documents", "host"):
        properties: dict[str, Any] = deployed.arm.at("2024-01-01").get(deployed.ids[key])["properties"]
        closed = not properties.get("allowSharedKeyAccess", True) and not properties.get("allowBlobPublicAccess", False)
        yield Finding(f"storage {deployed.name(key)} takes no keys and shows nothing publicly", closed, AGAIN)


def check_microsoft365(directory: Rest, deployed: Deployed, city: City) -> Iterator[Finding]:
    """What infra/grant_microsoft365.py would still do."""
    mend = "uv run python -m infra.grant_microsoft365 … --apply (docs/deployment.md, Microsoft 365)"
    try:
        missing = list(plan(directory, city, Identity(deployed.settings["AZURE_CLIENT_ID"], deployed.name("identity"))))
    except Refused:
        yield Finding(
            "Microsoft 365: this sign-in may not see site permissions", False, f"{mend} looks with the rights"
        )
        return
    for action in missing:
        yield Finding(f"Microsoft 365 lacks: {action.what}", False, mend)
    if not missing:
        yield Finding("Microsoft 365: sites, libraries and columns", True)

"""Names, parameters, secrets and the house style of the Bicep files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.departments import load_city
from shared.storage import CONTAINERS, QUEUES
from tests.infra.bicep import INFRA, ConstraintError, Deployment, deploy, parameters, statements

CHECK = INFRA.parents[1] / "shared" / "bicep" / "check_bicep.py"
FILES = sorted(INFRA.rglob("*.bicep"))
LONGEST = "abcdefghijkl"
# https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
NAME_RULES = {
    "Microsoft.Storage/storageAccounts": r"[a-z0-9]{3,24}",
    "Microsoft.ServiceBus/namespaces": r"[a-zA-Z](?!.*(-sb|-mgmt)$)[a-zA-Z0-9-]{4,48}[a-zA-Z0-9]",
    "Microsoft.ServiceBus/namespaces/topics": r"[A-Za-z0-9][\w./~-]{0,259}",
    "Microsoft.ServiceBus/namespaces/queues": r"[A-Za-z0-9][\w./~-]{0,259}",
    "Microsoft.ServiceBus/namespaces/topics/subscriptions": r"[A-Za-z0-9][\w.-]{0,49}",
    "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules": r"[A-Za-z0-9][\w.-]{0,49}",
    "Microsoft.KeyVault/vaults": r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]",
    "Microsoft.CognitiveServices/accounts": r"[a-zA-Z0-9][a-zA-Z0-9-]{0,62}[a-zA-Z0-9]",
    "Microsoft.Web/sites": r"[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]",
    "Microsoft.Web/serverfarms": r"[a-zA-Z0-9-]{1,60}",
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"[a-zA-Z0-9][\w-]{2,127}",
    "Microsoft.OperationalInsights/workspaces": r"[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]",
    "Microsoft.EventGrid/systemTopics": r"[a-zA-Z0-9-]{3,50}",
    "Microsoft.Network/virtualNetworks": r"[a-zA-Z0-9][\w.-]{0,62}\w",
    "Microsoft.Network/privateEndpoints": r"[a-zA-Z0-9][\w.-]{0,78}\w",
    "Microsoft.Storage/storageAccounts/blobServices/containers": r"[a-z0-9](?!.*--)[a-z0-9-]{2,62}",
    "Microsoft.Storage/storageAccounts/tableServices/tables": r"[A-Za-z][A-Za-z0-9]{2,62}",
    "Microsoft.Consumption/budgets": r"[\w-]{1,63}",
}
EVERYTHING: dict[str, Any] = {
    "privateNetworking": True,
    "staffNetworks": ["192.0.2.0/24"],
    "malwareScanning": True,
    "operatorsGroupId": "group",
    "scannerPrincipalId": "scanner",
    "deskClientId": "desk",
}


def deploy_prod(files: dict[str, Any] | None = None, **changes: Any) -> Deployment:
    return deploy(INFRA / "main.bicep", parameters(INFRA / "main.prod.bicepparam") | changes, files)


@pytest.fixture(scope="module")
def everything() -> Deployment:
    return deploy_prod(environmentName=LONGEST, **EVERYTHING)


@pytest.mark.skipif(not CHECK.is_file(), reason="the Bicep check is not on this machine")
def test_the_bicep_check_finds_nothing() -> None:
    done = subprocess.run([sys.executable, CHECK, INFRA], capture_output=True, text=True, check=False, timeout=60)
    assert "0 errors, 0 warnings" in done.stdout, done.stdout


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_both_environments_deploy(environment: str) -> None:
    deployment = deploy(INFRA / "main.bicep", parameters(INFRA / f"main.{environment}.bicepparam"))
    assert deployment.outputs["FUNCTION_APP_NAME"].startswith(f"func-podatelna-{environment}-")


@pytest.mark.parametrize("kind", NAME_RULES)
def test_names_keep_azures_rules_for_the_longest_inputs(kind: str) -> None:
    city = load_city(INFRA.parent / "config" / "departments.yaml").model_dump(mode="json")
    city["departments"][0] |= {"id": "a" * 40, "channels": ["sharepoint", "teams", "email"]}
    found = deploy_prod({"departments.yaml": city}, environmentName=LONGEST, **EVERYTHING).of(kind)
    assert found
    for resource in found:
        name = resource.path.rsplit("/", 1)[-1]
        assert re.fullmatch(NAME_RULES[kind], name), name


def test_names_of_nested_deployments_are_short_enough_and_each_its_own() -> None:
    city = load_city(INFRA.parent / "config" / "departments.yaml").model_dump(mode="json")
    city["departments"][0]["id"] = "a" * 40
    names = deploy_prod({"departments.yaml": city}).modules
    assert max(map(len, names)) <= 64
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("environmentName", "p"),
        ("environmentName", "production-of-the-city"),
        ("location", "eastus"),
        ("redundancy", "Standard_GRS"),
        ("alertEmails", []),
        ("monthlyBudget", 0),
        ("pythonVersion", "3.9"),
        ("maximumInstances", 10),
        ("instanceMemory", 1024),
        ("recoveryDays", 1),
        ("locaton", "westeurope"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_is_made(name: str, value: Any) -> None:
    with pytest.raises(ConstraintError, match=name):
        deploy_prod(**{name: value})


def test_no_output_holds_a_secret(everything: Deployment) -> None:
    assert not any(re.search(r"[Kk]ey|Secret|sig=|code=|onnectionString", str(v)) for v in everything.outputs.values())
    for path in FILES:
        for statement in statements(path):
            if statement.kind == "output":
                assert "listKeys" not in str(statement.value), (path.name, statement.name)


def test_keys_are_read_in_phase_two_only() -> None:
    assert [path.name for path in FILES if re.search(r"\blist(Keys|Secrets|\w*Sas)\(", path.read_text("utf-8"))] == [
        "events.bicep"
    ]


def test_no_parameter_is_a_secret() -> None:
    for path in FILES:
        for statement in statements(path):
            if statement.kind == "param":
                assert not re.search(r"(?i)password|secret|token|sas|(?<!public)key$", statement.name), statement.name


def test_keys_and_public_access_are_off_everywhere(everything: Deployment) -> None:
    for account in everything.of("Microsoft.Storage/storageAccounts"):
        assert account.body["properties"]["allowSharedKeyAccess"] is False
        assert account.body["properties"]["allowBlobPublicAccess"] is False
        assert account.body["properties"]["networkAcls"]["defaultAction"] == "Deny"
    for kind in ("Microsoft.ServiceBus/namespaces", "Microsoft.CognitiveServices/accounts"):
        assert everything.one(kind).body["properties"]["disableLocalAuth"] is True
        assert everything.one(kind).body["properties"]["publicNetworkAccess"] == "Disabled"
    assert everything.one("Microsoft.Insights/components").body["properties"]["DisableLocalAuth"] is True
    assert everything.one("Microsoft.KeyVault/vaults").body["properties"]["enableRbacAuthorization"] is True


def test_recognition_is_never_on_the_free_tier_and_has_its_subdomain(everything: Deployment) -> None:
    account = everything.one("Microsoft.CognitiveServices/accounts")
    assert account.body["sku"] == {"name": "S0"}
    assert account.body["properties"]["customSubDomainName"] == account.path


def test_storage_holds_what_the_code_asks_for() -> None:
    deployment = deploy_prod()
    blobs = "Microsoft.Storage/storageAccounts/blobServices"
    containers = {c.path.rsplit("/", 1)[-1] for c in deployment.of(f"{blobs}/containers") if "stpod" in c.path}
    assert containers == {*CONTAINERS, "undelivered-events"}
    queues = {q.get("name") for q in deployment.of("Microsoft.Storage/storageAccounts/queueServices/queues")}
    assert queues == set(QUEUES)
    sources = "\n".join(p.read_text("utf-8") for p in (INFRA.parent / "shared" / "adapters").glob("*.py"))
    named = re.findall(r'"(\w+)"', " ".join(re.findall(r"^TABLES? = (.*)$", sources, re.MULTILINE)))
    tables = {t.get("name") for t in deployment.of("Microsoft.Storage/storageAccounts/tableServices/tables")}
    assert tables == set(named)


def test_every_container_has_its_last_day_and_deleted_data_can_be_brought_back() -> None:
    deployment = deploy_prod()
    rules = deployment.one("Microsoft.Storage/storageAccounts/managementPolicies").body["properties"]["policy"]["rules"]
    prefixes = {prefix for rule in rules for prefix in rule["definition"]["filters"].get("prefixMatch", [])}
    assert prefixes == {f"{name}/" for name in (*CONTAINERS, "undelivered-events")}
    services = deployment.of("Microsoft.Storage/storageAccounts/blobServices")
    (service,) = [item for item in services if item.path.startswith("stpod")]
    assert service.body["properties"]["isVersioningEnabled"] is True
    assert service.body["properties"]["deleteRetentionPolicy"] == {"enabled": True, "days": 30}


def test_data_is_locked_in_production_only() -> None:
    lock = "Microsoft.Authorization/locks"
    assert {item.get("name") for item in deploy_prod().of(lock)} == {"keep-documents", "keep-webhooks"}
    assert not deploy(INFRA / "main.bicep", parameters(INFRA / "main.dev.bicepparam")).of(lock)


def test_the_desk_is_closed_until_it_has_its_registration() -> None:
    sign_in = deploy_prod().one("Microsoft.Web/sites/config", "authsettingsV2").body["properties"]
    assert sign_in["globalValidation"]["requireAuthentication"] is True
    assert sign_in["globalValidation"]["unauthenticatedClientAction"] == "Return401"
    assert set(sign_in["globalValidation"]["excludedPaths"]) == {"/runtime/webhooks/blobs", "/runtime/webhooks/*"}


def test_private_networking_brings_an_endpoint_for_every_service(everything: Deployment) -> None:
    endpoints = everything.of("Microsoft.Network/privateEndpoints")
    connections = [e.body["properties"]["privateLinkServiceConnections"][0]["properties"] for e in endpoints]
    reached = {(c["privateLinkServiceId"].rsplit("/", 1)[-1][:2], c["groupIds"][0]) for c in connections}
    assert reached == {
        ("st", "blob"), ("st", "queue"), ("st", "table"), ("sb", "namespace"), ("di", "account"), ("kv", "vault"),
    }  # fmt: skip
    assert len(endpoints) == 9
    zones = {zone.path for zone in everything.of("Microsoft.Network/privateDnsZones")}
    groups = everything.of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
    used = {g.body["properties"]["privateDnsZoneConfigs"][0]["properties"]["privateDnsZoneId"] for g in groups}
    assert {zone_id.rsplit("/", 1)[-1] for zone_id in used} == zones
    assert everything.one("Microsoft.ServiceBus/namespaces").body["sku"]["name"] == "Premium"


def test_event_grid_can_still_reach_a_private_app(everything: Deployment) -> None:
    rules = everything.one("Microsoft.Web/sites").body["properties"]["siteConfig"]["ipSecurityRestrictions"]
    assert [rule["ipAddress"] for rule in rules] == ["AzureEventGrid", "192.0.2.0/24"]


def test_an_existing_event_topic_is_used_as_it_is() -> None:
    deployment = deploy_prod(existingEventTopic="evgt-of-defender")
    assert deployment.of("Microsoft.EventGrid/systemTopics") == []
    assert deployment.outputs["EVENT_TOPIC_NAME"] == "evgt-of-defender"


def test_events_of_finished_scans_go_to_the_blob_trigger_and_what_fails_is_kept() -> None:
    given = {"functionAppName": "f", "storageAccountName": "s", "eventTopicName": "t"}
    subscription = deploy(INFRA / "events.bicep", given).one("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    properties = subscription.body["properties"]
    address = properties["destination"]["properties"]["endpointUrl"]
    source = (INFRA.parent / "functions" / "intake.py").read_text("utf-8")
    (name,) = re.findall(r'function_name\("(\w+)"\)\s+@blueprint\.blob_trigger', source)
    assert f"/runtime/webhooks/blobs?functionName=Host.Functions.{name}&code=" in address
    assert properties["filter"]["subjectBeginsWith"].endswith("/containers/scans/blobs/")
    assert properties["deadLetterWithResourceIdentity"]["identity"] == {"type": "SystemAssigned"}
    assert properties["retryPolicy"] == {"eventTimeToLiveInMinutes": 1440, "maxDeliveryAttempts": 30}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_declarations_stand_in_one_order_and_are_described(path: Path) -> None:
    ranks = {"targetScope": 0, "param": 1, "var": 2, "existing": 3, "resource": 4, "module": 5, "output": 6}
    kinds = [ranks["existing" if s.existing else s.kind] for s in statements(path)]
    assert kinds == sorted(kinds)
    described = [s for s in statements(path) if s.kind in ("param", "output")]
    assert [s.name for s in described if "description" not in s.decorators] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_api_versions_are_stable(path: Path) -> None:
    previews = re.findall(r"'([\w./]+)@[\d-]+-preview'", path.read_text("utf-8"))
    assert set(previews) <= {"Microsoft.Insights/diagnosticSettings"}  # storage.bicep says why


@pytest.mark.slow
def test_checkov_passes_and_every_suppression_is_needed_and_explained() -> None:
    done = subprocess.run(
        ["uv", "tool", "run", "--from", "checkov==3.3.30", "checkov", "--directory", str(INFRA), "--framework", "bicep",
         "--skip-download", "--output", "json"],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    if '"summary"' not in done.stdout:
        pytest.skip(f"checkov could not be fetched: {done.stderr[-200:]}")
    report = json.loads(done.stdout)
    assert report["results"]["failed_checks"] == []
    assert [Path(name).name for name in report["results"]["parsing_errors"]] == [
        "main.bicep"
    ]  # modules only, no resource
    used = {(Path(c["file_path"]).name, c["check_id"]) for c in report["results"]["skipped_checks"]}
    written = {
        (path.name, check)
        for path in FILES
        for check, reason in re.findall(r"checkov:skip=(\w+):(.*)", path.read_text("utf-8"))
        if len(reason) > 10
    }
    assert used == written

"""The identity may do what the adapters do, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from cli.doctor_azure import ROLES
from infra.deployed import KINDS
from tests.infra.bicep import GROUP, INFRA, Deployment, deploy, parameters

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
APP = "<identity.identity.properties.principalId>"
# What calls what, by the client class that makes the call. A new client needs a role here and in roles.bicep.
CLIENTS = {
    "BlobServiceClient": {"Storage Blob Data Contributor on documents"},
    "TableServiceClient": {"Storage Table Data Contributor on documents"},
    "ServiceBusClient": {"Azure Service Bus Data Owner on serviceBus"},
    "DocumentAnalysisClient": {"Cognitive Services User on recognition"},
}
TRIGGERS_AND_HOST = {
    "Storage Blob Data Owner on host",
    "Storage Queue Data Contributor on host",
    "Storage Table Data Contributor on host",
    "Storage Queue Data Contributor on documents",
    "Key Vault Secrets User on vault",
    "Monitoring Metrics Publisher on insights",
}
MEANT_WIDE = {
    "Storage Blob Data Owner": "the host's own account, which holds no documents",
    "Azure Service Bus Data Owner": "the scale controller sees queue lengths only with it",
}


def deploy_with(**changes: object) -> Deployment:
    groups = {"operatorsGroupId": "operators", "scannerPrincipalId": "scanner"}
    return deploy(INFRA / "main.bicep", parameters(INFRA / "main.prod.bicepparam") | groups | changes)


def grants(deployment: Deployment, principal: str) -> set[str]:
    by_id = {definition: name for name, (definition, _) in ROLES.items()}
    places = {}
    for kind in KINDS:
        for resource in deployment.of(KINDS[kind]):
            if resource.body["tags"].get("part", kind) == kind:
                places[resource.id] = kind
    return {
        f"{by_id.get(definition, definition)} on {places.get(scope, scope.rsplit('/', 1)[-1])}"
        for assignment in deployment.of(ASSIGNMENT)
        if assignment.body["properties"]["principalId"] == principal
        for definition in [assignment.body["properties"]["roleDefinitionId"].rsplit("/", 1)[-1]]
        for scope in [assignment.scope.id if assignment.scope else "group"]
    }


def clients_in_use() -> set[str]:
    sources = (INFRA.parent / "shared" / "adapters").glob("*.py")
    return {name for path in sources for name in CLIENTS if re.search(rf"\b{name}\b", path.read_text("utf-8"))}


def test_the_identity_has_a_role_for_every_client_and_none_besides() -> None:
    wanted = set().union(*(CLIENTS[name] for name in CLIENTS)) | TRIGGERS_AND_HOST
    assert grants(deploy_with(), APP) == wanted


def test_every_client_with_a_role_is_really_used() -> None:
    assert clients_in_use() == CLIENTS.keys()


def test_the_doctor_wants_the_roles_that_bicep_gives() -> None:
    assert grants(deploy_with(), APP) == {
        f"{role} on {key}" for role, (_, keys) in ROLES.items() for key in keys.split()
    }


def test_wide_roles_are_those_with_a_reason() -> None:
    wide = {grant.split(" on ")[0] for grant in grants(deploy_with(), APP)}
    assert {role for role in wide if "Owner" in role or role in ("Contributor", "Reader")} == MEANT_WIDE.keys()


def test_the_scanner_may_write_into_scans_and_nothing_else() -> None:
    deployment = deploy_with()
    (assignment,) = [a for a in deployment.of(ASSIGNMENT) if a.body["properties"]["principalId"] == "scanner"]
    assert assignment.id.startswith(f"{GROUP}/providers/Microsoft.Storage/")
    assert "/containers/scans/providers/" in assignment.id
    role = deployment.one("Microsoft.Authorization/roleDefinitions")
    assert role.id == assignment.body["properties"]["roleDefinitionId"]
    (permission,) = role.body["properties"]["permissions"]
    assert permission["actions"] == []
    assert {action.rsplit("blobs/", 1)[1] for action in permission["dataActions"]} == {"add/action", "write"}


def test_an_sftp_scanner_may_write_into_scans_and_nothing_else() -> None:
    deployment = deploy_with(scannerSshPublicKey="ssh-ed25519 AAAA", scannerPrincipalId="")
    user = deployment.one("Microsoft.Storage/storageAccounts/localUsers").body["properties"]
    assert user["permissionScopes"] == [{"service": "blob", "resourceName": "scans", "permissions": "cw"}]
    assert (user["hasSharedKey"], user["hasSshPassword"]) == (False, False)


@pytest.mark.parametrize("who", ["operatorsGroupId", "scannerPrincipalId"])
def test_without_a_group_nobody_is_given_anything(who: str) -> None:
    deployment = deploy_with(**{who: ""})
    assert all(a.body["properties"]["principalId"] for a in deployment.of(ASSIGNMENT))


def test_every_assignment_says_why() -> None:
    assert all(len(a.body["properties"]["description"]) > 20 for a in deploy_with().of(ASSIGNMENT))


def test_assignments_stand_in_one_file() -> None:
    files = [path.name for path in INFRA.rglob("*.bicep") if f"'{ASSIGNMENT}@" in path.read_text("utf-8")]
    assert files == ["roles.bicep"]


def test_names_of_assignments_do_not_collide() -> None:
    by_scope = defaultdict(list)
    for assignment in deploy_with().of(ASSIGNMENT):
        by_scope[assignment.scope.id if assignment.scope else ""].append(assignment.path)
    assert all(len(names) == len(set(names)) for names in by_scope.values())

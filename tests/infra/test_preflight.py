from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
import pytest

from infra import preflight
from infra.findings import Finding
from infra.rest import Rest
from tests.infra.azure import PLACE
from tests.infra.bicep import INFRA

ROOT = INFRA.parent


def wrong(findings: list[Finding]) -> dict[str, str]:
    return {finding.what: finding.advice for finding in findings if not finding.good}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Files as a city would have them after editing the addresses."""
    for name in ("infra/main.dev.bicepparam", "config/departments.yaml"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((ROOT / name).read_text("utf-8").replace(".example'", ".sk'"), encoding="utf-8")
    return tmp_path


def test_good_files_pass_the_preflight(project: Path) -> None:
    assert wrong(list(preflight.check_files("dev", project))) == {}


@pytest.mark.parametrize("name", ["p", "Prod", "my-city", "productionsite", "1st"])
def test_a_name_that_storage_would_refuse_is_told(name: str, project: Path) -> None:
    assert (
        "12 lower-case letters" in wrong(list(preflight.check_files(name, project)))[f"name of the environment: {name}"]
    )


def test_an_environment_without_parameters_is_told_how_to_get_them(project: Path) -> None:
    (advice,) = wrong(list(preflight.check_files("test", project))).values()
    assert advice == "copy infra/main.dev.bicepparam to infra/main.test.bicepparam; edit it"


def test_a_copied_file_that_still_names_the_other_environment_is_told(project: Path) -> None:
    shutil.copy(project / "infra/main.dev.bicepparam", project / "infra/main.test.bicepparam")
    assert "parameters main.test.bicepparam are of environment dev" in wrong(
        list(preflight.check_files("test", project))
    )


def test_the_placeholder_address_is_told() -> None:
    assert any("alertEmails" in advice for advice in wrong(list(preflight.check_files("dev", ROOT))).values())


def test_a_department_id_that_no_topic_can_have_is_told_with_its_line(project: Path) -> None:
    path = project / "config/departments.yaml"
    path.write_text(path.read_text("utf-8").replace("id: majetok", "id: Majetok mesta"), encoding="utf-8")
    (advice,) = wrong(list(preflight.check_files("dev", project))).values()
    assert re.search(r"departments\.yaml:\d+: departments\.\d+\.id", advice)


class StandInSubscription:
    """What the preflight asks of a subscription."""

    def __init__(self) -> None:
        self.group = True
        self.actions, self.not_actions = ["*"], list[str]()
        self.registered, self.locations = "Registered", ["West Europe"]
        self.deleted: dict[str, list[dict[str, str]]] = {"deletedVaults": [], "deletedAccounts": []}

    def rest(self) -> Rest:
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return Rest("https://management.azure.com", lambda: "token", http=client)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        last = path.rsplit("/", 1)[-1]
        if path == PLACE.path:
            return httpx.Response(200 if self.group else 404, json={})
        if last == "permissions":
            return httpx.Response(200, json={"value": [{"actions": self.actions, "notActions": self.not_actions}]})
        if last in self.deleted:
            return httpx.Response(200, json={"value": self.deleted[last]})
        kinds = [{"resourceType": kind, "locations": self.locations} for _, kind in preflight.REGIONAL]
        return httpx.Response(200, json={"registrationState": self.registered, "resourceTypes": kinds})

    def complaints(self, location: str = "westeurope") -> dict[str, str]:
        return wrong(list(preflight.check_subscription(self.rest(), PLACE, "prod", location)))


def test_a_ready_subscription_passes_the_preflight() -> None:
    assert StandInSubscription().complaints() == {}


def test_a_missing_group_is_told_with_the_command() -> None:
    azure = StandInSubscription()
    azure.group = False
    assert azure.complaints() == {"resource group rg-podatelna": "az group create -n rg-podatelna -l westeurope"}


def test_a_contributor_is_told_that_giving_roles_needs_more() -> None:
    azure = StandInSubscription()
    azure.not_actions = ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"]
    assert list(azure.complaints()) == ["you may Microsoft.Authorization/roleAssignments/write"]


def test_a_region_without_a_service_is_told_by_service() -> None:
    found = StandInSubscription().complaints("swedencentral")
    assert list(found) == [
        "Functions in swedencentral",
        "Document Intelligence in swedencentral",
        "Service Bus in swedencentral",
        "Event Grid in swedencentral",
    ]


def test_an_unregistered_provider_is_told_with_the_command() -> None:
    azure = StandInSubscription()
    azure.registered = "NotRegistered"
    assert azure.complaints()["provider Microsoft.ServiceBus"] == "az provider register -n Microsoft.ServiceBus --wait"


def test_names_that_deleted_resources_still_hold_are_told() -> None:
    azure = StandInSubscription()
    azure.deleted["deletedVaults"] = [{"name": "kv-prod-abc123"}, {"name": "kv-somebody-elses"}]
    azure.deleted["deletedAccounts"] = [{"name": "di-podatelna-prod-abc123", "location": "westeurope"}]
    assert list(azure.complaints().values()) == [
        "az keyvault recover -n kv-prod-abc123",
        "az cognitiveservices account purge -n di-podatelna-prod-abc123 -g rg-podatelna -l westeurope",
    ]

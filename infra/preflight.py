"""Before a deployment: what would make it fail, found in seconds instead of half an hour later.

uv run python -m infra.preflight dev
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console

from infra.findings import Finding, show
from infra.rest import Refused, Rest, RestError
from infra.sign_in import NotSignedIn, Place, read_place, resource_manager
from shared.departments import load_city
from shared.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = re.compile(r"[a-z][a-z0-9]{1,11}")
TEXT_PARAM = re.compile(r"^param (\w+) = '([^']*)'", re.MULTILINE)
EMAIL = re.compile(r"'([^'\s]+@[^'\s]+)'")
PLACEHOLDERS = (".example", "example.com")

# Resource types whose region matters, with the word people know them by.
REGIONAL = {
    ("Microsoft.Web", "sites"): "Functions",
    ("Microsoft.CognitiveServices", "accounts"): "Document Intelligence",
    ("Microsoft.ServiceBus", "namespaces"): "Service Bus",
    ("Microsoft.EventGrid", "systemTopics"): "Event Grid",
}
PROVIDERS = (
    "Microsoft.Web",
    "Microsoft.App",  # Flex Consumption's network integration
    "Microsoft.CognitiveServices",
    "Microsoft.ServiceBus",
    "Microsoft.EventGrid",
    "Microsoft.Storage",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.OperationalInsights",
    "Microsoft.Insights",
    "Microsoft.AlertsManagement",
    "Microsoft.Consumption",
)
# A deployment gives roles, which Contributor alone may not.
NEEDED_RIGHTS = ("Microsoft.Resources/deployments/write", "Microsoft.Authorization/roleAssignments/write")


def check_files(environment: str, root: Path = ROOT) -> Iterator[Finding]:
    """What can be said without Azure."""
    yield Finding(
        f"name of the environment: {environment}",
        bool(ENVIRONMENT.fullmatch(environment)),
        "take 2 to 12 lower-case letters and digits, a letter first: names of storage accounts allow no more",
    )
    path = root / "infra" / f"main.{environment}.bicepparam"
    if not path.is_file():
        yield Finding(f"parameters {path.name}", False, f"copy infra/main.dev.bicepparam to infra/{path.name}; edit it")
        return
    text = path.read_text(encoding="utf-8")
    named = dict(TEXT_PARAM.findall(text)).get("environmentName")
    yield Finding(
        f"parameters {path.name} are of environment {named}",
        named == environment,
        f"write `param environmentName = '{environment}'` into infra/{path.name}",
    )
    for email in EMAIL.findall(text):
        yield Finding(
            f"alerts go to {email}",
            not email.endswith(PLACEHOLDERS),
            f"write an address that somebody reads into alertEmails of infra/{path.name}",
        )
    try:
        city = load_city(root / "config" / "departments.yaml")
        yield Finding(f"config/departments.yaml: {len(city.departments)} departments, all fit for topic names", True)
    except ConfigurationError as error:
        for problem in error.problems:
            yield Finding("config/departments.yaml", False, problem)


def check_subscription(arm: Rest, place: Place, environment: str, location: str) -> Iterator[Finding]:
    """What Azure says: group, rights, providers, regions, and names that a deleted resource still holds."""
    group = arm.at("2021-04-01").find(place.path)
    yield Finding(f"resource group {place.group}", group is not None, f"az group create -n {place.group} -l {location}")
    if group is None:
        return
    yield from _rights(arm, place)
    for provider in PROVIDERS:
        yield from _provider(arm, place, provider, location)
    yield from _deleted(arm, place, environment)


def _rights(arm: Rest, place: Place) -> Iterator[Finding]:
    granted = list(arm.at("2022-04-01").pages(f"{place.path}/providers/Microsoft.Authorization/permissions"))
    for right in NEEDED_RIGHTS:
        yield Finding(
            f"you may {right}",
            any(_allows(item.get("actions", []), right) and not _allows(item.get("notActions", []), right)
                for item in granted),
            f"ask for Owner on {place.group}, or Contributor with Role Based Access Control Administrator",
        )  # fmt: skip


def _allows(patterns: list[str], right: str) -> bool:
    return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), right, re.IGNORECASE) for p in patterns)


def _provider(arm: Rest, place: Place, provider: str, location: str) -> Iterator[Finding]:
    said = arm.at("2021-04-01").get(f"/subscriptions/{place.subscription}/providers/{provider}")
    yield Finding(
        f"provider {provider}",
        said["registrationState"] == "Registered",
        f"az provider register -n {provider} --wait",
    )
    for kind in said.get("resourceTypes", []):
        service = REGIONAL.get((provider, kind["resourceType"]))
        if service:
            offered = {name.lower().replace(" ", "") for name in kind["locations"]}
            yield Finding(
                f"{service} in {location}",
                location in offered,
                "choose another `location` in the parameters: westeurope, northeurope or swedencentral have everything",
            )


def _deleted(arm: Rest, place: Place, environment: str) -> Iterator[Finding]:
    """A deleted vault or recognition account keeps its name for weeks, and the vault cannot be purged."""
    subscription = f"/subscriptions/{place.subscription}/providers"
    vaults = arm.at("2024-11-01").pages(f"{subscription}/Microsoft.KeyVault/deletedVaults")
    for name in (vault["name"] for vault in vaults):
        if name.startswith(f"kv-{environment}-"):
            yield Finding(f"deleted vault {name} still holds its name", False, f"az keyvault recover -n {name}")
    accounts = arm.at("2025-06-01").pages(f"{subscription}/Microsoft.CognitiveServices/deletedAccounts")
    for account in accounts:
        if account["name"].startswith(f"di-podatelna-{environment}-"):
            yield Finding(
                f"deleted recognition account {account['name']} still holds its name",
                False,
                f"az cognitiveservices account purge -n {account['name']} -g {place.group} -l {account['location']}",
            )


def read_location(environment: str, root: Path = ROOT) -> str:
    text = (root / "infra" / f"main.{environment}.bicepparam").read_text(encoding="utf-8")
    values: dict[str, str] = dict(TEXT_PARAM.findall(text))
    return values.get("location", "")


def main(environment: str, subscription: str = "", group: str = "", offline: bool = False) -> None:
    """Exit status 1 when the deployment would fail. `--offline` looks at the files only."""
    console = Console()
    good = show(check_files(environment), console)
    if good and not offline:
        try:
            place = read_place(subscription, group)
            arm = resource_manager()
            good = show(check_subscription(arm, place, environment, read_location(environment)), console)
        except (NotSignedIn, Refused, RestError) as error:
            good = show([Finding("Azure", False, str(error))], console)
    raise typer.Exit(0 if good else 1)


if __name__ == "__main__":
    typer.run(main)

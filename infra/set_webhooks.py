"""Puts the address of each department's Teams workflow into the Key Vault. Addresses are secrets: they are asked for,
never parameters, and never shown.

    uv run python -m infra.set_webhooks kv-prod-abc123                      # asks for those that are missing
    uv run python -m infra.set_webhooks kv-prod-abc123 --department majetok  # rotates one
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from getpass import getpass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import typer
from rich.console import Console

from infra.rest import Rest, RestError
from infra.sign_in import NotSignedIn, azure
from shared.adapters.teams import build_body
from shared.departments import City, Delivery, Department, load_city
from shared.errors import ConfigurationError

DEPARTMENTS = Path(__file__).resolve().parent.parent / "config" / "departments.yaml"
VAULT_VERSION = "7.4"
# Where "When a Teams webhook request is received" listens: on Logic Apps, for newer flows on Power Platform.
WORKFLOW_HOSTS = (".logic.azure.com", ".api.powerplatform.com")


def secret_name(department: Department) -> str:
    return f"teams-webhook-{department.id}"


def complaint(address: str) -> str:
    """Why this cannot be a workflow's address; empty when it can."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host.endswith("webhook.office.com"):
        return "this is an Office 365 connector, which Microsoft ended; make a workflow (docs/deployment.md)"
    if parts.scheme != "https" or not host.endswith(WORKFLOW_HOSTS):
        return "a workflow's address starts with https:// and lies below logic.azure.com or api.powerplatform.com"
    if "/triggers/manual/paths/invoke" not in parts.path or not parse_qs(parts.query).get("sig"):
        return "copy the whole address, up to the end of `sig=…`: without it Teams answers 401"
    return ""


def with_channel(city: City, only: str) -> list[Department]:
    found = [d for d in city.departments if Delivery.TEAMS in d.channels and (not only or d.id == only)]
    if not found:
        known = ", ".join(d.id for d in city.departments if Delivery.TEAMS in d.channels)
        raise ConfigurationError([f"department {only!r} has no Teams channel; those that have: {known}"])
    return found


def missing(vault: Rest, departments: Iterable[Department]) -> list[Department]:
    return [d for d in departments if vault.find(f"/secrets/{secret_name(d)}") is None]


def ask(department: Department, read: Callable[[str], str], say: Callable[[str], None]) -> str:
    """Asks until the address can be right; empty when the person leaves this one out."""
    while True:
        address = read(f"{department.name} ({department.id}), workflow address, Enter to leave out: ").strip()
        reason = complaint(address) if address else ""
        if not reason:
            return address
        say(reason)


def post_test_card(address: str, department: Department, http: httpx.Client) -> int:
    text = {"type": "TextBlock", "wrap": True, "text": f"Skúška spojenia: Podateľňa → {department.name}"}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [text]}
    headers = {"Content-Type": "application/json"}
    return http.post(address, content=build_body(card), headers=headers).status_code


def store(vault: Rest, department: Department, address: str) -> None:
    body = {"value": address, "contentType": "Teams workflow", "tags": {"department": department.id}}
    vault.put(f"/secrets/{secret_name(department)}", body)


def main(vault: str, department: str = "", test: bool = True, list_only: bool = False) -> None:
    """`--list-only` says which are missing; `--no-test` stores without posting a test card first."""
    console = Console()
    rest = Rest(f"https://{vault}.vault.azure.net", azure("https://vault.azure.net/.default"), VAULT_VERSION)
    try:
        chosen = with_channel(load_city(DEPARTMENTS), department)
        waiting = chosen if department and not list_only else missing(rest, chosen)
        if list_only:
            for item in waiting:
                console.print(f"missing: {item.id}")
            sys.exit(1 if waiting else 0)
        with httpx.Client(timeout=30) as http:
            for item in waiting:
                address = ask(item, getpass, console.print)
                if address and test and (status := post_test_card(address, item, http)) >= httpx.codes.BAD_REQUEST:
                    console.print(f"not stored: the workflow of {item.id} answers {status}")
                elif address:
                    store(rest, item, address)
                    console.print(f"stored {secret_name(item)}")
    except (NotSignedIn, RestError, ConfigurationError) as error:
        sys.exit(f"set_webhooks: {error}")
    console.print("The app reads new values within 24 hours; at once after `az functionapp restart`.")


if __name__ == "__main__":
    typer.run(main)

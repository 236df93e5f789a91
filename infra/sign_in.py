"""How the person who runs a script signs in: `az login`, `azd auth login`, or a workflow's federated identity."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.rest import ARM, GRAPH, Rest

# Microsoft's own public client "Microsoft Graph Command Line Tools". The Azure CLI's sign-in cannot be given rights on
# SharePoint sites, this one asks the administrator for exactly the rights named.
GRAPH_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"


class NotSignedIn(Exception):
    """Says how to sign in."""


@dataclass(frozen=True)
class Place:
    """The resource group an environment lives in."""

    subscription: str
    group: str

    @property
    def path(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"


def read_place(subscription: str | None, group: str | None) -> Place:
    """From the command line, else from the variables that azd and deploy.sh set."""
    subscription = subscription or os.environ.get("AZURE_SUBSCRIPTION_ID")
    group = group or os.environ.get("AZURE_RESOURCE_GROUP")
    if not subscription or not group:
        raise NotSignedIn(
            "which environment? Set AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP "
            "(`az account show --query id -o tsv` prints the first)"
        )
    return Place(subscription, group)


def azure(scope: str = f"{ARM}/.default") -> Callable[[], str]:
    """Tokens of the person or workflow signed in to Azure."""
    from azure.identity import DefaultAzureCredential

    return tokens_of(DefaultAzureCredential(exclude_managed_identity_credential=True), scope)


def administrator(tenant: str, *rights: str) -> Callable[[], str]:
    """Tokens for Graph with these delegated rights; opens the sign-in page, or prints a code where there is none."""
    from azure.identity import ChainedTokenCredential, DeviceCodeCredential, InteractiveBrowserCredential

    credential = ChainedTokenCredential(
        InteractiveBrowserCredential(client_id=GRAPH_TOOLS, tenant_id=tenant),
        DeviceCodeCredential(client_id=GRAPH_TOOLS, tenant_id=tenant),
    )
    return tokens_of(credential, *(f"https://graph.microsoft.com/{right}" for right in rights))


def tokens_of(credential: Any, *scopes: str) -> Callable[[], str]:
    from azure.core.exceptions import ClientAuthenticationError

    def token() -> str:
        try:
            return str(credential.get_token(*scopes).token)
        except ClientAuthenticationError as error:
            raise NotSignedIn("not signed in: run `az login` (and `az account set -s …`), then this again") from error

    return token


def resource_manager(token: Callable[[], str] | None = None) -> Rest:
    return Rest(ARM, token or azure())


def graph(token: Callable[[], str]) -> Rest:
    return Rest(GRAPH, token)

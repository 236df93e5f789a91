"""Makes the review desk's sign-in: an app registration without a secret, open only to the people assigned to it.

    uv run python -m infra.register_desk --tenant … --environment prod --principal-id … \
        --desk https://func-podatelna-prod-….azurewebsites.net/api/desk --clerks GROUP-OBJECT-ID

Prints the client id for PODATELNA_DESK_CLIENT_ID; deploy again afterwards. Every step may be repeated.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

import typer

from infra.rest import Rest, RestError
from infra.sign_in import NotSignedIn, administrator, graph

RIGHTS = ("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
EVERYBODY_ASSIGNED = "00000000-0000-0000-0000-000000000000"  # the default role of an application without roles


def application_body(environment: str, desk: str) -> dict[str, Any]:
    host = urlsplit(desk).hostname
    return {
        "displayName": f"Podateľňa ({environment})",
        "signInAudience": "AzureADMyOrg",
        "web": {
            "redirectUris": [f"https://{host}/.auth/login/aad/callback"],
            "implicitGrantSettings": {"enableIdTokenIssuance": True},
        },
    }


def federation_body(tenant: str, principal_id: str) -> dict[str, Any]:
    """The functions' identity vouches for the registration, in place of a secret that somebody would have to renew."""
    return {
        "name": "functions",
        "issuer": f"https://login.microsoftonline.com/{tenant}/v2.0",
        "subject": principal_id,
        "audiences": ["api://AzureADTokenExchange"],
    }


def register(graph: Rest, tenant: str, environment: str, principal_id: str, desk: str, clerks: str) -> str:
    """Returns the client id."""
    body = application_body(environment, desk)
    found = next(graph.pages("/applications", **{"$filter": f"displayName eq '{body['displayName']}'"}), None)
    application = found or graph.post("/applications", body)
    if found:
        graph.patch(f"/applications/{found['id']}", body)
    credentials = f"/applications/{application['id']}/federatedIdentityCredentials"
    wanted = federation_body(tenant, principal_id)
    present = next((c for c in graph.pages(credentials) if c["name"] == wanted["name"]), None)
    if present is None:
        graph.post(credentials, wanted)
    elif present["subject"] != principal_id:
        graph.patch(f"{credentials}/{present['id']}", {"subject": principal_id})
    client_id = str(application["appId"])
    principal = graph.find(f"/servicePrincipals(appId='{client_id}')")
    if principal is None:
        principal = graph.post("/servicePrincipals", {"appId": client_id})
    graph.patch(f"/servicePrincipals/{principal['id']}", {"appRoleAssignmentRequired": True})
    assigned = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    if all(item["principalId"] != clerks for item in graph.pages(assigned)):
        role = {"principalId": clerks, "resourceId": principal["id"], "appRoleId": EVERYBODY_ASSIGNED}
        graph.post(assigned, role)
    return client_id


def main(tenant: str, environment: str, principal_id: str, desk: str, clerks: str) -> None:
    try:
        client_id = register(graph(administrator(tenant, *RIGHTS)), tenant, environment, principal_id, desk, clerks)
    except (NotSignedIn, RestError) as error:
        sys.exit(f"register_desk: {error}")
    sys.stdout.write(f"PODATELNA_DESK_CLIENT_ID={client_id}\n")


if __name__ == "__main__":
    typer.run(main)

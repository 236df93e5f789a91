"""What Microsoft 365 lacks for the functions' identity to deliver, as a plan of single steps.

The identity gets `Sites.Selected`, which by itself opens nothing, and `write` on each department's site. It gets no
mail permission in Entra ID, which would let it send as anybody: Exchange gives it one mailbox (`exchange_commands`).
https://learn.microsoft.com/graph/permissions-selected-overview
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from infra.rest import Rest
from shared.columns import DEFINITIONS
from shared.departments import City, Delivery, Department

GRAPH_APP = "00000003-0000-0000-c000-000000000000"  # Microsoft Graph's own application id, the same in every tenant
SITES_SELECTED = "Sites.Selected"
TOO_WIDE = frozenset(
    {"Mail.ReadWrite", "Mail.Send", "Sites.ReadWrite.All", "Sites.FullControl.All", "Sites.Manage.All"}
)
WRITING = frozenset({"write", "manage", "fullcontrol", "owner"})


@dataclass(frozen=True)
class Action:
    """One missing thing. `apply` is None where only a person can do it, and `what` says how."""

    what: str
    apply: Callable[[], object] | None = None


@dataclass(frozen=True)
class Identity:
    """The functions' identity in Entra ID."""

    client_id: str
    name: str


def plan(graph: Rest, city: City, identity: Identity) -> Iterator[Action]:
    """Everything that is missing, in the order in which to mend it."""
    yield from plan_permissions(graph, identity)
    sites: dict[str, Any] = {}
    for path in dict.fromkeys(department.site for department in city.departments):
        sites[path] = graph.find(f"/sites/{city.city.sharepoint_host}:{path}")
        if sites[path] is None:
            host = city.city.sharepoint_host
            yield Action(f"site {path} does not exist on {host}; create it, or mend config/departments.yaml")
        else:
            yield from plan_site(graph, path, sites[path]["id"], identity)
    done: set[tuple[str, str]] = set()
    for department in city.departments:
        place = (department.site, department.library)
        if sites[department.site] is not None and place not in done:
            done.add(place)
            yield from plan_library(graph, department, sites[department.site]["id"])


def plan_permissions(graph: Rest, identity: Identity) -> Iterator[Action]:
    principal = graph.find(f"/servicePrincipals(appId='{identity.client_id}')")
    if principal is None:
        yield Action(f"identity {identity.name} is not in this tenant; sign in to the tenant of the subscription")
        return
    service = graph.get(f"/servicePrincipals(appId='{GRAPH_APP}')")
    names = {role["id"]: role["value"] for role in service["appRoles"]}
    assigned = f"/servicePrincipals/{principal['id']}/appRoleAssignments"
    held = {names.get(item["appRoleId"], ""): item["id"] for item in graph.pages(assigned)}
    if SITES_SELECTED not in held:
        (role,) = (key for key, value in names.items() if value == SITES_SELECTED)
        body = {"principalId": principal["id"], "resourceId": service["id"], "appRoleId": role}
        yield Action(f"give {identity.name} {SITES_SELECTED}", partial(graph.post, assigned, body))
    for name in sorted(TOO_WIDE & held.keys()):
        yield Action(
            f"take {name} from {identity.name}: it reaches the whole organisation",
            partial(graph.delete, f"{assigned}/{held[name]}"),
        )


def plan_site(graph: Rest, path: str, site_id: str, identity: Identity) -> Iterator[Action]:
    address = f"/sites/{site_id}/permissions"
    for permission in graph.pages(address):
        holders = permission.get("grantedToIdentitiesV2") or permission.get("grantedToIdentities") or []
        if any(holder.get("application", {}).get("id") == identity.client_id for holder in holders):
            # The list leaves the roles out; the single permission has them.
            roles = permission.get("roles") or graph.get(f"{address}/{permission['id']}")["roles"]
            if not WRITING & set(roles):
                change = partial(graph.patch, f"{address}/{permission['id']}", {"roles": ["write"]})
                yield Action(f"raise {identity.name} from {', '.join(roles)} to write on {path}", change)
            return
    application = {"id": identity.client_id, "displayName": identity.name}
    body = {"roles": ["write"], "grantedToIdentities": [{"application": application}]}
    yield Action(f"give {identity.name} write on {path}", partial(graph.post, address, body))


def plan_library(graph: Rest, department: Department, site_id: str) -> Iterator[Action]:
    where = f"library “{department.library}” of {department.site}"
    wanted = unicodedata.normalize("NFC", department.library)
    lists = graph.pages(f"/sites/{site_id}/lists")
    found = next((x for x in lists if unicodedata.normalize("NFC", x["displayName"]) == wanted), None)
    if found is None:
        columns = [definition.as_graph() for definition in DEFINITIONS]
        body = {"displayName": department.library, "columns": columns, "list": {"template": "documentLibrary"}}
        yield Action(f"make the {where} with its columns", partial(graph.post, f"/sites/{site_id}/lists", body))
        return
    address = f"/sites/{site_id}/lists/{found['id']}/columns"
    present = {column["name"] for column in graph.pages(address)}
    for definition in DEFINITIONS:
        if definition.name.value not in present:
            make = partial(graph.post, address, definition.as_graph())
            yield Action(f"add column {definition.name.value} “{definition.display_name}” to the {where}", make)


def exchange_commands(city: City, identity: Identity, principal_id: str) -> list[str]:
    """Exchange Online PowerShell that lets the identity send as the one mailbox and no other.

    https://learn.microsoft.com/exchange/permissions-exo/application-rbac
    """
    if not any(Delivery.EMAIL in department.channels for department in city.departments):
        return []
    mailbox = city.city.mailbox
    scope = "-CustomResourceScope 'Podatelna'"
    return [
        "Connect-ExchangeOnline",
        f"New-ServicePrincipal -AppId {identity.client_id} -ObjectId {principal_id} -DisplayName '{identity.name}'",
        f"New-ManagementScope -Name 'Podatelna' -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{mailbox}'\"",
        f"New-ManagementRoleAssignment -App {principal_id} -Role 'Application Mail.Send' {scope}",
        # A letter is drafted and looked for before it is sent, so that it goes out once (shared/adapters/mail.py).
        f"New-ManagementRoleAssignment -App {principal_id} -Role 'Application Mail.ReadWrite' {scope}",
        f"Test-ServicePrincipalAuthorization -Identity {principal_id} -Resource '{mailbox}'   # InScope must be True",
    ]

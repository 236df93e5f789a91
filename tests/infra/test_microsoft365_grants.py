"""What Microsoft 365 lacks is found, shown, and mended only when asked to."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from infra.grant_microsoft365 import carry_out
from infra.microsoft365 import Identity, exchange_commands, plan
from infra.register_desk import application_body, federation_body
from tests.infra.azure import CITY
from tests.infra.graph import StandInGraph

IDENTITY = Identity("client", "id-podatelna-prod")


def quiet() -> Console:
    return Console(quiet=True)


def plan_of(graph: StandInGraph, identity: Identity = IDENTITY) -> list[str]:
    return [action.what for action in plan(graph.rest(), CITY, identity)]


def test_a_dry_run_changes_nothing_in_the_tenant() -> None:
    graph = StandInGraph(CITY)
    left = carry_out(plan(graph.rest(), CITY, IDENTITY), apply=False, console=quiet())
    assert (graph.writes, left) == ([], len(plan_of(graph)))


def test_applying_leaves_nothing_missing_and_a_second_time_nothing_to_do() -> None:
    graph = StandInGraph(CITY)
    assert carry_out(plan(graph.rest(), CITY, IDENTITY), apply=True, console=quiet()) == 0
    assert plan_of(graph) == []
    assert all(p[0]["roles"] == ["write"] for p in graph.permissions.values())
    assert graph.columns.keys() == graph.library_names


def test_a_permission_that_reaches_the_whole_organisation_is_taken_away() -> None:
    graph = StandInGraph(CITY)
    graph.grant_all("client")
    graph.assigned["assignment-2"] = "role-mail"
    (action,) = plan(graph.rest(), CITY, IDENTITY)
    assert action.what.startswith("take Mail.Send from id-podatelna-prod")
    assert action.apply
    action.apply()
    assert graph.assigned == {"assignment-1": "role-sites"}


def test_a_site_that_may_only_be_read_is_raised_to_write() -> None:
    graph = StandInGraph(CITY)
    graph.grant_all("client")
    graph.permissions["/sites/skolstvo"][0]["roles"] = ["read"]
    assert plan_of(graph) == ["raise id-podatelna-prod from read to write on /sites/skolstvo"]


def test_a_site_that_does_not_exist_is_for_a_person_and_the_others_go_on() -> None:
    graph = StandInGraph(CITY)
    graph.sites.remove("/sites/skolstvo")
    left = carry_out(plan(graph.rest(), CITY, IDENTITY), apply=True, console=quiet())
    assert left == 1
    (what,) = plan_of(graph)
    assert what.startswith(f"site /sites/skolstvo does not exist on {CITY.city.sharepoint_host}; create it")


def test_a_throttled_tenant_is_waited_for() -> None:
    graph = StandInGraph(CITY)
    graph.grant_all("client")
    graph.throttled = 3
    assert plan_of(graph) == []


def test_an_identity_of_another_tenant_is_told() -> None:
    assert plan_of(StandInGraph(CITY), Identity("stranger", "id-x"))[0].startswith(
        "identity id-x is not in this tenant"
    )


def test_mail_is_limited_to_the_citys_mailbox() -> None:
    commands = "\n".join(exchange_commands(CITY, IDENTITY, "principal"))
    assert f"PrimarySmtpAddress -eq '{CITY.city.mailbox}'" in commands
    for role in ("Mail.Send", "Mail.ReadWrite"):
        assert f"-Role 'Application {role}' -CustomResourceScope 'Podatelna'" in commands


def test_the_desk_signs_in_without_a_secret() -> None:
    body: dict[str, Any] = application_body("prod", "https://func.azurewebsites.net/api/desk")
    assert body["web"]["redirectUris"] == ["https://func.azurewebsites.net/.auth/login/aad/callback"]
    assert body["signInAudience"] == "AzureADMyOrg"
    assert federation_body("tenant", "principal")["subject"] == "principal"
    assert "passwordCredentials" not in body

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import azure.functions as func
import pytest

from cli.doctor_azure import check_azure, check_microsoft365, expected_functions
from functions.classification import classification_blueprint
from functions.delivery import delivery_blueprint
from functions.intake import intake_blueprint
from functions.maintenance import maintenance_blueprint
from functions.recognition import recognition_blueprint
from infra.findings import Finding
from infra.rest import RestError
from tests.infra.azure import CITY, StandInAzure
from tests.infra.graph import StandInGraph

BLUEPRINTS = (
    intake_blueprint,
    recognition_blueprint,
    classification_blueprint,
    delivery_blueprint,
    maintenance_blueprint,
)


def findings(azure: StandInAzure) -> list[Finding]:
    return list(check_azure(azure.deployed(), CITY))


def complaints(azure: StandInAzure) -> dict[str, str]:
    return {finding.what: finding.advice for finding in findings(azure) if not finding.good}


@pytest.fixture
def azure() -> StandInAzure:
    return StandInAzure()


def test_what_bicep_deploys_is_what_the_doctor_wants(azure: StandInAzure) -> None:
    assert complaints(azure) == {}
    assert len(findings(azure)) > 20


def test_the_doctor_changes_nothing(azure: StandInAzure) -> None:
    findings(azure)
    reading = ("/config/appsettings/list", "/host/default/listkeys", "/getfullurl")
    assert all(call.startswith("GET ") or call.endswith(reading) for call in azure.asked)


def test_no_key_and_no_address_with_a_key_is_shown(azure: StandInAzure) -> None:
    azure.keys["blobs_extension"] = "unmistakable"
    azure.find("/eventsubscriptions/scans")["properties"]["destination"]["properties"]["endpointUrl"] += "unmistakable"
    assert not any("unmistakable" in f.what + f.advice for f in findings(azure))


def test_an_empty_group_is_one_complaint(azure: StandInAzure) -> None:
    azure.resources.clear()
    ((what, advice),) = complaints(azure).items()
    assert what.startswith("resources of rg-podatelna: no app, serviceBus")
    assert "deploy again" in advice


def test_a_missing_setting_is_named_in_the_products_own_words(azure: StandInAzure) -> None:
    del azure.settings["DOCUMENT_INTELLIGENCE_ENDPOINT"]
    assert [what for what in complaints(azure) if "DOCUMENT_INTELLIGENCE_ENDPOINT" in what]


def test_a_department_without_its_webhook_is_told_with_the_command(azure: StandInAzure) -> None:
    azure.secrets.remove("teams-webhook-majetok")
    found = complaints(azure)
    assert list(found) == ["TEAMS_WEBHOOK_MAJETOK: SecretNotFound"]
    assert "set_webhooks" in found["TEAMS_WEBHOOK_MAJETOK: SecretNotFound"]
    assert "--department majetok" in found["TEAMS_WEBHOOK_MAJETOK: SecretNotFound"]


def test_a_function_that_was_not_deployed_is_named(azure: StandInAzure) -> None:
    azure.functions.remove("deliver_teams_skolstvo")
    assert list(complaints(azure)) == ["function deliver_teams_skolstvo is not deployed"]


def test_a_missing_system_key_is_told(azure: StandInAzure) -> None:
    azure.keys.clear()
    assert list(complaints(azure)) == ["system key blobs_extension"]


def test_a_missing_rule_is_named_with_what_it_should_match(azure: StandInAzure) -> None:
    azure.remove("/topics/dept-majetok/subscriptions/teams/rules/target")
    assert list(complaints(azure)) == ["missing: rule dept-majetok/teams/target: target = teams"]


def test_a_catch_all_rule_left_behind_is_told_with_the_command_that_removes_it(azure: StandInAzure) -> None:
    rule = azure.find("/topics/dept-majetok/subscriptions/teams/rules/target")
    left = {"name": "$Default", "type": rule["type"], "properties": {"filterType": "SqlFilter"}}
    azure.resources[rule["id"].lower().replace("/target", "/$default")] = left
    found = complaints(azure)
    assert list(found) == ["not expected: rule dept-majetok/teams/$Default: everything"]
    assert "rule delete" in next(iter(found.values()))


def test_a_topic_of_a_department_that_is_gone_is_left_for_a_person(azure: StandInAzure) -> None:
    topic = azure.find("/topics/dept-majetok")
    azure.resources[topic["id"].lower().replace("majetok", "zrusene")] = {**topic, "name": "dept-zrusene"}
    found = complaints(azure)
    assert list(found) == ["not expected: topic dept-zrusene"]
    assert "if nothing waits" in next(iter(found.values()))


def test_an_event_subscription_that_names_a_wrong_function_is_told(azure: StandInAzure) -> None:
    destination = azure.find("/eventsubscriptions/scans")["properties"]["destination"]["properties"]
    destination["endpointUrl"] = destination["endpointUrl"].replace("take_in_scan", "take_in_scans")
    assert list(complaints(azure)) == ["events call Host.Functions.take_in_scans"]


def test_no_event_subscription_is_told(azure: StandInAzure) -> None:
    azure.remove("/eventsubscriptions/scans")
    assert list(complaints(azure)) == ["0 event subscription(s) on scans"]


def test_the_free_tier_is_refused(azure: StandInAzure) -> None:
    next(r for r in azure.resources.values() if r.get("kind") == "FormRecognizer")["sku"]["name"] = "F0"
    found = complaints(azure)
    assert list(found) == ["Document Intelligence tier F0"]
    assert "two pages" in found["Document Intelligence tier F0"]


def test_a_role_that_was_taken_away_is_named_with_its_place(azure: StandInAzure) -> None:
    why = "The Document Intelligence adapter has pages read."
    (role,) = [key for key, r in azure.resources.items() if r["properties"].get("description") == why]
    del azure.resources[role]
    assert list(complaints(azure)) == ["role missing: Cognitive Services User on recognition"]


def test_shared_keys_turned_on_are_told(azure: StandInAzure) -> None:
    account = next(r for r in azure.resources.values() if r.get("tags", {}).get("part") == "documents")
    account["properties"]["allowSharedKeyAccess"] = True
    (what,) = complaints(azure)
    assert "takes no keys" in what


def test_a_check_the_person_may_not_make_is_told_and_the_others_go_on(azure: StandInAzure) -> None:
    azure.forbidden.add("/host/default/listkeys")
    azure.find("/topics/dept-majetok/subscriptions/teams/rules/target")["properties"]["correlationFilter"] = {}
    what = list(complaints(azure))
    assert "functions: not allowed to look (AuthorizationFailed)" in what
    assert "not expected: rule dept-majetok/teams/target: everything" in what


def test_microsoft_365_is_good_once_everything_was_granted(azure: StandInAzure) -> None:
    graph = StandInGraph(CITY)
    graph.grant_all(azure.settings["AZURE_CLIENT_ID"])
    (finding,) = check_microsoft365(graph.rest(), azure.deployed(), CITY)
    assert finding.good


def test_what_microsoft_365_lacks_is_told_one_by_one(azure: StandInAzure) -> None:
    graph = StandInGraph(CITY)
    graph.grant_all(azure.settings["AZURE_CLIENT_ID"])
    graph.columns["/sites/skolstvo", "Podateľňa"].remove("PodatelnaKind")
    (finding,) = check_microsoft365(graph.rest(), azure.deployed(), CITY)
    assert "add column PodatelnaKind" in finding.what
    assert "grant_microsoft365" in finding.advice


def test_an_error_of_azure_names_the_call_and_its_code(azure: StandInAzure) -> None:
    with pytest.raises(RestError, match=r"POST https://management.azure.com/x: 404 NotFound"):
        azure.rest().at("2024-04-01").post("/x")


def test_the_functions_the_doctor_wants_are_those_of_the_app() -> None:
    app = func.FunctionApp()
    mailroom: Any = SimpleNamespace(city=CITY)
    for blueprint in BLUEPRINTS:
        app.register_functions(blueprint(mailroom))
    assert {function.get_function_name() for function in app.get_functions()} == set(expected_functions(CITY))

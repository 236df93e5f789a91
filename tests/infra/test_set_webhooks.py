from __future__ import annotations

import httpx
import pytest

from infra import set_webhooks
from infra.rest import Rest
from shared.errors import ConfigurationError
from tests.infra.azure import CITY, StandInAzure

WORKFLOW = "https://prod-1.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?api-version=1&sig=abc"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (WORKFLOW, ""),
        (WORKFLOW.replace("prod-1.westeurope.logic.azure.com", "x.10.environment.api.powerplatform.com"), ""),
        ("https://city.webhook.office.com/webhookb2/x", "Office 365 connector"),
        ("http" + WORKFLOW.removeprefix("https"), "starts with https://"),
        ("https://logic.azure.com.evil.example/triggers/manual/paths/invoke?sig=a", "below logic.azure.com"),
        (WORKFLOW.partition("&sig")[0], "copy the whole address"),
        ("majetok", "starts with https://"),
    ],
)
def test_an_address_that_is_no_workflow_is_refused_with_a_reason(address: str, said: str) -> None:
    complaint = set_webhooks.complaint(address)
    assert said in complaint
    assert bool(complaint) == bool(said)


def test_a_wrong_address_is_asked_for_again_and_not_echoed() -> None:
    answers, said = iter(["https://wrong.example/?sig=secret", WORKFLOW]), list[str]()
    assert set_webhooks.ask(CITY.mailroom, lambda prompt: next(answers), said.append) == WORKFLOW
    assert len(said) == 1
    assert "secret" not in said[0]


def test_only_missing_webhooks_are_asked_for() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404 if request.url.path.endswith("majetok") else 200, json={})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    vault = Rest("https://kv.vault.azure.net", lambda: "token", "7.4", client)
    departments = set_webhooks.with_channel(CITY, "")
    assert [department.id for department in set_webhooks.missing(vault, departments)] == ["majetok"]


def test_a_department_without_a_channel_has_no_webhook() -> None:
    with pytest.raises(ConfigurationError, match="has no Teams channel; those that have: stavebny-urad"):
        set_webhooks.with_channel(CITY, "danovy-urad")


def test_secrets_have_the_names_that_the_settings_refer_to() -> None:
    named = {set_webhooks.secret_name(department) for department in set_webhooks.with_channel(CITY, "")}
    assert named == StandInAzure().secrets

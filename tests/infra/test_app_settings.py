"""Every setting the code reads is set by Bicep, and every setting that Bicep sets is read."""

from __future__ import annotations

import re

import pytest
from pydantic_core import PydanticUndefined

from shared.departments import load_city
from shared.settings import Settings, read_settings, webhook_setting
from tests.infra.bicep import INFRA, deploy, parameters

# Read by the code and not set in Azure, each for a reason.
NOT_IN_AZURE = {
    "STORAGE": "a laptop's connection string; in Azure the identity signs in to STORAGE__…",
    "SERVICEBUS": "a laptop's connection string; in Azure the identity signs in to SERVICEBUS__…",
    "DOCUMENT_INTELLIGENCE_KEY": "local sign-in is off; the identity signs in",
    "TESSDATA": "only the other OCR engine needs it",
    "GRAPH_TOKEN": "only the Microsoft 365 stand-in takes a fixed token",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "in Azure the host exports, to Application Insights",
    "CONFIG_DIR": "the files are deployed beside the code",
    "PDF_PASSWORDS": "a secret that few cities need; set by hand as a Key Vault reference (docs/security.md)",
}
# Set and not read by our code: by whom instead.
READ_BY_OTHERS = re.compile(
    r"AzureWebJobsStorage__\w+"  # the Functions host
    r"|AzureFunctionsJobHost__\w+"  # the host, in place of host.json
    r"|AZURE_TRACING_ENABLED|OTEL_PYTHON_DISABLED_INSTRUMENTATIONS|OTEL_TRACES_SAMPLER(_ARG)?"  # the exporter
    r"|APPLICATIONINSIGHTS_\w+|PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY"  # the host's and the worker's telemetry
    r"|(STORAGE|SERVICEBUS)__(credential|clientId)"  # the triggers' connections
    r"|OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"  # the sign-in in front of the desk
)
CITY = load_city(INFRA.parent / "config" / "departments.yaml")


def settings_of(environment: dict[str, str] | None = None) -> dict[str, str]:
    deployment = deploy(INFRA / "main.bicep", parameters(INFRA / "main.prod.bicepparam", environment))
    found: dict[str, str] = deployment.one("Microsoft.Web/sites/config", "appsettings").body["properties"]
    return found


def read_by_the_code() -> set[str]:
    names = {field.alias for field in Settings.model_fields.values() if field.alias}
    return names | {webhook_setting(d.id) for d in CITY.departments if "teams" in d.channels}


def test_every_setting_the_code_reads_is_set() -> None:
    assert read_by_the_code() - settings_of().keys() == NOT_IN_AZURE.keys()


def test_every_setting_that_is_set_is_read() -> None:
    unread = settings_of({"PODATELNA_DESK_CLIENT_ID": "desk"}).keys() - read_by_the_code()
    assert [name for name in unread if not READ_BY_OTHERS.fullmatch(name)] == []


def test_the_code_starts_on_what_bicep_sets() -> None:
    settings = read_settings(CITY, settings_of())
    assert str(settings.service_bus_namespace).endswith(".servicebus.windows.net")
    assert settings.desk_url.startswith("https://")


WITH_DEFAULT = {
    field.alias: name
    for name, field in Settings.model_fields.items()
    if field.alias and field.alias not in NOT_IN_AZURE and field.default not in (None, PydanticUndefined)
}


@pytest.mark.parametrize("alias", WITH_DEFAULT)
def test_a_default_in_the_code_is_the_value_in_azure(alias: str) -> None:
    default = Settings.model_fields[WITH_DEFAULT[alias]].default
    assert getattr(read_settings(CITY, settings_of()), WITH_DEFAULT[alias]) == default


def test_no_setting_holds_a_secret() -> None:
    for name, value in settings_of({"PODATELNA_DESK_CLIENT_ID": "desk"}).items():
        assert not re.search(r"AccountKey|SharedAccessKey|sig=|[?&]code=|listKeys", value), name
        assert "KEY" not in name
        assert name.startswith("TEAMS_WEBHOOK_") == value.startswith("@Microsoft.KeyVault("), name


def test_calls_at_once_stay_below_the_quota_of_document_intelligence() -> None:
    """15 analyses a second; a document under way sends one and then polls every two seconds, so it takes three."""
    deployment = deploy(INFRA / "main.bicep", parameters(INFRA / "main.prod.bicepparam"))
    site = deployment.one("Microsoft.Web/sites").body["properties"]["functionAppConfig"]
    instances = site["scaleAndConcurrency"]["maximumInstanceCount"]
    calls = int(settings_of()["AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls"])
    assert instances * calls / 3 < 15

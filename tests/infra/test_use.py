from __future__ import annotations

import shlex

from infra.use import exports
from shared.settings import read_settings
from tests.infra.azure import CITY, StandInAzure


def test_the_command_line_starts_on_what_is_printed() -> None:
    azure = StandInAzure()
    lines = [shlex.split(line)[1].partition("=") for line in exports(azure.settings)]
    settings = read_settings(CITY, {name: value for name, _, value in lines})
    assert settings.service_bus_namespace == azure.settings["SERVICEBUS__fullyQualifiedNamespace"]


def test_a_person_signs_in_as_themselves_and_not_as_the_functions() -> None:
    lines = list(exports(StandInAzure().settings))
    assert not any("client" in line.lower() or "AzureWebJobs" in line for line in lines)

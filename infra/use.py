"""Prints the settings of a deployed environment for a shell, so that `podatelna status` and the others work on it.

    eval "$(uv run python -m infra.use --environment prod)"

No secret among them: addresses of Teams workflows stay references to the Key Vault.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping

import typer

from infra.deployed import Deployed
from infra.rest import RestError
from infra.sign_in import NotSignedIn, read_place, resource_manager

# The host's own, and the identity of the functions: a person signs in as themselves.
NOT_FOR_PEOPLE = ("AzureWebJobsStorage", "AzureFunctionsJobHost", "APPLICATIONINSIGHTS", "PYTHON_", "OVERRIDE_")
OF_THE_IDENTITY = ("AZURE_CLIENT_ID", "__credential", "__clientId")


def exports(settings: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(settings.items()):
        if not name.startswith(NOT_FOR_PEOPLE) and not name.endswith(OF_THE_IDENTITY):
            yield f"export {name}={shlex.quote(value)}"


def main(environment: str = "", subscription: str = "", group: str = "") -> None:
    try:
        deployed = Deployed(resource_manager(), read_place(subscription, group), environment)
        if "app" not in deployed.ids:
            sys.exit(f"use: no environment {environment!r} in {deployed.place.group}")
        sys.stdout.writelines(f"{line}\n" for line in exports(deployed.settings))
    except (NotSignedIn, RestError) as error:
        sys.exit(f"use: {error}")


if __name__ == "__main__":
    typer.run(main)

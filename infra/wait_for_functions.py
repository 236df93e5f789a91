"""Between the two phases of a deployment: waits until the blob trigger is there and its extension made its key.

uv run python -m infra.wait_for_functions func-podatelna-dev-abc123
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import typer

from infra.rest import Rest, RestError
from infra.sign_in import NotSignedIn, Place, read_place, resource_manager

BLOB_FUNCTION = "take_in_scan"
SYSTEM_KEY = "blobs_extension"
WEB_VERSION = "2024-04-01"


def functions_of(arm: Rest, place: Place, app: str) -> set[str]:
    """The functions the host found in the deployed code."""
    path = f"{place.path}/providers/Microsoft.Web/sites/{app}/functions"
    return {item["name"].rsplit("/", 1)[-1] for item in arm.at(WEB_VERSION).pages(path)}


def system_keys_of(arm: Rest, place: Place, app: str) -> set[str]:
    """Names only; the keys themselves are not kept."""
    path = f"{place.path}/providers/Microsoft.Web/sites/{app}/host/default/listkeys"
    return set(arm.at(WEB_VERSION).post(path).get("systemKeys") or {})


def what_is_missing(arm: Rest, place: Place, app: str) -> str:
    """Empty when both are there. A host that is still starting answers with an error, which is a way of missing."""
    try:
        functions = functions_of(arm, place, app)
        if BLOB_FUNCTION not in functions:
            return f"function {BLOB_FUNCTION} (the host shows {len(functions)} functions)"
        return "" if SYSTEM_KEY in system_keys_of(arm, place, app) else f"system key {SYSTEM_KEY}"
    except RestError as error:
        if error.status in (401, 403, 404):
            raise
        return f"the host ({error.status})"


def wait(
    arm: Rest, place: Place, app: str, minutes: float, clock: Callable[[], float], sleep: Callable[[float], None]
) -> str:
    """What is still missing after `minutes`; empty when all came."""
    end = clock() + minutes * 60
    while (missing := what_is_missing(arm, place, app)) and clock() < end:
        sleep(10)
    return missing


def main(app: str, subscription: str = "", group: str = "", minutes: float = 15) -> None:
    try:
        missing = wait(resource_manager(), read_place(subscription, group), app, minutes, time.monotonic, time.sleep)
    except (NotSignedIn, RestError) as error:
        sys.exit(f"wait_for_functions: {error}")
    if missing:
        sys.exit(
            f"wait_for_functions: {missing} is missing after {minutes:g} minutes. Look at the log stream of {app}: "
            "a setting that the code misses stops every function (`podatelna doctor --azure` names it)."
        )


if __name__ == "__main__":
    typer.run(main)

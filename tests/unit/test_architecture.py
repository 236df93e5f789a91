"""Imports point one way, and only the named places do what they alone may do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What several adapters of Microsoft Graph stand on; vendor transport, not a service of its own.
TRANSPORTS = {"shared.adapters.graph", "shared.adapters.upload_session"}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, also within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    ]


def test_shared_imports_nothing_from_above_it() -> None:
    assert offenders(modules("shared"), "functions", "local", "cli", "tests", "training", "samples", "bench") == []


def test_functions_call_the_mailroom_and_know_no_adapter_or_sdk() -> None:
    sdks = ("shared.adapters", "azure.storage", "azure.servicebus", "azure.data", "azure.identity", "msgraph", "httpx")
    assert offenders(modules("functions"), "local", "cli", "tests", *sdks) == []


def test_only_the_composition_root_imports_adapters() -> None:
    outside = [path for path in modules("shared") if path.parent.name != "adapters" and path.name != "bootstrap.py"]
    assert offenders(outside, "shared.adapters") == []


def test_adapters_do_not_import_each_other() -> None:
    found = offenders(modules("shared/adapters"), "shared.adapters")
    assert [one for one in found if one.split(" imports ")[1] not in TRANSPORTS] == []


@pytest.mark.parametrize("folder", ["shared", "functions"])
def test_only_settings_and_the_composition_root_know_the_environment(folder: str) -> None:
    readers = {
        path.name
        for path in modules(folder)
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "getenv", "import environ"))
    }
    assert readers <= {"settings.py", "bootstrap.py"}


def test_a_function_body_decodes_and_makes_one_call_in_ten_lines() -> None:
    long = []
    for path in modules("functions"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.body[0].lineno + 1 > 10:
                long.append(f"{path.name}:{node.name}")
            assert not isinstance(node, ast.Try), f"{path.name} has a try: policy belongs into shared/"
    assert long == []

"""The app indexes as in Azure: every trigger there, one function a department and channel, on 3.11 and on 3.13."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from functions.delivery import function_name
from shared.departments import City, load_city
from tests.app_settings import complete_settings

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
TRIGGERS = {
    "take_in_scan": "blobTrigger",
    "record_poisoned_scan": "queueTrigger",
    "recognize_document": "serviceBusTrigger",
    "classify_document": "serviceBusTrigger",
}
NO_DOWNLOADS = {"UV_PYTHON_DOWNLOADS": "never"}
LIST = """
import json, function_app
json.dump({f.get_function_name(): f.get_trigger().get_dict_repr() for f in function_app.app.get_functions()},
          __import__("sys").stdout, default=str)
"""


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(ROOT / "config" / "departments.yaml")


def run(command: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | settings
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def indexed(city: City) -> dict[str, dict[str, str]]:
    done = run([sys.executable, "-c", LIST], complete_settings(city))
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def test_the_stages_have_their_triggers(indexed: dict[str, dict[str, str]]) -> None:
    assert {name: indexed[name]["type"] for name in TRIGGERS} == TRIGGERS


def test_scans_are_announced_by_event_grid(indexed: dict[str, dict[str, str]]) -> None:
    scan = indexed["take_in_scan"]
    assert (scan["path"], scan["source"], scan["connection"]) == ("scans/{name}", "EventGrid", "STORAGE")


def test_every_channel_of_every_department_has_its_own_function_and_subscription(
    indexed: dict[str, dict[str, str]], city: City
) -> None:
    wanted = {
        function_name(channel, department): (department.topic, channel.value)
        for department in city.departments
        for channel in department.channels
    }
    found = {name: indexed[name] for name in indexed if name.startswith("deliver_")}
    assert {name: (one["topicName"], one["subscriptionName"]) for name, one in found.items()} == wanted


def test_a_missing_setting_is_refused_at_start_by_name(city: City) -> None:
    settings = complete_settings(city)
    del settings["TEAMS_WEBHOOK_SKOLSTVO"], settings["REVIEW_DESK_URL"]
    done = run([sys.executable, "-c", LIST], settings)
    assert done.returncode != 0
    assert "setting TEAMS_WEBHOOK_SKOLSTVO is missing" in done.stderr
    assert "setting REVIEW_DESK_URL is missing" in done.stderr


def test_wrong_files_and_settings_are_told_all_at_once_with_file_and_line(city: City, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    kinds = config / "document_kinds.yaml"
    kinds.write_text(kinds.read_text(encoding="utf-8").replace("department: skolstvo", "department: skola", 1))
    settings = complete_settings(city) | {"CONFIG_DIR": str(config), "REVIEW_DESK_URL": ""}
    done = run([sys.executable, "-c", LIST], settings)
    assert "document_kinds.yaml:" in done.stderr
    assert "skola" in done.stderr
    assert "REVIEW_DESK_URL" in done.stderr


def python_3_13() -> str | None:
    """A Python 3.13 of this machine: one uv finds, or one of pyenv's that is installed but not switched on."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for one in ("3.13", *map(str, sorted(pyenv.glob("3.13.*/bin/python3.13")))):
        if run(["uv", "run", "-q", "--no-project", "-p", one, "python", "-c", "pass"], NO_DOWNLOADS).returncode == 0:
            return one
    return None


@pytest.mark.skipif(not shutil.which("uv"), reason="uv makes the environment of the other Python")
def test_the_worker_of_python_3_13_indexes_the_same_functions(indexed: dict[str, dict[str, str]], city: City) -> None:
    python = python_3_13()
    if python is None:
        pytest.skip("no Python 3.13 on this machine")
    packages = ["--with-requirements", "requirements.txt", "--with", "azure-functions-runtime"]
    command = ["uv", "run", "-q", "--no-project", "--isolated", "-p", python, *packages]
    extra = {"PYTHONPATH": str(ROOT)} | NO_DOWNLOADS | network_settings()
    done = run([*command, "python", "tests/integration/index_app.py"], complete_settings(city) | extra)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == set(indexed)


def network_settings() -> dict[str, str]:
    """What the package installer of this machine needs to reach its index."""
    prefixes = ("UV_", "PIP_", "SSL_", "HTTP_", "HTTPS_", "http_", "https_", "NO_PROXY", "no_proxy")
    return {name: value for name, value in os.environ.items() if name.startswith(prefixes)}

"""The demo's path: samples dropped as a scanner would, the real functions and SDKs, every page accounted for."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "cli"]
KEYS = {
    "source", "document_id", "pages", "state", "kind", "department", "confidence", "candidates", "reasons",
    "text_chars", "error", "seconds",
}  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command keeps its state."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[dict[str, Any]]:
    """What `podatelna demo --json` prints."""
    done = subprocess.run(
        [*COMMAND, "demo", "--json"], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    with (ROOT / "samples" / "truth.csv").open(encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def by_file(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {Path(line["source"]).name: line for line in lines}


def test_every_sample_has_an_outcome_in_the_fixed_shape(
    lines: list[dict[str, Any]], truth: dict[str, dict[str, str]]
) -> None:
    assert set(by_file(lines)) == set(truth)
    assert all(set(line) >= KEYS for line in lines)


def test_what_is_sent_goes_to_the_right_department(
    lines: list[dict[str, Any]], truth: dict[str, dict[str, str]]
) -> None:
    sent = {name: line["department"] for name, line in by_file(lines).items() if line["state"] == "delivered"}
    assert sent == {name: truth[name]["department"] for name in sent}
    assert len(sent) >= 10


def test_the_broken_the_foreign_and_the_homeless_sample_end_where_a_person_looks(
    lines: list[dict[str, Any]],
) -> None:
    found = by_file(lines)
    states = {name: found[name]["state"] for name in found if name[:2] in ("16", "17", "18")}
    assert states == {
        "16-navrh-na-vklad-do-katastra.pdf": "review",
        "17-recept-na-orechovnik.jpg": "review",
        "18-neuplny-prenos.pdf": "quarantined",
    }
    assert found["16-navrh-na-vklad-do-katastra.pdf"]["department"] == "okresny-urad"
    assert found["18-neuplny-prenos.pdf"]["error"].endswith("Naskenujte dokument znova.")


def test_every_page_of_a_readable_sample_is_in_one_document(
    lines: list[dict[str, Any]], truth: dict[str, dict[str, str]]
) -> None:
    for name, row in truth.items():
        pages = sorted(page for line in lines if Path(line["source"]).name == name for page in line["pages"])
        if row["expected"] != "quarantined":
            assert pages == list(range(1, int(row["pages"]) + 1)), name


def test_status_tells_the_story_of_a_document_after_the_run(lines: list[dict[str, Any]], folder: Path) -> None:
    delivered = next(line for line in lines if line["state"] == "delivered")
    done = subprocess.run(
        [*COMMAND, "status", delivered["document_id"], "--json"],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["department"] == delivered["department"]
    assert [step["state"] for step in told["steps"]][-1] == "delivered"


def test_an_unknown_document_is_told_in_a_sentence(lines: list[dict[str, Any]], folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "status", "20200101-NOTTHERE-1"],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "20200101-NOTTHERE-1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`podatelna up` in a folder of its own."""
    process = subprocess.Popen(
        [*COMMAND, "up", "--port", "0"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_stack_that_stays_up_takes_in_what_is_put_into_its_folder_and_leaves_nothing_behind(
    stack: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert stack.stdout is not None
    addresses: list[str] = []
    while len(addresses) < 4:
        addresses.append(stack.stdout.readline())
    page = next(word for word in addresses[0].split() if word.startswith("http"))
    sample = ROOT / "samples" / "13-ziadost-o-informacie-211.pdf"
    (tmp_path / "scans" / "SKEN_0001.pdf").write_bytes(sample.read_bytes())
    cards = wait_for_cards(page, "pravne-a-staznosti")
    assert len(cards) == 1
    children = descendants(stack.pid)
    assert len(children) >= 4
    stack.send_signal(signal.SIGINT)
    assert stack.wait(timeout=60) == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def wait_for_cards(page: str, department: str, seconds: float = 60.0) -> list[Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        cards: list[Any] = httpx.get(f"{page}/control/cards", params={"department": department}).json()
        if cards:
            return cards
        time.sleep(0.5)
    return []


def descendants(pid: int) -> list[int]:
    """Every process below one, as /proc tells."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found

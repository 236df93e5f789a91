import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.evaluate import evaluate
from shared.errors import ConfigurationError

app = typer.Typer()
app.command()(evaluate)


@pytest.mark.slow
def test_a_labelled_folder_is_measured_as_json_lines_with_a_report(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Žiadosť o súhlas na výrub dreviny, obvod kmeňa 90 cm, lipa", encoding="utf-8")
    (tmp_path / "labels.csv").write_text("file,department\na.txt,zivotne-prostredie\n", encoding="utf-8")
    report = tmp_path / "report.html"
    told = CliRunner().invoke(app, ["--data", str(tmp_path), "--report", str(report), "--json"])
    assert told.exit_code == 0, told.output
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert (lines[-1]["title"], lines[-1]["documents"], lines[-1]["right_first"]) == (str(tmp_path), 1, 1.0)
    assert "<svg" in report.read_text(encoding="utf-8")


def test_promoting_without_a_candidate_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.evaluate.CANDIDATE", tmp_path)
    told = CliRunner().invoke(app, ["--promote", "--report", str(tmp_path / "r.html")])
    assert isinstance(told.exception, ConfigurationError)
    assert "podatelna train --with-corrections" in str(told.exception)

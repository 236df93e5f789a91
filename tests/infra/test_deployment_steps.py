"""The ways to deploy are one way."""

from __future__ import annotations

import re
import subprocess

import yaml

from tests.infra.bicep import INFRA

ROOT = INFRA.parent


def test_deploy_and_azd_take_the_same_steps() -> None:
    script = (INFRA / "deploy.sh").read_text("utf-8")
    hooks = yaml.safe_load((ROOT / "azure.yaml").read_text("utf-8"))["hooks"]
    azd = "".join(hook["run"] for hook in hooks.values())
    steps = r"infra\.(\w+)|(--template-file infra/events\.bicep)"
    assert set(re.findall(steps, script)) == set(re.findall(steps, azd))
    assert subprocess.run(["bash", "-n", INFRA / "deploy.sh"], check=False).returncode == 0


def test_no_workflow_knows_a_secret() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert "secrets." not in path.read_text("utf-8"), path.name

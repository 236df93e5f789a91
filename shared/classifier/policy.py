"""When the city lets the system send without asking: config/classifier.yaml, written by `podatelna train`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from shared.configuration import load
from shared.model import Value

FILE_NAME = "classifier.yaml"


class Policy(Value):
    """`wrong_delivery_costs` is counted in questions to the mailroom; `threshold` follows from it."""

    wrong_delivery_costs: float = Field(gt=1)
    threshold: float = Field(ge=0.5, le=1)


def load_policy(config_dir: Path) -> Policy:
    return load(config_dir / FILE_NAME, Policy)


def policy_text(policy: Policy) -> str:
    """The whole file, so that what a person may edit and what training writes stay told apart."""
    return (
        "# How sure the classifier must be to send a document without asking the mailroom.\n"
        "# A wrong delivery costs as much as this many questions to a clerk. After a change run `podatelna train`.\n"
        f"wrong_delivery_costs: {policy.wrong_delivery_costs:g}\n"
        "# Written by `podatelna train`: the confidence from which sending is cheaper than asking.\n"
        "# The figures behind it are in model/report.json.\n"
        f"threshold: {policy.threshold:g}\n"
    )

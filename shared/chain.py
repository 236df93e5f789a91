"""The hash chain over a document's steps: a step changed, removed or slipped in later is noticed."""

from __future__ import annotations

import json
from hashlib import sha256

from shared.model import Step

GENESIS = "0" * 64


def link(previous: str, step: Step) -> str:
    """The hash of a step: SHA-256 over the previous hash and the step's JSON with sorted keys, hexadecimal."""
    body = json.dumps(step.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(f"{previous}\n{body}".encode()).hexdigest()

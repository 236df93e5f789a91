"""Errors of Document Intelligence, and how they are made to happen.

Shapes and codes: learn.microsoft.com/azure/ai-services/document-intelligence/v3-error-guide
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

MESSAGES = {
    "InvalidContent": "The file format is unsupported or corrupted. "
    "Refer to documentation for the list of supported formats.",
    "InvalidContentLength": "The input image is too large. Refer to documentation for the maximum file size.",
    "InvalidContentDimensions": "The input image dimensions are out of range. "
    "Refer to documentation for supported image dimensions.",
    "InvalidParameter": "The parameter pages is invalid.",
}


class Trouble(StrEnum):
    """What the next request meets; the last three come as a failed analysis."""

    OK = "ok"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    INVALID_CONTENT = "invalid-content"
    INVALID_DIMENSIONS = "invalid-dimensions"
    INTERNAL = "internal"


ANSWERS = {
    Trouble.THROTTLED: (
        429,
        "429",
        "Requests to the analyze operation have exceeded the call rate limit of your tier.",
    ),
    Trouble.UNAVAILABLE: (503, "ServiceUnavailable", "A transient error has occurred. Please try again."),
    Trouble.SERVER_ERROR: (500, "InternalServerError", "An unexpected error occurred."),
    Trouble.FORBIDDEN: (403, "Forbidden", "Access forbidden due to policy or other configuration."),
    Trouble.NOT_FOUND: (404, "NotFound", "Resource not found."),
}


class Refusal(Exception):
    """The document itself cannot be analysed; becomes a 400 or a failed analysis."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal_body(code: str) -> dict[str, Any]:
    inner = {"code": code, "message": MESSAGES[code]}
    return {"code": "InvalidRequest", "message": "Invalid request.", "innererror": inner}


FAILURES: dict[Trouble, dict[str, Any]] = {
    Trouble.INVALID_CONTENT: refusal_body("InvalidContent"),
    Trouble.INVALID_DIMENSIONS: refusal_body("InvalidContentDimensions"),
    Trouble.INTERNAL: {"code": "InternalServerError", "message": "An unexpected error occurred."},
}


@dataclass
class Script:
    """What the next requests meet, one entry a request; afterwards all is well."""

    analyze: deque[Trouble] = field(default_factory=deque)
    poll: deque[Trouble] = field(default_factory=deque)
    retry_after: int = 1

    def set(self, *, analyze: Iterable[str] = (), poll: Iterable[str] = (), retry_after: int = 1) -> None:
        """Raises ValueError for an unknown trouble, or for one that a poll cannot meet."""
        polls = [Trouble(name) for name in poll]
        if any(trouble in FAILURES for trouble in polls):
            raise ValueError("a poll meets only errors of HTTP; put a failed analysis under `analyze`")
        self.analyze = deque(Trouble(name) for name in analyze)
        self.poll = deque(polls)
        self.retry_after = retry_after


def read_script(path: Path) -> dict[str, Any]:
    """`{"analyze": ["throttled", "ok", "internal"], "poll": ["unavailable"], "retry_after": 2}`"""
    try:
        script = json.loads(path.read_text(encoding="utf-8"))
        Script().set(**script)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(
            f"{path}: not a script of troubles ({error}); see local/document_intelligence/troubles.py"
        ) from error
    return dict(script)


def next_of(queue: deque[Trouble]) -> Trouble:
    return queue.popleft() if queue else Trouble.OK

"""Microsoft's REST services (Azure Resource Manager, Key Vault, Graph) for the scripts of an administrator.

The management SDKs would weigh more than the product; these scripts make a handful of calls.

    RestError
    └── Refused        401 or 403: the person signed in may not do this
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

ARM = "https://management.azure.com"
GRAPH = "https://graph.microsoft.com/v1.0"
TRIES = 5
LONGEST_WAIT_SECONDS = 60.0
PASSING = frozenset({429, 500, 502, 503, 504})


class RestError(Exception):
    """The service answered with an error; `code` and `message` are its own words."""

    def __init__(self, status: int, code: str, message: str, call: str) -> None:
        super().__init__(f"{call}: {status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


class Refused(RestError):
    """The person signed in may not do this."""


@dataclass(frozen=True)
class Rest:
    """`token` gives a fresh bearer token; addresses that are not absolute are below `base`."""

    base: str
    token: Callable[[], str]
    version: str = ""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0))
    sleep: Callable[[float], None] = time.sleep

    def at(self, version: str) -> Self:
        """The same service at another api-version."""
        return type(self)(self.base, self.token, version, self.http, self.sleep)

    def get(self, path: str, **query: str) -> Any:
        return self._send("GET", path, query, None)

    def find(self, path: str, **query: str) -> Any | None:
        """None when there is no such thing."""
        try:
            return self.get(path, **query)
        except RestError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """Every item of a list, page after page."""
        page = self.get(path, **query)
        while True:
            yield from page["value"]
            following = page.get("nextLink") or page.get("@odata.nextLink")
            if not following:
                return
            page = self._send("GET", following, {}, None)

    def post(self, path: str, body: Any = None) -> Any:
        return self._send("POST", path, {}, body)

    def put(self, path: str, body: Any) -> Any:
        return self._send("PUT", path, {}, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._send("PATCH", path, {}, body)

    def delete(self, path: str) -> None:
        self._send("DELETE", path, {}, None)

    def _send(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        absolute = path.startswith("https://") or path.startswith("http://")
        url = path if absolute else f"{self.base}{path}"
        parameters = {"api-version": self.version, **query} if self.version and not absolute else query
        for attempt in range(1, TRIES + 1):
            answer = self.http.request(
                method,
                url,
                params=parameters or None,
                json=body,
                headers={"Authorization": f"Bearer {self.token()}"},
            )
            if answer.status_code not in PASSING or attempt == TRIES:
                break
            self.sleep(_wait(answer, attempt))
        if answer.is_success:
            return answer.json() if answer.content else {}
        raise _error(answer, f"{method} {url.partition('?')[0]}")


def _wait(answer: httpx.Response, attempt: int) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked) if asked.isdigit() else 2.0**attempt, LONGEST_WAIT_SECONDS)


def _error(answer: httpx.Response, call: str) -> RestError:
    try:
        said = answer.json().get("error", {})
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {"message": said}
    kind = Refused if answer.status_code in (401, 403) else RestError
    return kind(answer.status_code, said.get("code", ""), said.get("message", answer.text[:200]), call)

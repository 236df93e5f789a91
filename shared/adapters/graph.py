"""Microsoft Graph: signing in, the SDK client, plain requests for what the SDK does badly, and errors as ours.

The SDK retries by itself and would hold a message for minutes meanwhile; here it does not, because a deferred retry
(shared/retry.py) waits without holding anything. File bodies do not go through the SDK: it never retries them, and
its LargeFileUploadTask sends small files twice and logs failed chunks instead of raising.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from kiota_abstractions import request_information
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http import httpx_request_adapter
from kiota_http.middleware import middleware
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory
from opentelemetry.trace import NoOpTracer

from shared.errors import DeliveryRefused, PodatelnaError, TransientError
from shared.retry import read_retry_after

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

SCOPE = "https://graph.microsoft.com/.default"
TIMEOUT = httpx.Timeout(30, connect=10)
# A call that drips its answer can outlast every read time-out; the whole of one may take this long.
LONGEST_CALL_SECONDS = 60.0

# At INFO httpx logs every address, and the address of an upload session is a secret.
logging.getLogger("httpx").setLevel(logging.WARNING)
# The SDK opens some twenty spans a request, with its address; the span of our stage tells what operations need.
for module in (request_information, middleware, httpx_request_adapter):
    module.tracer = NoOpTracer()  # type: ignore[attr-defined]


class NotThere(DeliveryRefused):
    """404 or 410: what was asked for does not exist (any more)."""


class Graph:
    """One connection pool for the SDK and for plain requests."""

    def __init__(self, endpoint: str, token: Callable[[], Awaitable[str]]) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._token = token
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=True)

    @classmethod
    def connect(cls, endpoint: str, *, token: str | None, credential: AsyncTokenCredential | None) -> Graph:
        """With a fixed token (a laptop) or a credential (Azure)."""

        async def fixed() -> str:
            return token or ""

        async def signed_in() -> str:
            assert credential is not None
            return (await credential.get_token(SCOPE)).token

        if not token and credential is None:
            raise ValueError("Graph needs a token or a credential")
        return cls(endpoint, fixed if token else signed_in)

    async def close(self) -> None:
        await self._http.aclose()
        if "_sdk_http" in self.__dict__:
            await self._sdk_http.aclose()

    @cached_property
    def _sdk_http(self) -> httpx.AsyncClient:
        no_retry: dict[str, Any] = {RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0, should_retry=False)}
        client: httpx.AsyncClient = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(timeout=TIMEOUT), options=no_retry
        )
        return client

    @cached_property
    def sdk(self) -> GraphServiceClient:
        adapter = GraphRequestAdapter(_Bearer(self._token), client=self._sdk_http)
        adapter.base_url = self.endpoint
        return GraphServiceClient(request_adapter=adapter)

    async def ask(self, call: Awaitable[Any], what: str) -> Any:
        """Await a call of the SDK made with `native()`; returns the JSON of its answer.

        `what` is what it is about, in Slovak, for who reads the error.
        """
        try:
            async with asyncio.timeout(LONGEST_CALL_SECONDS):
                answer: httpx.Response = await call
        except APIError as error:
            raise failure(error.response_status_code or 500, error.response_headers or {}, what) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise unreachable(error, what) from error
        return check(answer, what).json()

    async def send(
        self,
        method: str,
        address: str,
        *,
        what: str,
        content: bytes | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A plain request with our token; `address` is relative to the endpoint. Raises for every error answer."""
        authorized = {"Authorization": f"Bearer {await self._token()}", **(headers or {})}
        url = f"{self.endpoint}{address}"
        return check(await self._send(method, url, what, content, json, authorized, params), what)

    async def send_signed(
        self,
        method: str,
        url: str,
        *,
        what: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A request to a signed address (an upload session), which refuses our token. Returns error answers too."""
        return await self._send(method, url, what, content, None, headers or {}, None)

    async def _send(
        self,
        method: str,
        url: str,
        what: str,
        content: bytes | None,
        json: Any,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(LONGEST_CALL_SECONDS):
                return await self._http.request(
                    method, url, content=content, json=json, headers=dict(headers), params=params
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise unreachable(error, what) from error


def native() -> RequestConfiguration[Any]:
    """Makes the SDK hand over the answer as it came.

    Its own models are a web of 900 classes: to read one site it imports them all, four seconds of processor time.
    """
    return RequestConfiguration(options=[ResponseHandlerOption(NativeResponseHandler())])


class _Bearer(AuthenticationProvider):
    def __init__(self, token: Callable[[], Awaitable[str]]) -> None:
        self._token = token

    async def authenticate_request(
        self, request: RequestInformation, additional_authentication_context: dict[str, Any] | None = None
    ) -> None:
        request.headers.try_add("Authorization", f"Bearer {await self._token()}")


def check(answer: httpx.Response, what: str) -> httpx.Response:
    if answer.status_code >= 400:
        raise failure(answer.status_code, answer.headers, what)
    return answer


def unreachable(error: Exception, what: str) -> TransientError:
    return TransientError(f"Graph does not answer: {type(error).__name__}", reason=f"{what}: Microsoft 365 neodpovedá.")


def failure(status: int, headers: Mapping[str, str], what: str) -> PodatelnaError:
    """learn.microsoft.com/graph/errors. 401 is transient: a token expires in flight and the next call has a new one."""
    text = f"Graph answered {status}"
    if status in (404, 410):
        return NotThere(
            text,
            reason=f"{what}: neexistuje alebo bolo presunuté.",
            advice="Vráťte pôvodný názov alebo opravte config/departments.yaml a pošlite dokument znova.",
            status=status,
        )
    if status == 403:
        return DeliveryRefused(
            text,
            reason=f"{what}: aplikácia tam nemá oprávnenie.",
            advice="Správca Microsoft 365 nech pridelí prístup (Sites.Selected), potom pošlite dokument znova.",
            status=status,
        )
    if status in (400, 405, 406, 413, 415, 422, 507):
        return DeliveryRefused(
            text,
            reason=f"{what}: Microsoft 365 požiadavku odmietol (odpoveď {status}).",
            advice="Overte voľné miesto a nastavenie knižnice, potom pošlite dokument znova.",
            status=status,
        )
    return TransientError(
        text,
        reason=f"{what}: Microsoft 365 je dočasne nedostupný.",
        status=status,
        retry_after=read_retry_after(headers),
    )

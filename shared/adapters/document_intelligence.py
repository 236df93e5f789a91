"""Azure Document Intelligence: model `prebuilt-read` of API 2023-07-31, through azure-ai-formrecognizer.

No locale is passed: Slovak print is detected, Slovak handwriting is not a supported language and is only marked.
Limits of tier S0: 15 analyses and 50 polls a second, 500 MB, 2,000 pages; polls come every two seconds.
https://learn.microsoft.com/azure/ai-services/document-intelligence/service-limits
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from azure.ai.formrecognizer import DocumentAnalysisApiVersion
from azure.ai.formrecognizer.aio import DocumentAnalysisClient
from azure.core.credentials import AzureKeyCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.core.pipeline.policies import AsyncRetryPolicy

from shared.analysis_result import to_document_text
from shared.errors import ConfigurationError, PodatelnaError, TransientError, UnreadableText
from shared.model import DocumentText
from shared.settings import Settings

ENGINE = "document-intelligence"
MODEL = "prebuilt-read"
ANALYSES_A_SECOND = 5  # of ours alone: three instances together stay within the quota of 15
LONGEST_WAIT = 10.0  # seconds of Retry-After worth holding the message for; longer waits are a deferred retry
TRIES = 3

REFUSALS = {
    "InvalidContent": "Súbor je poškodený alebo má formát, ktorý služba na čítanie textu nepozná.",
    "InvalidContentLength": "Súbor je pre službu na čítanie textu príliš veľký.",
    "InvalidContentDimensions": "Strana má rozmery, ktoré služba na čítanie textu neprijíma.",
    "UnsupportedContent": "Súbor má formát, ktorý služba na čítanie textu nepozná.",
    "InvalidContentSourceFormat": "Súbor má formát, ktorý služba na čítanie textu nepozná.",
}
ADVICE_RESCAN = "Naskenujte dokument znova."
NO_ANSWER = "Služba na čítanie textu neodpovedá."
BUSY = "Služba na čítanie textu je preťažená."
NO_ENTRY = "Služba na čítanie textu odmieta prihlásenie."
ADVICE_ROLE = "Správca nech overí rolu Cognitive Services User a nastavenie DOCUMENT_INTELLIGENCE_ENDPOINT."


class BriefRetry(AsyncRetryPolicy):  # type: ignore[type-arg]
    """The SDK's retries, but a long Retry-After is not slept through while a message is held."""

    def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
        wait = self.get_retry_after(response) or 0.0
        return wait <= LONGEST_WAIT and bool(super().is_retry(settings, response))


class DocumentIntelligence:
    """ports.Recognizer on the service."""

    def __init__(self, client: DocumentAnalysisClient) -> None:
        self._client = client
        self._pace = _Pace(1 / ANALYSES_A_SECOND)

    @classmethod
    def connect(cls, settings: Settings, credential: AsyncTokenCredential | None) -> Self:
        """`credential` may be None when the settings hold a key."""
        key = settings.document_intelligence_key
        entry = AzureKeyCredential(key) if key else credential
        if not settings.document_intelligence or entry is None:
            raise ConfigurationError(["setting DOCUMENT_INTELLIGENCE_ENDPOINT is missing; set it"])
        client = DocumentAnalysisClient(
            settings.document_intelligence,
            entry,
            api_version=DocumentAnalysisApiVersion.V2023_07_31,
            polling_interval=settings.ocr_poll_seconds,
            retry_policy=BriefRetry(retry_total=TRIES, retry_backoff_factor=0.5),
        )
        return cls(client)

    async def close(self) -> None:
        await self._client.close()

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        await self._pace.wait()
        try:
            poller = await self._client.begin_analyze_document(MODEL, pdf)
            result = await poller.result()
        except AzureError as error:
            raise explain(error) from error
        return to_document_text(document_id, ENGINE, result, pages)


def explain(error: AzureError) -> PodatelnaError:
    """The document's own fault is permanent; anything else may pass, and nothing is lost by waiting."""
    if not isinstance(error, HttpResponseError):
        return TransientError(f"Document Intelligence does not answer: {type(error).__name__}", reason=NO_ANSWER)
    code = _innermost_code(error)
    if code in REFUSALS:
        return UnreadableText(
            f"Document Intelligence refuses the document: {code}", reason=REFUSALS[code], advice=ADVICE_RESCAN
        )
    text = f"Document Intelligence answered {error.status_code} {code}"
    if isinstance(error, ClientAuthenticationError) or error.status_code in (401, 403, 404):
        return TransientError(text, reason=NO_ENTRY, advice=ADVICE_ROLE)
    return TransientError(text, reason=BUSY if error.status_code in (429, 503) else NO_ANSWER, retry_after=_wait(error))


def _innermost_code(error: HttpResponseError) -> str:
    """The most telling code: `InvalidRequest` often wraps `InvalidContent` as its inner error."""
    code = error.error.code if error.error is not None else ""
    inner: Any = error.error.innererror if error.error is not None else None
    while inner:
        code = inner.get("code") or code
        inner = inner.get("innererror")
    return code or ""


def _wait(error: HttpResponseError) -> float | None:
    value = getattr(error.response, "headers", {}).get("Retry-After", "")
    return float(value) if value.replace(".", "", 1).isdigit() else None


class _Pace:
    """Lets one through every `interval` seconds."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next = 0.0

    async def wait(self) -> None:
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next)
        self._next = turn + self._interval
        await asyncio.sleep(turn - now)

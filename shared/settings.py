"""The environment, read once into one frozen typed object; the only module that looks at it.

Connections follow the Functions host's own convention: `STORAGE` and `SERVICEBUS` hold a connection string on a
laptop, and in Azure `STORAGE__blobServiceUri`, `…__queueServiceUri`, `…__tableServiceUri` and
`SERVICEBUS__fullyQualifiedNamespace` name the services that a managed identity signs in to.
https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from shared.departments import City, Delivery
from shared.errors import ConfigurationError
from shared.model import Value
from shared.telemetry.exporting import Destination

WEBHOOK_PREFIX = "TEAMS_WEBHOOK_"


class Engine(StrEnum):
    DOCUMENT_INTELLIGENCE = "document-intelligence"
    TESSERACT = "tesseract"


class Settings(Value):
    """Field aliases are the names of the app settings."""

    storage: str | None = Field(default=None, alias="STORAGE")
    blob_uri: str | None = Field(default=None, alias="STORAGE__blobServiceUri")
    queue_uri: str | None = Field(default=None, alias="STORAGE__queueServiceUri")
    table_uri: str | None = Field(default=None, alias="STORAGE__tableServiceUri")
    service_bus: str | None = Field(default=None, alias="SERVICEBUS")
    service_bus_namespace: str | None = Field(default=None, alias="SERVICEBUS__fullyQualifiedNamespace")
    client_id: str | None = Field(default=None, alias="AZURE_CLIENT_ID")
    engine: Engine = Field(default=Engine.DOCUMENT_INTELLIGENCE, alias="OCR_ENGINE")
    document_intelligence: str | None = Field(default=None, alias="DOCUMENT_INTELLIGENCE_ENDPOINT")
    document_intelligence_key: str | None = Field(default=None, alias="DOCUMENT_INTELLIGENCE_KEY", repr=False)
    tessdata: Path | None = Field(default=None, alias="TESSDATA")
    ocr_workers: int = Field(default=2, alias="OCR_WORKERS", ge=1, le=64)
    ocr_poll_seconds: float = Field(default=2.0, alias="OCR_POLL_SECONDS", gt=0)
    graph: str = Field(default="https://graph.microsoft.com/v1.0", alias="GRAPH_ENDPOINT")
    graph_token: str | None = Field(default=None, alias="GRAPH_TOKEN", repr=False)
    desk_url: str = Field(alias="REVIEW_DESK_URL")
    config: Path = Field(default=Path(__file__).resolve().parent.parent / "config", alias="CONFIG_DIR")
    max_file_bytes: int = Field(default=300 * 2**20, alias="MAX_FILE_BYTES", gt=0)
    max_pages: int = Field(default=2000, alias="MAX_PAGES", gt=0)
    max_page_pixels: int = Field(default=100_000_000, alias="MAX_PAGE_PIXELS", gt=0)
    pdf_passwords: list[str] = Field(default_factory=list, alias="PDF_PASSWORDS", repr=False)
    retry_budget_hours: float = Field(default=24.0, alias="RETRY_BUDGET_HOURS", gt=0)
    retry_first_seconds: float = Field(default=5.0, alias="RETRY_FIRST_SECONDS", gt=0)
    retry_longest_seconds: float = Field(default=90.0, alias="RETRY_LONGEST_SECONDS", gt=0)
    telemetry: Destination = Field(default=Destination.HOST, alias="TELEMETRY")
    otlp_endpoint: str | None = Field(default=None, alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    # Read model of Document Intelligence S0, West Europe, list price for 1,000 pages in November 2026: 1.39 EUR
    # (azure.microsoft.com/pricing/details/ai-document-intelligence); set what your agreement says.
    ocr_euros_per_page: float = Field(default=0.00139, alias="OCR_EUROS_PER_PAGE", ge=0)
    webhooks: dict[str, str] = Field(default_factory=dict, repr=False)

    @field_validator("pdf_passwords", mode="before")
    @classmethod
    def split_passwords(cls, value: object) -> object:
        """A semicolon stands between passwords."""
        return [word for word in value.split(";") if word] if isinstance(value, str) else value

    @model_validator(mode="after")
    def check_connections(self) -> Self:
        missing = []
        if not self.storage and not (self.blob_uri and self.queue_uri and self.table_uri):
            missing.append("STORAGE (or STORAGE__blobServiceUri, __queueServiceUri and __tableServiceUri)")
        if not self.service_bus and not self.service_bus_namespace:
            missing.append("SERVICEBUS (or SERVICEBUS__fullyQualifiedNamespace)")
        if self.engine is Engine.DOCUMENT_INTELLIGENCE and not self.document_intelligence:
            missing.append("DOCUMENT_INTELLIGENCE_ENDPOINT (or OCR_ENGINE=tesseract)")
        if self.engine is Engine.TESSERACT and not self.tessdata:
            missing.append("TESSDATA (the folder that holds slk.traineddata)")
        if missing:
            raise ValueError("\n".join(f"setting {name} is missing; set it" for name in missing))
        return self


def webhook_setting(department_id: str) -> str:
    """The app setting that holds a department's Teams workflow URL (a Key Vault reference in Azure)."""
    return WEBHOOK_PREFIX + department_id.replace("-", "_").upper()


def read_settings(city: City, environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises ConfigurationError that names every missing or wrong setting at once."""
    problems: list[str] = []
    values: dict[str, Any] = {key: value for key, value in environment.items() if value}
    webhooks = {
        department.id: values.get(webhook_setting(department.id), "")
        for department in city.departments
        if Delivery.TEAMS in department.channels
    }
    problems += [
        f"setting {webhook_setting(name)} is missing; set it to the address of the Teams workflow of '{name}'"
        for name, url in webhooks.items()
        if not url
    ]
    try:
        settings = Settings.model_validate(values | {"webhooks": webhooks})
    except ValidationError as error:
        problems = [line for item in error.errors() for line in _describe(item)] + problems
        raise ConfigurationError(problems) from error
    if problems:
        raise ConfigurationError(problems)
    return settings


def _describe(item: Any) -> list[str]:
    name = ".".join(str(part) for part in item["loc"])
    if item["type"] == "missing":
        return [f"setting {name} is missing; set it"]
    text: list[str] = item["msg"].removeprefix("Value error, ").split("\n")
    return [f"setting {name}: {line}" if name else line for line in text]


def config_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Where departments.yaml and document_kinds.yaml are; needed before the rest, since webhooks follow departments."""
    return Path(environment.get("CONFIG_DIR") or Path(__file__).resolve().parent.parent / "config")

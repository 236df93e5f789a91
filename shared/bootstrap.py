"""The composition root: the only place that builds clients, each once and only when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import cached_property
from os import environ
from typing import TYPE_CHECKING, Any

from shared.departments import City, load_city
from shared.errors import ConfigurationError
from shared.mailroom import Mailroom
from shared.operations import Operations, load_operations
from shared.settings import Engine, Settings, config_dir, read_settings
from shared.telemetry import ObservedBus, ObservedLedger, Telemetry
from shared.telemetry.exporting import keep_vendors_quiet, start_exporting

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.adapters.graph import Graph
    from shared.kinds import Catalogue
    from shared.pages.workbench import Workbench
    from shared.ports import Blobs, Bus, Channel, Classifier, Ledger, Library, Mailbox, Recognizer, Signatures, Turns
    from shared.titles import TitleFinder


def utc_now() -> datetime:
    return datetime.now(UTC)


class Services:
    """What the functions call upon. Reading the city and the settings happens at once, connecting on first use."""

    def __init__(self, city: City, settings: Settings) -> None:
        self.city = city
        self.settings = settings
        self.clock = utc_now
        self._open: list[Any] = []

    def _keep(self, client: Any) -> Any:
        self._open.append(client)
        return client

    async def close(self) -> None:
        """Close what was opened, the newest first."""
        async with AsyncExitStack() as stack:
            for client in self._open:
                stack.push_async_callback(client.close)
        self._open.clear()

    @cached_property
    def credential(self) -> AsyncTokenCredential:
        from azure.identity.aio import DefaultAzureCredential

        credential: AsyncTokenCredential = self._keep(
            DefaultAzureCredential(managed_identity_client_id=self.settings.client_id)
        )
        return credential

    @cached_property
    def operations(self) -> Operations:
        return load_operations(self.settings.config)

    @cached_property
    def telemetry(self) -> Telemetry:
        return Telemetry.of_process({Engine.DOCUMENT_INTELLIGENCE.value: self.settings.ocr_euros_per_page})

    @cached_property
    def kinds(self) -> Catalogue:
        from shared.kinds import load_kinds

        return load_kinds(self.settings.config, self.city)

    @cached_property
    def blobs(self) -> Blobs:
        from shared.adapters.blobs import StoredBlobs

        connection, uri = self.settings.storage, self.settings.blob_uri
        credential = None if connection else self.credential
        blobs: Blobs = self._keep(StoredBlobs.connect(connection_string=connection, uri=uri, credential=credential))
        return blobs

    @cached_property
    def ledger(self) -> Ledger:
        from shared.adapters.ledger import TableLedger

        connection, uri = self.settings.storage, self.settings.table_uri
        credential = None if connection else self.credential
        ledger = TableLedger.connect(connection_string=connection, uri=uri, credential=credential)
        return ObservedLedger(self._keep(ledger), self.telemetry)

    @cached_property
    def bus(self) -> Bus:
        from shared.adapters.service_bus import ServiceBus

        connection, namespace = self.settings.service_bus, self.settings.service_bus_namespace
        credential = None if connection else self.credential
        bus = ServiceBus.connect(connection_string=connection, namespace=namespace, credential=credential)
        return ObservedBus(self._keep(bus), self.telemetry)

    @cached_property
    def workbench(self) -> Workbench:
        from shared.pages.workbench import Workbench

        workbench: Workbench = self._keep(Workbench())
        return workbench

    @cached_property
    def recognizer(self) -> Recognizer:
        recognizer: Recognizer
        if self.settings.engine is Engine.TESSERACT:
            from shared.adapters.tesseract import Tesseract

            recognizer = self._keep(Tesseract.open(self.settings))
        else:
            from shared.adapters.document_intelligence import DocumentIntelligence

            key = self.settings.document_intelligence_key
            recognizer = self._keep(DocumentIntelligence.connect(self.settings, None if key else self.credential))
        return recognizer

    @cached_property
    def signatures(self) -> Signatures:
        from shared.adapters.signatures import TableSignatures

        connection, uri = self.settings.storage, self.settings.table_uri
        credential = None if connection else self.credential
        signatures: Signatures = self._keep(
            TableSignatures.connect(connection_string=connection, uri=uri, credential=credential)
        )
        return signatures

    @cached_property
    def titles(self) -> TitleFinder:
        from shared.titles import TitleFinder

        return TitleFinder(self.kinds)

    @cached_property
    def classifier(self) -> Classifier:
        from shared.classifier import load_classifier

        return load_classifier(self.settings.config, self.city)

    @cached_property
    def graph(self) -> Graph:
        from shared.adapters.graph import Graph

        token = self.settings.graph_token
        credential = None if token else self.credential
        graph: Graph = self._keep(Graph.connect(self.settings.graph, token=token, credential=credential))
        return graph

    @cached_property
    def library(self) -> Library:
        from shared.adapters.sharepoint import SharePointLibrary

        return SharePointLibrary(self.graph, self.city)

    @cached_property
    def turns(self) -> Turns:
        from shared.adapters.turns import TableTurns

        connection, uri = self.settings.storage, self.settings.table_uri
        credential = None if connection else self.credential
        turns: Turns = self._keep(TableTurns.connect(connection_string=connection, uri=uri, credential=credential))
        return turns

    @cached_property
    def channel(self) -> Channel:
        from shared.adapters.teams import TeamsChannel

        channel: Channel = self._keep(TeamsChannel(self.settings.webhooks, self.turns, self.clock))
        return channel

    @cached_property
    def mailbox(self) -> Mailbox:
        from shared.adapters.mail import GraphMailbox

        return GraphMailbox(self.graph, self.city.city.mailbox)


def build_services(environment: Mapping[str, str] = environ) -> Services:
    """Read and check everything a person can get wrong; raises ConfigurationError with every problem at once."""
    problems: list[str] = []
    directory = config_dir(environment)
    city = load_city(directory / "departments.yaml")
    try:
        settings = read_settings(city, environment)
    except ConfigurationError as error:
        problems += error.problems
    try:
        from shared.kinds import load_kinds

        load_kinds(directory, city)
    except ConfigurationError as error:
        problems += error.problems
    try:
        load_operations(directory)
    except ConfigurationError as error:
        problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return Services(city, settings)


def open_mailroom(environment: Mapping[str, str] = environ) -> Mailroom:
    """What function_app.py starts from; refuses to start on a wrong file or setting."""
    services = build_services(environment)
    keep_vendors_quiet()
    start_exporting(services.settings.telemetry, services.settings.otlp_endpoint)
    return Mailroom(services)

"""The real msgraph-sdk finds sites, files documents, sets columns and sends mail against the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.column_definition import ColumnDefinition
from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.field_value_set import FieldValueSet
from msgraph.generated.models.file_attachment import FileAttachment
from msgraph.generated.models.folder import Folder
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.text_column import TextColumn
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from local.microsoft365 import Microsoft365
from local.microsoft365.faults import Plan
from tests.fakes_microsoft365 import CITY


class StaticToken:
    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("any", 4_000_000_000)

    async def close(self) -> None: ...

    async def __aenter__(self) -> StaticToken:
        return self

    async def __aexit__(self, *error: object) -> None: ...


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Microsoft365]:
    server = Microsoft365(tmp_path, CITY)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def client(server: Microsoft365) -> GraphServiceClient:
    provider = AzureIdentityAuthenticationProvider(StaticToken(), allowed_hosts=["127.0.0.1"])
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{server.url}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def library_of(client: GraphServiceClient) -> tuple[str, str]:
    site = await client.sites.by_site_id("skuska.sharepoint.com:/sites/stavebny-urad").get()
    assert site is not None
    drives = await client.sites.by_site_id(str(site.id)).drives.get()
    assert drives is not None
    assert drives.value
    return str(site.id), str(drives.value[0].id)


async def test_sites_and_their_libraries_are_found(client: GraphServiceClient) -> None:
    site_id, drive_id = await library_of(client)
    lists = await client.sites.by_site_id(site_id).lists.get()
    drive = await client.drives.by_drive_id(drive_id).get()
    assert lists is not None
    assert drive is not None
    assert [entry.display_name for entry in lists.value or []] == ["Podateľňa"]
    assert (drive.name, drive.drive_type) == ("Podateľňa", "documentLibrary")


async def test_a_document_is_filed_in_a_folder_with_its_columns(
    server: Microsoft365, client: GraphServiceClient
) -> None:
    _, drive_id = await library_of(client)
    drive = client.drives.by_drive_id(drive_id)
    folder = await drive.items.by_drive_item_id("root").children.post(DriveItem(name="2026-03", folder=Folder()))
    assert folder is not None
    item = await drive.items.by_drive_item_id(f"{folder.id}:/žiadosť.pdf:").content.put(b"%PDF-sdk")
    assert item is not None
    column = ColumnDefinition(name="Poznamka", text=TextColumn())
    await drive.list_.columns.post(column)
    list_item = await drive.items.by_drive_item_id(str(item.id)).list_item.get()
    assert list_item is not None
    values = FieldValueSet(additional_data={"Poznamka": "prijaté", "Title": "Žiadosť"})
    await drive.list_.items.by_list_item_id(str(list_item.id)).fields.patch(values)
    assert await drive.items.by_drive_item_id("root:/2026-03/žiadosť.pdf:").content.get() == b"%PDF-sdk"
    [file] = server.tenant.items.files(drive_id)
    assert (file["name"], file["fields"]) == (
        "žiadosť.pdf",
        '{"Poznamka": "prijat\\u00e9", "Title": "\\u017diados\\u0165"}',
    )


async def test_an_unknown_column_is_an_odata_error_with_graphs_code(client: GraphServiceClient) -> None:
    _, drive_id = await library_of(client)
    drive = client.drives.by_drive_id(drive_id)
    await drive.items.by_drive_item_id("root:/a.pdf:").content.put(b"x")
    item = await drive.items.by_drive_item_id("root:/a.pdf:").list_item.get()
    assert item is not None
    values = FieldValueSet(additional_data={"Neznamy": "x"})
    with pytest.raises(ODataError) as caught:
        await drive.list_.items.by_list_item_id(str(item.id)).fields.patch(values)
    assert caught.value.error is not None
    assert (caught.value.response_status_code, caught.value.error.code) == (400, "invalidRequest")


async def test_the_sdk_waits_as_told_and_tries_again(server: Microsoft365, client: GraphServiceClient) -> None:
    rule = {"route": "graph.read", "fault": "throttled", "retry_after": 0, "times": 2}
    server.faults.set(Plan.model_validate({"rules": [rule]}))
    site = await asyncio.wait_for(client.sites.by_site_id("skuska.sharepoint.com:/sites/podatelna").get(), 60)
    assert site is not None
    assert site.name == "podatelna"
    assert server.counters["graph.read 429"] == 2


async def test_mail_with_an_attachment_is_sent(server: Microsoft365, client: GraphServiceClient) -> None:
    message = Message(
        subject="Postúpenie",
        body=ItemBody(content_type=BodyType.Html, content="<p>Postupujeme.</p>"),
        to_recipients=[Recipient(email_address=EmailAddress(address="urad@urad.example"))],
        attachments=[FileAttachment(name="podanie.pdf", content_type="application/pdf", content_bytes=b"%PDF")],
    )
    body = SendMailPostRequestBody(message=message, save_to_sent_items=True)
    configuration: RequestConfiguration[Any] = RequestConfiguration()
    await client.users.by_user_id("podatelna@skuska.example").send_mail.post(body, configuration)
    [mail] = server.tenant.mailboxes.sent()
    assert "urad@urad.example" in mail["message"]
    assert "podanie.pdf" in mail["message"]

"""Department libraries in SharePoint through Microsoft Graph.

Sites and libraries are found by the names in config/departments.yaml, remembered, and looked up again when the far end
no longer knows them. Every call may be repeated: a file of the same name is replaced, a folder that is there is taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.item_reference import ItemReference

from shared.adapters.graph import Graph, NotThere, native
from shared.adapters.upload_session import upload
from shared.columns import DEFINITIONS, Columns
from shared.departments import City, Department
from shared.errors import DeliveryRefused, TransientError
from shared.model import FiledItem

REPLACE = {"@microsoft.graph.conflictBehavior": "replace"}
CONFLICT = 409
# Graph takes 250 MB in one PUT; beyond this a broken connection would cost too much again.
LARGEST_PUT = 4 * 2**20
Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """A department's library as Graph addresses it."""

    department: Department
    drive_id: str
    columns: frozenset[str]

    @property
    def what(self) -> str:
        return f"Knižnica „{self.department.library}“ ({self.department.site})"


class SharePointLibrary:
    """Implements ports.Library."""

    def __init__(self, graph: Graph, city: City) -> None:
        self._graph = graph
        self._city = city
        self._places: dict[str, Place] = {}
        self._folders: dict[tuple[str, str], str] = {}

    async def file(self, department: str, folder: str, name: str, pdf: bytes, columns: Columns) -> FiledItem:
        async def act(place: Place) -> FiledItem:
            item_id, url = await self._upload(place, await self._folder(place, folder), name, pdf)
            return await self._describe(place, item_id, name, url, columns)

        return await self._at(department, act)

    async def move(
        self, item: FiledItem, department: str, folder: str, name: str, pdf: bytes, columns: Columns
    ) -> FiledItem:
        """Within one library the file is moved; to another its content is taken along and the original deleted last.

        Graph cannot move between libraries. Whenever a move stops half-way, the same call again finishes it. When the
        original is gone and not at its goal either, `pdf` stands in for it.
        """

        async def act(place: Place) -> FiledItem:
            folder_id = await self._folder(place, folder)
            try:
                if place.drive_id == item.drive_id:
                    item_id, url = await self._relocate(place, item, folder_id, name)
                    return await self._describe(place, item_id, name, url, columns)
                content = await self._download(item)
            except NotThere:
                arrived = await self.find(department, folder, name)
                if arrived:
                    return await self._describe(place, arrived.item_id, name, arrived.url, columns)
                content = pdf
            item_id, url = await self._upload(place, folder_id, name, content)
            moved = await self._describe(place, item_id, name, url, columns)
            if place.drive_id != item.drive_id:
                await self.remove(item)
            return moved

        return await self._at(department, act)

    async def find(self, department: str, folder: str, name: str) -> FiledItem | None:
        async def act(place: Place) -> FiledItem | None:
            address = f"/drives/{quote(place.drive_id)}/root:/{quote(folder)}/{quote(name)}"
            try:
                found = (await self._graph.send("GET", address, what=place.what)).json()
            except NotThere:
                return None
            return FiledItem(
                department=department,
                drive_id=place.drive_id,
                item_id=found["id"],
                name=found["name"],
                url=found["webUrl"],
                etag=found.get("eTag", ""),
            )

        return await self._at(department, act)

    async def remove(self, item: FiledItem) -> None:
        address = f"/drives/{quote(item.drive_id)}/items/{quote(item.item_id)}"
        headers = {"If-Match": item.etag} if item.etag else {}
        try:
            await self._graph.send("DELETE", address, what=f"Súbor „{item.name}“", headers=headers)
        except NotThere:
            return

    async def missing_columns(self, department: str) -> list[str]:
        """What `podatelna doctor` tells; raises DeliveryRefused when the library cannot be reached."""
        self._forget(department)
        return _missing(await self._place(department))

    async def _at(self, department: str, act: Callable[[Place], Awaitable[Result]]) -> Result:
        remembered = department in self._places
        try:
            return await act(await self._place(department))
        except NotThere:
            if not remembered:
                raise
            self._forget(department)
            return await act(await self._place(department))

    def _forget(self, department: str) -> None:
        place = self._places.pop(department, None)
        if place:
            self._folders = {key: value for key, value in self._folders.items() if key[0] != place.drive_id}

    async def _place(self, department_id: str) -> Place:
        if department_id not in self._places:
            self._places[department_id] = await self._look_up(self._city.by_id[department_id])
        return self._places[department_id]

    async def _look_up(self, department: Department) -> Place:
        site_name = f"Stránka {department.site}"
        key = f"{self._city.city.sharepoint_host}:{department.site}"
        sites = self._graph.sdk.sites
        site = await self._graph.ask(sites.by_site_id(key).get(native()), site_name)
        drives = await self._graph.ask(sites.by_site_id(site["id"]).drives.get(native()), site_name)
        wanted = _folded(department.library)
        for drive in drives["value"]:
            if _folded(drive["name"]) == wanted:
                return Place(department, drive["id"], await self._read_columns(drive["id"], site_name))
        raise DeliveryRefused(
            f"no library {department.library} in {department.site}",
            reason=f"Na stránke {department.site} nie je knižnica „{department.library}“.",
            advice="Vráťte knižnici pôvodný názov alebo opravte `library` v config/departments.yaml.",
        )

    async def _read_columns(self, drive_id: str, what: str) -> frozenset[str]:
        drive = self._graph.sdk.drives.by_drive_id(drive_id)
        columns = await self._graph.ask(drive.list_.columns.get(native()), what)
        return frozenset(column["name"] for column in columns["value"])

    async def _folder(self, place: Place, name: str) -> str:
        """The month's folder, made by whoever comes first."""
        key = (place.drive_id, name)
        if key not in self._folders:
            self._folders[key] = await self._make_folder(place, name)
        return self._folders[key]

    async def _make_folder(self, place: Place, name: str) -> str:
        found = await self._find_folder(place, name)
        if found:
            return found
        body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
        address = f"/drives/{quote(place.drive_id)}/root/children"
        try:
            return str((await self._graph.send("POST", address, what=place.what, json=body)).json()["id"])
        except TransientError as error:
            # Another document of this month may have made it in between.
            found = await self._find_folder(place, name) if error.status == CONFLICT else None
            if not found:
                raise
            return found

    async def _find_folder(self, place: Place, name: str) -> str | None:
        address = f"/drives/{quote(place.drive_id)}/root:/{quote(name)}"
        try:
            return str((await self._graph.send("GET", address, what=place.what)).json()["id"])
        except NotThere:
            return None

    async def _upload(self, place: Place, folder_id: str, name: str, pdf: bytes) -> tuple[str, str]:
        address = f"/drives/{quote(place.drive_id)}/items/{quote(folder_id)}:/{quote(name)}:"

        async def open_session() -> str:
            answer = await self._graph.send(
                "POST", f"{address}/createUploadSession", what=place.what, json={"item": REPLACE}
            )
            return str(answer.json()["uploadUrl"])

        if len(pdf) > LARGEST_PUT:
            answer = await upload(self._graph, pdf, open_session, place.what)
        else:
            headers = {"Content-Type": "application/pdf"}
            answer = await self._graph.send(
                "PUT", f"{address}/content", what=place.what, content=pdf, headers=headers, params=REPLACE
            )
        item = answer.json()
        return str(item["id"]), str(item["webUrl"])

    async def _download(self, item: FiledItem) -> bytes:
        """As it is now: people may have signed or stamped it since it was filed."""
        address = f"/drives/{quote(item.drive_id)}/items/{quote(item.item_id)}/content"
        return (await self._graph.send("GET", address, what=f"Súbor „{item.name}“")).content

    async def _relocate(self, place: Place, item: FiledItem, folder_id: str, name: str) -> tuple[str, str]:
        body = DriveItem(name=name, parent_reference=ItemReference(id=folder_id))
        items = self._graph.sdk.drives.by_drive_id(place.drive_id).items
        moved = await self._graph.ask(
            items.by_drive_item_id(item.item_id).patch(body, native()), f"Súbor „{item.name}“"
        )
        return item.item_id, str(moved["webUrl"])

    async def _describe(self, place: Place, item_id: str, name: str, url: str, columns: Columns) -> FiledItem:
        """Set the columns that the library has; those it lacks are told and stop nothing."""
        known = {column: value for column, value in columns.items() if column in place.columns}
        if known:
            address = f"/drives/{quote(place.drive_id)}/items/{quote(item_id)}/listItem/fields"
            await self._graph.send("PATCH", address, what=place.what, json=known)
        return FiledItem(
            department=place.department.id,
            drive_id=place.drive_id,
            item_id=item_id,
            name=name,
            url=url,
            missing_columns=_missing(place),
        )


def _missing(place: Place) -> list[str]:
    return [d.display_name for d in DEFINITIONS if d.name.value not in place.columns]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()

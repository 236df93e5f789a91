"""SharePoint sites, their document libraries and the libraries' columns, as the city's file names them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from sqlite3 import Row
from typing import Any

from local.microsoft365.database import Database
from local.microsoft365.graph_errors import GraphError, bad_request, not_found
from shared.departments import City

NAMESPACE = uuid.UUID("5f2c6f0e-7d55-4c8e-9a4a-0d1c3b6f9e21")
TYPES = ("text", "number", "dateTime", "boolean", "choice", "hyperlinkOrPicture", "currency", "personOrGroup")
# What every document library has from its birth; a value may be set only on the first.
BUILT_IN = (
    {"name": "Title", "displayName": "Názov", "text": {"maxLength": 255}, "readOnly": False},
    {"name": "FileLeafRef", "displayName": "Meno súboru", "text": {}, "readOnly": True},
    {"name": "Created", "displayName": "Vytvorené", "dateTime": {"format": "dateTime"}, "readOnly": True},
    {"name": "Modified", "displayName": "Zmenené", "dateTime": {"format": "dateTime"}, "readOnly": True},
)
SINGLE_LINE = 255


class Libraries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def seed(self, city: City, columns: Iterable[Mapping[str, Any]]) -> None:
        """Make what the city names and is not there yet. Ids come from names, so they are the same every time."""
        own_columns = list(columns)
        host = city.city.sharepoint_host
        for department in city.departments:
            site = self._ensure_site(host, department.site)
            drive = self._ensure_drive(site, department.library)
            for column in own_columns:
                if self._find_column(drive["list"], str(column["name"])) is None:
                    self.add_column(drive["list"], dict(column))

    def sites(self) -> list[Row]:
        return self._database.all("SELECT * FROM sites ORDER BY path")

    def site(self, site_id: str) -> Row:
        """By id `host,guid,guid`, or by the bare middle guid as Graph allows."""
        row = self._database.one("SELECT * FROM sites WHERE id = ? OR id LIKE '%,' || ? || ',%'", site_id, site_id)
        return _found(row, "Requested site could not be found")

    def site_at(self, host: str, path: str) -> Row:
        row = self._database.one("SELECT * FROM sites WHERE host = ? AND lower(path) = lower(?)", host, path)
        return _found(row, "Requested site could not be found")

    def drives(self, site_id: str) -> list[Row]:
        return self._database.all("SELECT * FROM drives WHERE site = ? ORDER BY rowid", site_id)

    def drive(self, drive_id: str) -> Row:
        row = self._database.one("SELECT * FROM drives WHERE id = ?", drive_id)
        return _found(row, "The resource could not be found.")

    def library(self, site_id: str, list_id: str) -> Row:
        """A list of a site by its id or title."""
        row = self._database.one(
            "SELECT * FROM drives WHERE site = ? AND (list = ? OR name = ?)", site_id, list_id, list_id
        )
        return _found(row, "The specified list was not found")

    def drive_of(self, host: str, site: str, library: str) -> Row:
        """The library that the city's file names, whatever it is called by now."""
        return self.drive(_drive_id(_site_id(host, site), library))

    def rename(self, drive_id: str, name: str) -> None:
        """For tests: the library is called otherwise from now on."""
        self._database.write("UPDATE drives SET name = ? WHERE id = ?", name, drive_id)

    def columns(self, list_id: str) -> list[dict[str, Any]]:
        rows = self._database.all("SELECT definition FROM columns WHERE list = ? ORDER BY rowid", list_id)
        return [json.loads(row["definition"]) for row in rows]

    def add_column(self, list_id: str, column: dict[str, Any]) -> dict[str, Any]:
        name = column.get("name")
        kinds = [kind for kind in TYPES if isinstance(column.get(kind), dict)]
        if not isinstance(name, str) or not name.strip() or len(kinds) != 1:
            raise bad_request('A column needs a name and exactly one type, such as "text": {}')
        if self._find_column(list_id, name) is not None:
            raise GraphError(409, "nameAlreadyExists", "The specified column name already exists")
        standard = {"indexed": False, "required": False, "hidden": False, "readOnly": False}
        definition = {
            "id": str(uuid.uuid5(NAMESPACE, f"{list_id}/{name}")),
            "displayName": name,
            "columnGroup": "Custom Columns",
            **standard,
            **column,
        }
        self._database.insert(
            "columns", id=definition["id"], list=list_id, name=name, definition=json.dumps(definition)
        )
        return definition

    def delete_column(self, list_id: str, name: str) -> None:
        self._database.write("DELETE FROM columns WHERE list = ? AND name = ?", list_id, name)

    def check_values(self, list_id: str, values: Mapping[str, Any]) -> None:
        """Refuse what SharePoint refuses: an unknown column, a read-only one, a value of another type."""
        for name, value in values.items():
            column = self._find_column(list_id, name)
            if column is None or column["name"] != name:
                raise bad_request(f"Field '{name}' is not recognized")
            if column["readOnly"]:
                raise bad_request(f"Field '{name}' is read-only")
            if value is not None and not _fits(column, value):
                raise GraphError(400, "invalidRequest", "Invalid request", inner=f"value of {name}")

    def _find_column(self, list_id: str, name: str) -> dict[str, Any] | None:
        row = self._database.one("SELECT definition FROM columns WHERE list = ? AND name = ?", list_id, name)
        return dict(json.loads(row["definition"])) if row else None

    def _ensure_site(self, host: str, path: str) -> Row:
        site_id = _site_id(host, path)
        if self._database.one("SELECT id FROM sites WHERE path = ?", path) is None:
            name = path.rsplit("/", 1)[-1]
            self._database.insert("sites", id=site_id, host=host, path=path, name=name, created=self._database.now())
        return self.site_at(host, path)

    def _ensure_drive(self, site: Row, name: str) -> Row:
        drive_id = _drive_id(site["id"], name)
        row = self._database.one("SELECT * FROM drives WHERE id = ?", drive_id)
        if row is None:
            list_id = str(uuid.uuid5(NAMESPACE, f"list:{site['id']}/{name}"))
            self._database.insert(
                "drives", id=drive_id, site=site["id"], list=list_id, name=name, created=self._database.now()
            )
            for column in BUILT_IN:
                self.add_column(list_id, {**column, "columnGroup": "_Hidden"})
        return self.drive(drive_id)


def _site_id(host: str, path: str) -> str:
    return ",".join([host, *(str(uuid.uuid5(NAMESPACE, f"{part}:{host}{path}")) for part in ("collection", "web"))])


def _drive_id(site_id: str, library: str) -> str:
    return f"b!{uuid.uuid5(NAMESPACE, f'drive:{site_id}/{library}').hex}"


def _fits(column: Mapping[str, Any], value: object) -> bool:
    if "number" in column or "currency" in column:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if "boolean" in column:
        return isinstance(value, bool)
    if "text" in column and not column["text"].get("allowMultipleLines"):
        return isinstance(value, str) and len(value) <= SINGLE_LINE
    if "dateTime" in column:
        return isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-"
    return isinstance(value, str)


def _found(row: Row | None, message: str) -> Row:
    if row is None:
        raise not_found(message)
    return row

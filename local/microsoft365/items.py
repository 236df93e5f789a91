"""Files and folders in the libraries: what SharePoint does with them, and what it refuses."""

from __future__ import annotations

import json
import mimetypes
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Row
from typing import Any

from local.microsoft365.database import Database
from local.microsoft365.graph_errors import GraphError, bad_request, name_taken, not_found

# support.microsoft.com "Restrictions and limitations in OneDrive and SharePoint"
FORBIDDEN_CHARACTERS = re.compile(r'["*:<>?/\\|\x00-\x1f]')
FORBIDDEN_NAMES = re.compile(r"(\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini|~\$.*|.*_vti_.*)", re.IGNORECASE)
LONGEST_NAME = 255
LONGEST_PATH = 400
CONFLICTS = ("fail", "replace", "rename")


class Items:
    def __init__(self, database: Database) -> None:
        self._database = database

    def root(self, drive: str) -> Row:
        root = self._child(drive, "", "root")
        return root if root is not None else self._insert(drive, "", "root", folder=1)

    def get(self, drive: str, item_id: str) -> Row:
        if item_id == "root":
            return self.root(drive)
        row = self._database.one("SELECT * FROM items WHERE drive = ? AND id = ?", drive, item_id)
        if row is None:
            raise not_found()
        return row

    def by_number(self, drive: str, number: str) -> Row:
        row = self._database.one("SELECT * FROM items WHERE drive = ? AND number = ?", drive, number)
        if row is None:
            raise not_found("The specified list item was not found")
        return row

    def find(self, drive: str, anchor: Row, path: Sequence[str]) -> Row:
        item = anchor
        for name in path:
            child = self._child(drive, item["id"], name)
            if child is None:
                raise not_found()
            item = child
        return item

    def child(self, parent: Row, name: str) -> Row | None:
        return self._child(parent["drive"], parent["id"], name)

    def children(self, parent: Row) -> list[Row]:
        return self._database.all(
            "SELECT * FROM items WHERE drive = ? AND parent = ? ORDER BY folder DESC, name_key",
            parent["drive"],
            parent["id"],
        )

    def files(self, drive: str) -> list[Row]:
        return self._database.all("SELECT * FROM items WHERE drive = ? AND folder = 0 ORDER BY number", drive)

    def path(self, item: Row) -> list[str]:
        """The names from the library's root down to the item."""
        names: list[str] = []
        while item["parent"]:
            names.insert(0, item["name"])
            item = self.get(item["drive"], item["parent"])
        return names

    def ensure_folders(self, anchor: Row, names: Sequence[str]) -> Row:
        """SharePoint makes the missing folders of a path that a file is put to."""
        for name in names:
            anchor = self.child(anchor, name) or self.make_folder(anchor, name, "fail")[0]
        return anchor

    def make_folder(self, parent: Row, name: str, conflict: str) -> tuple[Row, bool]:
        """The folder, and whether it is new."""
        found = self.child(parent, name)
        if found is None:
            return self._insert(parent["drive"], parent["id"], self._allowed(parent, name), folder=1), True
        if conflict == "rename":
            return self.make_folder(parent, self._free_name(parent, name), "fail")
        if conflict != "replace" or not found["folder"]:
            raise name_taken()
        return found, False

    def check_name(self, parent: Row, name: str, conflict: str) -> None:
        """Refuse now what `put_file` would refuse later."""
        self._allowed(parent, name)
        found = self.child(parent, name)
        if found is not None and (conflict == "fail" or (conflict == "replace" and found["folder"])):
            raise name_taken()

    def put_file(
        self, parent: Row, name: str, incoming: Path, size: int, sha256: str, conflict: str
    ) -> tuple[Row, bool]:
        """Take the bytes in; the file, and whether it is new."""
        self.check_name(parent, name, conflict)
        found = self.child(parent, name)
        if found is not None and conflict == "replace":
            self._database.keep(incoming, found["id"])
            self._update(found, size=size, sha256=sha256)
            return self.get(found["drive"], found["id"]), False
        if found is not None:
            name = self._free_name(parent, name)
        item_id = _new_id()
        self._database.keep(incoming, item_id)
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        row = self._insert(
            parent["drive"], parent["id"], name, id=item_id, folder=0, size=size, sha256=sha256, mime=mime
        )
        return row, True

    def relocate(self, item: Row, parent: Row | None, name: str | None, conflict: str) -> Row:
        """Rename, or move within the library."""
        target = parent if parent is not None else self.get(item["drive"], item["parent"])
        wanted = self._allowed(target, name or item["name"])
        found = self.child(target, wanted)
        if found is not None and found["id"] != item["id"]:
            if conflict == "rename":
                wanted = self._free_name(target, wanted)
            elif conflict == "replace" and not found["folder"]:
                self.delete(found)
            else:
                raise name_taken()
        self._update(item, parent=target["id"], name=wanted, name_key=wanted.casefold())
        return self.get(item["drive"], item["id"])

    def copy(self, item: Row, parent: Row, name: str | None, conflict: str, known: set[str]) -> Row:
        """Copy a file; of its values those go along whose column the other library knows."""
        if item["folder"]:
            raise GraphError(400, "notSupported", "The stand-in copies files, not folders")
        incoming = self._database.new_file()
        incoming.write_bytes(self.content(item).read_bytes())
        copied, _ = self.put_file(parent, name or item["name"], incoming, item["size"], item["sha256"], conflict)
        values = {key: value for key, value in json.loads(item["fields"]).items() if key in known}
        self._database.write("UPDATE items SET fields = ? WHERE id = ?", json.dumps(values), copied["id"])
        return self.get(copied["drive"], copied["id"])

    def delete(self, item: Row) -> None:
        if not item["parent"]:
            raise GraphError(403, "accessDenied", "The root of a library cannot be deleted")
        for child in self.children(item):
            self.delete(child)
        self._database.write("DELETE FROM items WHERE id = ?", item["id"])
        self.content(item).unlink(missing_ok=True)

    def set_fields(self, item: Row, values: dict[str, Any]) -> Row:
        fields = {**json.loads(item["fields"]), **values}
        kept = {key: value for key, value in fields.items() if value is not None}
        self._update(item, fields=json.dumps(kept))
        return self.get(item["drive"], item["id"])

    def content(self, item: Row) -> Path:
        return self._database.files / str(item["id"])

    def _child(self, drive: str, parent: str, name: str) -> Row | None:
        return self._database.one(
            "SELECT * FROM items WHERE drive = ? AND parent = ? AND name_key = ?",
            drive,
            parent,
            name.casefold(),
        )

    def _insert(self, drive: str, parent: str, name: str, **values: Any) -> Row:
        now = self._database.now()
        last = self._database.one("SELECT coalesce(max(number), -1) AS number FROM items WHERE drive = ?", drive)
        number = (int(last["number"]) if last else -1) + 1
        columns = {"id": _new_id(), "created": now, "modified": now, "number": number, **values}
        self._database.insert("items", drive=drive, parent=parent, name=name, name_key=name.casefold(), **columns)
        return self.get(drive, columns["id"])

    def _update(self, item: Row, **values: Any) -> None:
        changed = {**values, "modified": self._database.now(), "version": item["version"] + 1}
        sets = ", ".join(f"{column} = ?" for column in changed)
        query = f"UPDATE items SET {sets} WHERE id = ?"  # noqa: S608 - own names
        self._database.write(query, *changed.values(), item["id"])

    def _free_name(self, parent: Row, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if dot else (name, "")
        number = 1
        while self.child(parent, f"{stem} {number}{ending}") is not None:
            number += 1
        return f"{stem} {number}{ending}"

    def _allowed(self, parent: Row, name: str) -> str:
        if not parent["folder"]:
            raise bad_request("The parent is a file")
        if not name or name != name.strip() or name.endswith(".") or len(name) > LONGEST_NAME:
            raise bad_request("The provided name is not valid: empty, too long, or with a blank or dot at its end")
        if FORBIDDEN_CHARACTERS.search(name) or FORBIDDEN_NAMES.fullmatch(name):
            raise bad_request("The provided name contains characters that aren't allowed, or is a reserved name")
        if len("/".join([*self.path(parent), name])) > LONGEST_PATH:
            raise bad_request("The path of the item is too long")
        return name


def _new_id() -> str:
    """Graph's item ids are 34 capitals and digits that begin with 01."""
    return f"01{uuid.uuid4().hex.upper()}"

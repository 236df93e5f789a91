"""Everything of the stand-in's Microsoft 365 in one place, and how a handler reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row
from typing import Any

from aiohttp import web

from local.microsoft365.channels import Channels
from local.microsoft365.database import Clock, Database, utc_now
from local.microsoft365.items import Items
from local.microsoft365.libraries import Libraries
from local.microsoft365.mailboxes import Mailboxes
from shared.departments import City, Delivery, Department


@dataclass(frozen=True)
class Tenant:
    city: City
    database: Database
    libraries: Libraries
    items: Items
    mailboxes: Mailboxes
    channels: Channels

    def library_of(self, department: Department) -> Row:
        return self.libraries.drive_of(self.city.city.sharepoint_host, department.site, department.library)

    @property
    def channel_ids(self) -> list[str]:
        return [d.id for d in self.city.departments if Delivery.TEAMS in d.channels]


TENANT = web.AppKey("tenant", Tenant)


def open_tenant(state: Path, city: City, columns: Iterable[Mapping[str, Any]], clock: Clock = utc_now) -> Tenant:
    database = Database(state, clock)
    libraries = Libraries(database)
    libraries.seed(city, columns)
    mailboxes = Mailboxes(database, {city.city.mailbox})
    return Tenant(city, database, libraries, Items(database), mailboxes, Channels(database))

"""The city, its departments and its outside authorities, read from config/departments.yaml."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from shared.configuration import load
from shared.model import MAILROOM, Event, Value

# A topic name is `dept-` and the id; Service Bus allows 260 characters, storage and function names far fewer.
DepartmentId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]


class Role(StrEnum):
    DEPARTMENT = "department"
    MAILROOM = "mailroom"
    AUTHORITY = "authority"


class Delivery(StrEnum):
    """A delivery channel; also the name of its subscription on every department's topic."""

    SHAREPOINT = "sharepoint"
    TEAMS = "teams"
    EMAIL = "email"


class ChannelRules(Value):
    events: list[Event] = Field(min_length=1)


class CityOffice(Value):
    name: str
    office: str
    address: str
    time_zone: str
    sharepoint_host: str
    mailbox: str


class Department(Value):
    id: DepartmentId
    name: str
    role: Role = Role.DEPARTMENT
    site: str = Field(pattern=r"^/sites/[A-Za-z0-9_-]+$")
    library: str = Field(min_length=1)
    channels: list[Delivery] = Field(min_length=1)
    email: str | None = None
    confirm: bool = False

    @property
    def topic(self) -> str:
        return f"dept-{self.id}"


class City(Value):
    """The whole file."""

    city: CityOffice
    channels: dict[Delivery, ChannelRules]
    departments: list[Department]

    @model_validator(mode="after")
    def check_departments(self) -> Self:
        problems: list[str] = []
        seen: set[str] = set()
        for department in self.departments:
            if department.id in seen:
                problems.append(f"departments: id '{department.id}' stands twice; give each department its own id")
            seen.add(department.id)
            if Delivery.EMAIL in department.channels and not department.email:
                problems.append(f"departments.{department.id}.email: channel 'email' needs an address; add `email:`")
            problems += [
                f"departments.{department.id}.channels: '{name}' has no events; add it under top-level `channels`"
                for name in department.channels
                if name not in self.channels
            ]
        mailrooms = [d.id for d in self.departments if d.role is Role.MAILROOM]
        if mailrooms != [MAILROOM]:
            problems.append(
                f"departments: exactly one entry, '{MAILROOM}', must have `role: mailroom`; found {mailrooms}"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @cached_property
    def by_id(self) -> dict[str, Department]:
        return {department.id: department for department in self.departments}

    @property
    def mailroom(self) -> Department:
        return self.by_id[MAILROOM]


def load_city(path: Path) -> City:
    """Read and check the file; raises ConfigurationError with every problem at once."""
    return load(path, City)

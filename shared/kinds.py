"""The kinds of document the city knows, read from config/document_kinds.yaml and checked against its departments."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from shared.configuration import load
from shared.departments import City, Role
from shared.model import Value

FILE_NAME = "document_kinds.yaml"
KindId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Phrase = Annotated[str, StringConstraints(min_length=3, max_length=120)]


class Unit(StrEnum):
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Start(StrEnum):
    """The event a period counts from; the day of the event itself does not count (§ 27 of act 71/1967)."""

    RECEIVED = "received"


class FieldName(StrEnum):
    """What may be read off a document."""

    APPLICANT = "applicant"
    ADDRESS = "address"
    BIRTH_NUMBER = "birth_number"
    COMPANY_ID = "company_id"
    DATE = "date"
    PARCEL = "parcel"
    SUBJECT = "subject"


class DeadlineRule(Value):
    """A statutory period, in force from `valid_from` (always, when absent) until a later rule of the same kind."""

    count: int = Field(gt=0, le=365)
    unit: Unit
    act: str = Field(min_length=5)
    start: Start = Field(alias="from")
    valid_from: date | None = None


class Kind(Value):
    id: KindId
    title: Phrase
    titles: list[Phrase] = Field(default_factory=list)
    department: str
    phrases: dict[Phrase, Annotated[float, Field(gt=0, le=5)]] = Field(min_length=1)
    terms: list[Phrase] = Field(default_factory=list)
    act: str = Field(min_length=5)
    deadline: list[DeadlineRule] = Field(default_factory=list)
    fields: list[FieldName] = Field(default_factory=list)

    @field_validator("id")
    @classmethod
    def check_new(cls, value: str, info: ValidationInfo) -> str:
        seen: set[str] = (info.context or {}).get("seen", set())
        if value in seen:
            raise ValueError(f"kind '{value}' stands twice; give each kind its own id")
        seen.add(value)
        return value

    @field_validator("department")
    @classmethod
    def check_department(cls, value: str, info: ValidationInfo) -> str:
        known: list[str] | None = (info.context or {}).get("departments")
        if known is not None and value not in known:
            raise ValueError(f"no department '{value}' in departments.yaml; write one of {', '.join(known)}")
        return value

    @field_validator("deadline")
    @classmethod
    def check_order(cls, value: list[DeadlineRule]) -> list[DeadlineRule]:
        starts = [rule.valid_from or date.min for rule in value]
        if starts != sorted(set(starts)):
            raise ValueError("rules must stand in the order of `valid_from`, one for each date")
        return value

    def deadline_on(self, day: date) -> DeadlineRule | None:
        """The rule in force on `day`."""
        in_force = [rule for rule in self.deadline if rule.valid_from is None or rule.valid_from <= day]
        return in_force[-1] if in_force else None


class Catalogue(Value):
    """The whole file."""

    kinds: list[Kind] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def forget_seen(cls, data: object, info: ValidationInfo) -> object:
        if info.context:
            info.context["seen"] = set()
        return data

    @cached_property
    def by_id(self) -> dict[str, Kind]:
        return {kind.id: kind for kind in self.kinds}

    @cached_property
    def departments(self) -> list[str]:
        """Every department that some kind belongs to, sorted."""
        return sorted({kind.department for kind in self.kinds})

    @cached_property
    def fingerprint(self) -> str:
        """Changes when a kind is added, removed or given to another department; a trained model carries it."""
        pairs = sorted(f"{kind.id}={kind.department}" for kind in self.kinds)
        return hashlib.sha256("\n".join(pairs).encode()).hexdigest()[:16]


def load_kinds(path: Path, city: City) -> Catalogue:
    """Read and check the file (or the one in the folder); raises ConfigurationError with every problem at once."""
    file = path / FILE_NAME if path.is_dir() else path
    known = [department.id for department in city.departments if department.role is not Role.MAILROOM]
    return load(file, Catalogue, {"departments": known})

"""What the timers go by, read from config/operations.yaml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from shared.configuration import load
from shared.model import State, Value

FILE_NAME = "operations.yaml"
Days = Field(gt=0, le=36500)
Minutes = Field(gt=0, le=100_000)


class Strict(Value):
    """A misspelt key would silently keep a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(Strict):
    """The longest stay in a state, in minutes."""

    received: int = Minutes
    recognized: int = Minutes
    routed: int = Minutes
    filed: int = Minutes
    review: int = Minutes

    def of(self, state: State) -> timedelta:
        return timedelta(minutes=getattr(self, state.value))


class Checking(Strict):
    look_back_days: int = Days
    event_minutes: int = Minutes
    limits_minutes: Limits


class Periods(Strict):
    """Days; the names but the last are containers."""

    scans: int = Days
    documents: int = Days
    delivered: int = Days
    extracted: int = Days
    previews: int = Days
    blanks: int = Days
    quarantine: int = Days
    corrections: int = Days
    ledger_details: int = Days

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Once its details are gone a row is not looked at again."""
        longer = [name for name, days in self.model_dump().items() if days > self.ledger_details]
        if longer:
            raise ValueError(f"ledger_details must be the longest period; {', '.join(longer)} is longer")
        return self

    def of(self, what: str) -> timedelta:
        return timedelta(days=getattr(self, what))


class Operations(Strict):
    """The whole file."""

    reconciliation: Checking
    retention: Periods


def load_operations(directory: Path) -> Operations:
    """Raises ConfigurationError with every problem at once."""
    return load(directory / FILE_NAME, Operations)

"""What a month costs, from documents a day: list prices of infra/prices.yaml times what a document uses.

uv run python -m infra.cost --documents 300
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import BaseModel, Field, HttpUrl
from rich.console import Console
from rich.table import Table

PRICES = Path(__file__).with_name("prices.yaml")
MONTH_SECONDS = 730 * 3600  # the month Azure bills by
ENDPOINTS = 9  # main.bicep, privateServices


class Price(BaseModel):
    price: float = Field(gt=0)
    unit: str
    source: HttpUrl


class Usage(BaseModel):
    working_days: int
    pages: float
    seconds: float
    megabytes: float
    log_kilobytes: float
    months_kept: int


class Prices(BaseModel):
    currency: str
    prices: dict[str, Price]
    usage: Usage


@dataclass(frozen=True)
class Choices:
    """The parameters of a deployment that cost money."""

    memory_gb: float = 4
    always_ready: int = 1
    private: bool = False
    sftp: bool = False
    malware: bool = False


def load_prices(path: Path = PRICES) -> Prices:
    return Prices.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def month(book: Prices, documents_a_day: int, choices: Choices) -> dict[str, float]:
    """Each line of the bill. Free grants are left out, so the bill is a little lower."""
    usage = book.usage
    price = {name: entry.price for name, entry in book.prices.items()}
    documents = documents_a_day * usage.working_days
    stored_gb = documents * usage.months_kept * usage.megabytes / 1024
    lines = {
        "reading (Document Intelligence)": documents * usage.pages * price["read_page"],
        "functions": documents * usage.seconds * choices.memory_gb * price["function_gb_second"],
        "a warm instance": choices.always_ready * MONTH_SECONDS * choices.memory_gb * price["ready_gb_second"],
        "Service Bus": price["service_bus_premium"] if choices.private else price["service_bus_standard"],
        "storage, when full": stored_gb * price["storage_gb"],
        "logs": documents * usage.log_kilobytes / 2**20 * price["logs_gb"],
        "alerts": price["alerts"],
    }
    if choices.private:
        lines["private endpoints"] = ENDPOINTS * price["private_endpoint"]
    if choices.sftp:
        lines["SFTP"] = price["sftp"]
    if choices.malware:
        lines["malware scanning"] = documents * usage.megabytes / 1024 * price["malware_gb"]
    return lines


def main(
    documents: Annotated[int, typer.Option(help="Documents a working day.")] = 300,
    private: bool = False,
    sftp: bool = False,
    malware: bool = False,
) -> None:
    book = load_prices()
    lines = month(book, documents, Choices(private=private, sftp=sftp, malware=malware))
    table = Table("a month", book.currency, title=f"{documents} documents a working day")
    for name, amount in lines.items():
        table.add_row(name, f"{amount:.0f}")
    table.add_row("together", f"{sum(lines.values()):.0f}", style="bold")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)

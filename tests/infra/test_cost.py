from __future__ import annotations

import re

import pytest

from infra.cost import ENDPOINTS, Choices, load_prices, month
from tests.infra.bicep import INFRA, deploy, parameters

OPERATIONS = INFRA.parent / "docs" / "operations.md"


def test_what_grows_with_documents_grows_with_them_and_the_rest_stays() -> None:
    few, many = (month(load_prices(), documents, Choices()) for documents in (100, 1000))
    grown = {name for name in few if many[name] == pytest.approx(10 * few[name])}
    assert grown == {"reading (Document Intelligence)", "functions", "storage, when full", "logs"}
    assert all(many[name] == few[name] for name in few.keys() - grown)


def test_private_networking_costs_premium_and_an_endpoint_for_each_service() -> None:
    book = load_prices()
    lines = month(book, 300, Choices(private=True))
    assert lines["Service Bus"] == book.prices["service_bus_premium"].price
    given = parameters(INFRA / "main.prod.bicepparam") | {"privateNetworking": True}
    assert len(deploy(INFRA / "main.bicep", given).of("Microsoft.Network/privateEndpoints")) == ENDPOINTS


def test_the_defaults_are_those_of_production() -> None:
    given = parameters(INFRA / "main.prod.bicepparam")
    assert (given["instanceMemory"] / 1024, given["alwaysReady"]) == (Choices().memory_gb, Choices().always_ready)


def test_the_table_in_the_documentation_is_what_the_prices_add_up_to() -> None:
    rows = re.findall(r"^\| ([\d,]+) \| (\d+) \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {int(documents.replace(",", "")): int(amount) for documents, amount in rows}
    assert shown == {n: round(sum(month(load_prices(), n, Choices()).values())) for n in (100, 300, 1000)}


def test_production_stays_below_its_budget_at_a_thousand_documents_a_day() -> None:
    budget = parameters(INFRA / "main.prod.bicepparam")["monthlyBudget"]
    assert sum(month(load_prices(), 1000, Choices()).values()) < budget

"""The workbook's and the alerts' queries are files that can be read, and every alert has its runbook."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import holidays
import pytest

from shared.telemetry.names import Attribute, Metric, Stage
from tests.infra.bicep import INFRA, Deployment, deploy, parameters

QUERIES = sorted((INFRA / "queries").glob("*.kql"))
RUNBOOKS = INFRA.parent / "docs" / "operations.md"
# https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
TABLES = {"AppDependencies", "AppMetrics", "StorageQueueLogs"}
OPERATORS = {
    "count", "distinct", "extend", "join", "mv-expand", "order", "project", "summarize", "top", "where",
}  # fmt: skip
METRICS = {metric.value for metric in Metric}
SPANS = {stage.value for stage in Stage}
ATTRIBUTES = {attribute.value for attribute in Attribute}


def read(path: Path) -> str:
    """Without comments and with the alerts' one parameter filled in."""
    text = path.read_text(encoding="utf-8").replace("{minutes}", "30")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))


def split_statements(query: str) -> list[str]:
    return [statement.strip() for statement in query.split(";") if statement.strip()]


def deploy_prod() -> Deployment:
    return deploy(INFRA / "main.bicep", parameters(INFRA / "main.prod.bicepparam"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_is_well_formed(path: Path) -> None:
    query = read(path)
    bare = re.sub(r'"[^"\n]*"', '""', query)
    for opening, closing in ("()", "[]", "{}"):
        assert bare.count(opening) == bare.count(closing)
    assert '"' not in bare.replace('""', "")
    *lets, last = split_statements(query)
    assert all(re.match(r"let \w+ = ", statement) for statement in lets)
    names = {re.split(r"\W+", statement)[1] for statement in lets}
    assert re.split(r"\W+", last)[0] in TABLES | names | {"print"}
    used = set(re.findall(r"\|\s*([a-z-]+)\b", bare))
    assert used <= OPERATORS
    assert all(re.search(rf"\b{name}\b", "".join(split_statements(query)[i + 1 :])) for i, name in enumerate(
        [re.split(r"\W+", statement)[1] for statement in lets]
    ))  # fmt: skip


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_names_only_telemetry_that_the_product_sends(path: Path) -> None:
    query = read(path)
    assert set(re.findall(r'Properties\["([^"]+)"\]', query)) <= ATTRIBUTES
    for table, names in (("AppMetrics", METRICS), ("AppDependencies", SPANS)):
        for part in re.split(r"(?=\bApp(?:Metrics|Dependencies)\b)", query):
            if part.startswith(table):
                compared = re.findall(r"Name (?:==|in) (\([^)]*\)|\"[^\"]*\")", part)
                assert set(re.findall(r'"([^"]+)"', " ".join(compared))) <= names


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_no_query_shows_what_stands_in_a_document(path: Path) -> None:
    assert not re.search(r"(?i)applicant|birth|text\b|source_name|address", read(path).replace("todatetime", ""))


def test_every_query_is_used_and_the_workbook_holds_every_panel() -> None:
    bicep = "".join(path.read_text("utf-8") for path in (INFRA / "modules").glob("*.bicep"))
    assert {path.name for path in QUERIES} == set(re.findall(r"queries/([\w-]+\.kql)", bicep))
    workbook = deploy_prod().one("Microsoft.Insights/workbooks").body["properties"]
    items: list[dict[str, Any]] = json.loads(workbook["serializedData"])["items"]
    shown = {item["content"]["query"] for item in items if item["type"] == 3}
    assert shown == {path.read_text("utf-8") for path in QUERIES if not path.stem.startswith("alert-")}
    assert workbook["displayName"] == "Podateľňa"


def alerts() -> dict[str, dict[str, Any]]:
    deployment = deploy_prod()
    kinds = ("Microsoft.Insights/metricAlerts", "Microsoft.Insights/scheduledQueryRules")
    return {r.path: r.body["properties"] for kind in kinds for r in deployment.of(kind)}


def test_every_alert_reaches_somebody_and_names_a_runbook_that_exists() -> None:
    text = RUNBOOKS.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}
    found = alerts()
    assert len(found) == 10
    for name, properties in found.items():
        (anchor,) = re.findall(r"Runbook: docs/operations\.md#([\w-]+)$", properties["description"])
        assert name == f"podatelna-prod-{anchor}"
        assert anchor in headings, f"docs/operations.md has no runbook {anchor}"
        assert "actionGroups" in str(properties["actions"])


def test_the_alerts_of_the_operations_issue_are_there() -> None:
    assert {name.removeprefix("podatelna-prod-") for name in alerts()} == {
        "dead-letters",
        "poisoned-scans",
        "event-delivery",
        "events-dropped",
        "not-delivered",
        "backlog-age",
        "ocr-throttled",
        "sharepoint-refused",
        "webhook-failing",
        "nothing-scanned",
    }
    assert deploy_prod().of("Microsoft.Consumption/budgets")


def test_alerts_on_delivery_follow_the_promised_time() -> None:
    given = parameters(INFRA / "main.prod.bicepparam") | {"deliveryMinutes": 45}
    rules = deploy(INFRA / "main.bicep", given).of("Microsoft.Insights/scheduledQueryRules")
    queries = {r.path: r.body["properties"]["criteria"]["allOf"][0]["query"] for r in rules}
    assert "ago(45m)" in queries["podatelna-prod-not-delivered"]
    assert "> 45 * 60" in queries["podatelna-prod-backlog-age"]
    assert not any("{minutes}" in query for query in queries.values())


@pytest.mark.parametrize("year", range(2027, 2037))
def test_the_days_on_which_nobody_scans_are_the_public_holidays(year: int) -> None:
    query = (INFRA / "queries" / "alert-nothing-scanned.kql").read_text(encoding="utf-8")
    days = {date.fromisoformat(day) for day in re.findall(r'"(\d{4}-\d\d-\d\d)"', query) if day.startswith(str(year))}
    days |= {date.fromisoformat(f"{year}-{day}") for day in re.findall(r'"(\d\d-\d\d)"', query)}
    assert days == set(holidays.country_holidays("SK", years=year))

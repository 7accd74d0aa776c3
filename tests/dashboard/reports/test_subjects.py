"""Whatever a report is about, it is written in every format, and twice in the same bytes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import moved_shop
import pytest
from report_builders import at
from verdict_builders import burnline

from dashboard import wiring
from dashboard.config import Config
from dashboard.config.report_def import ReportDef
from dashboard.reports import registry
from dashboard.reports.due import awaited
from dashboard.reports.issuing import made, written

AS_OF = at("2026-07-01T07:00Z")
SUBJECTS = ("budgets", "delivery", "migration")
REPORTS = """
[[slo]]
name = "uptime"
service = "api"
objective = 99.9
uptime = 'probe{service="api"}'
valid_for = "1h"

[[report]]
name = "budgets"
period = "month"

[[report]]
name = "delivery"
about = "delivery"
period = "month"

[[report]]
name = "migration"
about = "migration"
period = "month"
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moved")
    moved_shop.write(folder, config=moved_shop.CONFIG + REPORTS)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def config(shop: Path) -> Config:
    return wiring.configured(shop / "config.toml")


def report(config: Config, subject: str) -> ReportDef:
    return next(one for one in config.reports if one.name == subject)


def files(config: Config, subject: str, as_of: int = AS_OF) -> dict[str, bytes]:
    with wiring.reader(config) as reader:
        edition = made(config, reader, report(config, subject), as_of)
    return dict(written(edition, registry.names()))


def text(config: Config, subject: str, ending: str) -> str:
    return files(config, subject)[f"{subject}-2026-06.{ending}"].decode()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_is_written_in_every_format_about_the_month_that_had_ended(
    config: Config, subject: str
) -> None:
    endings = {registry.load(name).extension for name in registry.names()}

    found = files(config, subject)

    assert set(found) == {f"{subject}-2026-06.{ending}" for ending in endings}
    assert all(found.values())


@pytest.mark.parametrize("subject", SUBJECTS)
def test_any_moment_of_the_month_after_gives_the_same_bytes(config: Config, subject: str) -> None:
    later = at("2026-07-30T23:00Z")

    assert files(config, subject) == files(config, subject, later)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_document_of_a_subject_says_which_schema_it_keeps(config: Config, subject: str) -> None:
    schemas = {
        "budgets": "burnline.report/1",
        "delivery": "burnline.delivery-report/1",
        "migration": "burnline.migration/1",
    }

    assert json.loads(text(config, subject, "json"))["schema"] == schemas[subject]


def test_the_letter_of_a_migration_begins_with_its_verdict(config: Config) -> None:
    page = text(config, "migration", "md")

    assert page.startswith("# To the cloud: ")
    assert "improved" in page.splitlines()[0]
    assert "| API latency, p95" in page


def test_the_table_of_a_migration_has_a_row_for_each_measure(config: Config) -> None:
    rows = list(csv.DictReader(io.StringIO(text(config, "migration", "csv"))))

    assert [row["id"] for row in rows] == ["p95", "uptime", "incidents", "deployments"]
    assert float(rows[0]["before_estimate"]) > 0.5 > float(rows[0]["after_estimate"])


def test_the_table_of_delivery_lists_everything_that_its_letter_counts(config: Config) -> None:
    rows = list(csv.DictReader(io.StringIO(text(config, "delivery", "csv"))))

    happened = [row for row in rows if row["row"] in {"deployment", "incident", "outage"}]
    counted = next(row for row in rows if row["name"] == "deployment-frequency")
    assert int(counted["n"]) == sum(row["row"] == "deployment" for row in happened)
    assert all((row["until"] or row["since"]) >= "2026-06-01" for row in happened)
    assert all(row["since"] < "2026-07-01" for row in happened)


def test_a_report_of_budgets_waits_for_its_promises_and_the_others_for_every_source(
    config: Config,
) -> None:
    assert awaited(config, report(config, "budgets")) == {"shop"}
    assert awaited(config, report(config, "delivery")) == {"shop"}
    assert awaited(config, report(config, "migration")) == {"shop"}


def test_events_may_come_from_a_source_without_a_promise(tmp_path: Path) -> None:
    shop = """
[[source]]
name = "shop"
kind = "files"
[[source.file]]
path = "probes.csv"
holds = "probes"

[[source]]
name = "tags"
kind = "git"
path = "."
"""
    promised = REPORTS.replace("objective =", 'source = "shop"\nobjective =')
    path = tmp_path / "config.toml"
    path.write_text(shop + promised.partition('[[report]]\nname = "migration"')[0])
    loaded = wiring.configured(path)

    assert awaited(loaded, report(loaded, "budgets")) == {"shop"}
    assert awaited(loaded, report(loaded, "delivery")) == {"shop", "tags"}

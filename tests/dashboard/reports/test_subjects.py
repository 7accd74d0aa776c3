"""Whatever a report is about, it is written in every format, and twice in the same bytes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import moved_shop
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from report_builders import at
from verdict_builders import ROOT, burnline

from dashboard import wiring
from dashboard.config import Config
from dashboard.config.report_def import ReportDef
from dashboard.config.report_table import KEYS
from dashboard.config.subjects import NAMED, keys_of, subject_names
from dashboard.reports import registry
from dashboard.reports.due import awaited
from dashboard.reports.issuing import made, written

AS_OF = at("2026-07-01T07:00Z")
SUBJECTS = subject_names()
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
        "migration": "burnline.migration-report/1",
    }

    assert json.loads(text(config, subject, "json"))["schema"] == schemas[subject]


@pytest.mark.parametrize("subject", ["delivery", "migration"])
def test_the_document_of_a_subject_holds_to_its_schema_with_its_name_and_its_period(
    config: Config, subject: str
) -> None:
    schema = _schema(f"{subject}-report-1.json")
    names = ("delivery-1.json", "incidents-1.json", "migration-1.json")
    published = Registry().with_resources(
        (one["$id"], Resource.from_contents(one)) for one in map(_schema, names)
    )

    found = json.loads(text(config, subject, "json"))

    Draft202012Validator(schema, registry=published).validate(found)
    assert (found["name"], found["period"]) == (subject, "2026-06")


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "dashboard" / "schemas" / name).read_text())
    return found


@pytest.mark.parametrize("subject", subject_names())
def test_every_subject_is_a_file_that_says_which_keys_it_takes_and_what_they_name(
    subject: str,
) -> None:
    assert registry.subject(subject).edition
    assert set(keys_of(subject)) <= set(KEYS)
    assert set(keys_of(subject).values()) <= NAMED


def test_a_subject_is_found_by_its_file_alone_which_is_read_and_never_run(tmp_path: Path) -> None:
    never = 'raise RuntimeError("it was run")\n'
    (tmp_path / "cost.py").write_text(f'{never}KEYS = {{"service": "service"}}\n')
    (tmp_path / "plain_.py").write_text(never)

    assert subject_names(tmp_path) == ("cost", "plain")
    assert keys_of("cost", tmp_path) == {"service": "service"}
    assert keys_of("plain", tmp_path) == {}


def test_a_report_of_a_migration_says_its_look_and_whether_it_is_the_planned_one(
    config: Config,
) -> None:
    found = json.loads(text(config, "migration", "json"))["migration"]

    look = next(one for one in config.migrations if one.name == found["name"]).evaluate_at
    assert found["interim"] is (look > at("2026-07-01T00:00Z"))
    assert found["as_of"] <= "2026-07-01T00:00:00Z"


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

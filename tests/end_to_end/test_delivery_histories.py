"""Real histories of runs, incidents and releases, collected and shown by the command itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from delivery_builders import at
from verdict_builders import burnline

CONFIG = """
[[source]]
kind = "files"
name = "ci"
[[source.file]]
path = "{data}/ci_rate_ukma/runs.csv"
holds = "events"
kind = "pipeline_run"
columns = {{ at = "created_at_utc" }}
key = ["run_id"]
service = "rate"

[[source]]
kind = "files"
name = "status-page"
[[source.file]]
path = "{data}/incidents_gcp/incidents.csv"
holds = "incidents"
columns = {{ at = "begin_utc", ended_at = "end_utc", service = "service_name" }}
key = ["incident_id"]

[[source]]
kind = "files"
name = "code"
[[source.file]]
path = "{data}/releases_boto3/releases.csv"
holds = "events"
kind = "release"
columns = {{ at = "released_at_utc" }}
key = ["tag"]
service = "boto3"
"""
AS_OF = ("--as-of", "2026-11-22T00:00:00Z")


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store holds the three histories."""
    found = tmp_path_factory.mktemp("histories")
    (found / "config.toml").write_text(CONFIG.format(data=shared / "data"), encoding="utf-8")
    ran = burnline("collect", "--once", folder=found)
    assert ran.code == 0, ran.err
    return found


@pytest.fixture(scope="module")
def oracles(shared: Path) -> Any:
    """What is true of each history."""
    folder = shared / "oracles" / "realdata"
    names = ("ci_rate_ukma", "incidents_gcp", "releases_boto3")
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in names}


def figures(ran_json: Any) -> dict[str, Any]:
    return {one["id"]: one for one in ran_json["figures"]}


def asked(folder: Path, command: str, *words: str) -> Any:
    ran = burnline(command, *words, *AS_OF, "--json", folder=folder)
    assert ran.code == 0, ran.err
    return ran.json


def minutes_of(incidents: Sequence[Any]) -> list[float]:
    return [(at(one["until"]) - at(one["since"])) / 60 for one in incidents if one["until"]]


def test_140_real_runs_have_the_failure_rate_and_the_median_of_the_oracle(
    folder: Path, oracles: Any
) -> None:
    truth = oracles["ci_rate_ukma"]
    found = figures(asked(folder, "delivery", "--since", "2025-10-21", "--until", "2025-11-18"))
    fails, times = found["pipeline-failure-rate"], found["pipeline-time"]

    assert (fails["hits"], fails["n"]) == (32, 127)
    assert round(fails["estimate"] * 100, 1) == truth["change_failure_rate_pct"]
    assert times["n"] == truth["duration_s_success"]["n"]
    assert times["estimate"] == truth["duration_s_success"]["p50"]
    assert found["deployment-frequency"]["collected"] is False
    assert found["deployment-frequency"]["estimate"] is None


def test_a_year_of_real_incidents_has_their_count_and_the_open_ones_are_kept(
    folder: Path, oracles: Any
) -> None:
    truth = oracles["incidents_gcp"]
    found = asked(folder, "incidents", "--since", "2023-01-01", "--until", "2024-01-01")
    begun = [one for one in found["incidents"] if one["since"].startswith("2023")]
    restore = figures(found)["time-to-restore"]

    assert figures(found)["incidents"]["n"] == truth["before_after"]["2023 calendar year"]
    assert len(begun) == restore["n"] == 331
    assert restore["still_open"] == 331 - truth["mttr_2023"]["n"]
    assert median(minutes_of(begun)) == pytest.approx(truth["mttr_2023"]["median_min"], abs=0.01)
    # Two that are open for ever make the median no shorter.
    assert restore["estimate"] >= truth["mttr_2023"]["median_min"] * 60 - 1


def test_overlapping_incidents_of_a_service_count_each_minute_once(
    folder: Path, oracles: Any
) -> None:
    for service, truth in oracles["incidents_gcp"]["union_outage_minutes_by_service"].items():
        since, until = "2019-01-01T00:00:00Z", "2026-11-22T00:00:00Z"
        found = asked(folder, "uptime", "--service", service, "--since", since, "--until", until)
        (up,) = found["uptimes"]
        figure = up["planned_left_out"]
        observed_s = figure["coverage"] * (at(until) - at(since))
        down_min = (1 - figure["estimate"]) * observed_s / 60

        assert down_min == pytest.approx(truth["union_min"], rel=1e-4), service


def test_the_year_after_the_change_has_220_releases_and_the_one_before_13(
    folder: Path, oracles: Any
) -> None:
    truth = oracles["releases_boto3"]["all_tags"]
    found = figures(asked(folder, "delivery", "--since", "2018-01-01", "--until", "2019-01-01"))
    releases = found["releases"]

    assert releases["n"] == truth["after"]["releases"]
    assert releases["before"]["n"] == truth["before"]["releases"]
    assert releases["change"]["ratio"] == pytest.approx(truth["ratio_after_over_before"], abs=0.001)
    assert releases["verdict"] == "improved"


def test_a_month_of_no_runs_is_not_a_month_of_runs_that_took_no_time(folder: Path) -> None:
    found = figures(asked(folder, "delivery", "--since", "2025-12-01", "--until", "2026-01-01"))

    assert found["pipeline-time"]["estimate"] is None
    assert found["pipeline-failure-rate"]["estimate"] is None
    assert (found["pipeline-time"]["n"], found["pipeline-failure-rate"]["n"]) == (0, 0)

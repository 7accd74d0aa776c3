"""Real histories before and after a day, from their files through the store, against the oracles."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from delivery_builders import RULES, at, span
from file_builders import NOW, table
from real_histories import PROBES, RELEASES, SHARED

from collectors.contract import Named
from collectors.run import Lane, Pace, collect_once
from collectors.sources.files import for_import
from collectors.store.store import Store
from dashboard.measures import registry
from dashboard.measures.contract import Asked, Measured
from slo.evidence.terms import Better, GoalResult, Verdict
from slo.evidence.verdict import VerdictRule, goal_result, verdict
from slo.spans import Span, moment

OF_INCIDENTS: dict[str, Any] = {
    "holds": "incidents",
    "columns": {"at": "begin_utc", "ended_at": "end_utc", "service": "service_name"},
    "key": ["begin_utc", "end_utc", "service_name"],
}
OF_RUNS: dict[str, Any] = {
    "holds": "events",
    "kind": "pipeline_run",
    "columns": {"at": "created_at_utc"},
    "key": ["run_id"],
}
OF_LIGHTHOUSE: dict[str, Any] = {
    "holds": "gauges",
    "name": "lighthouse",
    "columns": {"at": "run_at_utc", "value": "performance"},
    "labels": ["url"],
    "key": ["site_hash"],
}
FILES = [
    ("probes_4hse/probes.csv.gz", PROBES),
    ("releases_boto3/releases.csv", RELEASES),
    ("incidents_gcp/incidents.csv", OF_INCIDENTS),
    ("ci_rate_ukma/runs.csv", OF_RUNS),
    ("lighthouse_undrr/lighthouse.csv.gz", OF_LIGHTHOUSE),
]
JUDGED = {
    "mobile": (
        (Verdict.IMPROVED, Verdict.NOT_ENOUGH),
        # No outage after: met by the median of two before, and not by the longer one.
        (GoalResult.MET, GoalResult.NOT_CERTAIN),
    ),
    "academy": (
        (Verdict.IMPROVED, Verdict.NOT_ENOUGH),
        (GoalResult.MISSED, GoalResult.MISSED),
    ),
    "www": (
        (Verdict.NOT_ENOUGH, Verdict.NOT_ENOUGH),
        (GoalResult.NOT_CERTAIN, GoalResult.NOT_CERTAIN),
    ),
}
YEAR_2023, YEAR_2024 = span("2023-01-01", "2024-01-01"), span("2024-01-01", "2025-01-01")


@pytest.fixture(scope="module")
def store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """All of them in one store, each as a source of its own."""
    folder = tmp_path_factory.mktemp("histories")
    with Store.open(f"sqlite:///{folder}/burnline.db", now=NOW) as opened:
        for path, how in FILES:
            source = path.partition("/")[0]
            collector = for_import(Named(source, "-"), table(**how), [str(shared / "data" / path)])
            pace = Pace(lambda: NOW, lambda: 0.0, lambda _seconds: None)
            assert collect_once(Lane(source, collector), opened, NOW, pace).error is None
        yield opened


def rows(path: str) -> Sequence[dict[str, str]]:
    """The rows of a file as they are written."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(SHARED / "data" / path, "rt", newline="") as text:
        return list(csv.DictReader(text))


def compared(
    store: Store, before: Span, after: Span, kind: str, goal: str | None = None, **options: Any
) -> Measured:
    """The measure of both periods, as a report at the end of the second one asks for it."""
    made = registry.load(kind)
    checked = made.options.model_validate(options)
    asked = Asked(
        reader=store.reader,
        before=before,
        after=after,
        as_of=after.until,
        zone=ZoneInfo("UTC"),
        rules=RULES,
        goal=None if goal is None else made.goal(goal, checked),
    )
    return made.measure(checked, asked)


def goal_of(found: Measured, kind: str, text: str, **options: Any) -> GoalResult:
    made = registry.load(kind)
    aim = made.goal(text, made.options.model_validate(options))
    return goal_result(found.comparison.after, aim, is_certain=found.goal_is_certain)


@pytest.mark.parametrize("slug", JUDGED)
def test_sites_before_and_after_are_judged_as_the_oracle_says(store: Store, slug: str) -> None:
    truth = json.loads((SHARED / "oracles/realdata/before_after.json").read_text())
    (expected,) = [each for name, each in truth.items() if f"/{slug}@" in name]
    before, after = (
        Span(at(expected[part]["from"]), at(expected[part]["to"])) for part in ("before", "after")
    )
    p95 = {"samples": f'probe_latency_seconds{{service="{slug}"}}'}
    up = {"uptime": f'probe{{service="{slug}"}}', "valid_for": "26h"}

    latency = compared(store, before, after, "latency_quantile", "< 500ms", **p95)
    uptime = compared(store, before, after, "uptime", ">= 99.95 %", **up)

    for part, slow, was_up in (
        (expected["before"], latency.comparison.before, uptime.comparison.before),
        (expected["after"], latency.comparison.after, uptime.comparison.after),
    ):
        # The oracle's percentile lies between two ranks, ours is the higher of them.
        assert slow.estimate * 1_000 == pytest.approx(part["p95"], rel=0.15)
        assert slow.estimate * 1_000 >= part["p95"] - 1
        assert was_up.estimate * 100 == pytest.approx(part["uptime_pct"], abs=5e-4)
        assert was_up.n == part["outages"]
    lower, higher = (VerdictRule(better=each) for each in (Better.LOWER, Better.HIGHER))
    verdicts = (
        verdict(latency.comparison, lower, latency.comparison.p_value),
        verdict(uptime.comparison, higher, uptime.comparison.p_value),
    )
    goals = (
        goal_of(latency, "latency_quantile", "< 500ms", **p95),
        goal_of(uptime, "uptime", ">= 99.95 %", **up),
    )
    assert (verdicts, goals) == JUDGED[slug]


def test_releases_of_boto3_come_sixteen_times_as_often(store: Store) -> None:
    periods = span("2017-01-01", "2018-01-01"), span("2018-01-01", "2019-01-01")

    found = compared(store, *periods, "event_rate", events="release", unit="year").comparison

    assert (found.before.n, found.after.n) == (13, 220)
    assert found.change == pytest.approx(16.923, abs=5e-4)
    assert found.p_value < 1e-40
    assert (found.before.coverage, found.after.coverage) == (1, 1)


def test_incidents_of_a_cloud_halve(store: Store) -> None:
    truth = json.loads((SHARED / "oracles/realdata/incidents_gcp.json").read_text())["per_month"]
    counts = [sum(n for month, n in truth.items() if month.startswith(y)) for y in ("2023", "2024")]

    found = compared(store, YEAR_2023, YEAR_2024, "event_rate", events="incident")

    assert [found.comparison.before.n, found.comparison.after.n] == counts
    rate = counts[1] / 366 / (counts[0] / 365)
    assert found.comparison.change == pytest.approx(rate)
    assert 0.4 < rate < 0.6
    judged = verdict(found.comparison, VerdictRule(better=Better.LOWER), found.comparison.p_value)
    assert judged is Verdict.IMPROVED


def test_the_mean_time_to_restore_falls_while_the_median_rises_and_both_are_told(
    store: Store,
) -> None:
    lasted = {"before": [], "after": []}
    for row in rows("incidents_gcp/incidents.csv"):
        began = at(row["begin_utc"])
        side = "before" if began < YEAR_2024.since else "after"
        inside = YEAR_2023.since <= began < YEAR_2024.until
        if inside and row["end_utc"] and at(row["end_utc"]) <= YEAR_2024.until:
            lasted[side].append(at(row["end_utc"]) - began)

    found = compared(store, YEAR_2023, YEAR_2024, "duration", duration="restore")

    steps = dict(found.steps)
    hours = {
        (what, side): float(steps[f"{what} of those that ended {side}"].removesuffix(" h"))
        for what in ("mean", "median")
        for side in ("before", "after")
    }
    for side, each in lasted.items():
        mean = sum(each) / len(each) / 3_600
        assert hours["mean", side] == pytest.approx(mean, rel=1e-4)
    assert hours["mean", "after"] < hours["mean", "before"]
    assert hours["median", "after"] > hours["median", "before"]
    assert found.comparison.before.still_open > 0


def test_runs_of_a_pipeline_are_counted_exactly_and_cancelled_ones_do_not_fail(
    store: Store,
) -> None:
    ends = Counter(row["conclusion"] for row in rows("ci_rate_ukma/runs.csv"))
    months = span("2025-10-01", "2025-11-03"), span("2025-11-03", "2025-12-01")

    failed = compared(store, *months, "share", share="pipeline-failure").comparison
    runs = compared(store, *months, "event_rate", events="pipeline_run", unit="week").comparison

    assert ends["cancelled"] + ends["startup_failure"] == 13
    assert failed.before.hits + failed.after.hits == ends["failure"] == 32
    assert failed.before.n + failed.after.n == ends["failure"] + ends["success"] == 127
    assert runs.before.n + runs.after.n == 140


def test_a_score_of_a_page_is_told_by_its_median_and_never_tested(store: Store) -> None:
    url = "https://www.undrr.org/"
    kept = [
        float(row["performance"])
        for row in rows("lighthouse_undrr/lighthouse.csv.gz")
        if row["url"] == url
        and row["result"] == "ok"
        and YEAR_2023.since <= at(row["run_at_utc"]) < YEAR_2023.until
    ]
    year_2025 = span("2025-01-01", "2026-01-01")

    found = compared(
        store, YEAR_2023, year_2025, "snapshot", gauge=f'lighthouse{{url="{url}"}}', take="median"
    )

    ordered = sorted(kept)
    middle = (ordered[(len(kept) - 1) // 2] + ordered[len(kept) // 2]) / 2
    assert (found.comparison.before.estimate, found.comparison.before.n) == (middle, len(kept))
    assert found.comparison.p_value is None
    judged = verdict(found.comparison, VerdictRule(better=Better.HIGHER), None)
    assert judged is Verdict.NOT_TESTED


def test_a_day_of_the_real_history_is_its_own(store: Store) -> None:
    day = Span(at("2025-08-01"), at("2025-08-02"))
    mine = [
        float(row["response_ms"]) / 1_000
        for row in rows("probes_4hse/probes.csv.gz")
        if row["slug"] == "mobile"
        and row["status"] == "up"
        and day.since <= at(row["ts_utc"]) < day.until
    ]
    month = span("2025-08-01", "2025-09-01")

    found = compared(
        store, month, month, "latency_quantile", samples='probe_latency_seconds{service="mobile"}'
    )

    assert mine
    assert found.days[0] == (day.since, max(mine)), moment(day.since)

"""Every row of the case study's table follows, by hand arithmetic, from the files of the demo."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import pytest
from demo_facts import SEED, epoch, rows, rows_within

from dashboard.demo.folder import Folder

BEFORE, MOVE, AFTER, OVER = (
    f"{day}T00:00:00Z" for day in ("2024-12-01", "2025-12-01", "2026-03-01", "2026-11-01")
)
LATE_NOVEMBER, FIRST_MINUTES = 1_795_369_964, 1_793_492_100  # 22 Nov 17:52:44, 1 Nov 2026 00:15


@pytest.fixture(
    scope="module",
    params=[(LATE_NOVEMBER, SEED), (LATE_NOVEMBER, 7), (1_796_083_140, 2**40)],
    ids=["seed 1", "seed 7", "the month's last minute"],
)
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    now, seed = request.param
    folder = Folder(tmp_path_factory.mktemp("demo") / "demo")
    folder.begin(now, seed=seed, days=1, port=8501)
    return folder.path / "facts"


def p95_ms(facts: Path, file: str, service: str, since: str, until: str) -> float:
    found = rows_within(facts / "history" / file, since, until)
    seconds = sorted(float(row["seconds"]) for row in found if row["service"] == service)
    assert len(seconds) > 10_000
    return seconds[math.ceil(0.95 * len(seconds)) - 1] * 1_000


def test_the_p95_of_the_api_goes_from_820_to_490_ms(facts: Path) -> None:
    assert p95_ms(facts, "latencies.csv.gz", "api-gateway", BEFORE, MOVE) == 820
    assert p95_ms(facts, "latencies.csv.gz", "api-gateway", AFTER, OVER) == 490


def test_the_p95_of_the_checkout_is_320_ms_afterwards(facts: Path) -> None:
    assert p95_ms(facts, "checkout-latencies.csv.gz", "checkout", AFTER, OVER) == 320


def down_seconds(facts: Path, since: str, until: str) -> int:
    """A state holds until the next observation."""
    seen = [(epoch(row["at"]), row["state"]) for row in rows(facts / "history" / "probes.csv.gz")]
    seen.append((epoch(OVER), "end"))
    first, last = epoch(since), epoch(until)
    assert max(later - at for (at, _), (later, _) in pairwise(seen)) <= 1_200
    return sum(
        max(min(later, last) - max(at, first), 0)
        for (at, state), (later, _) in pairwise(seen)
        if state == "down"
    )


def test_the_uptime_goes_from_99_80_to_99_97_percent(facts: Path) -> None:
    before, after = down_seconds(facts, BEFORE, MOVE), down_seconds(facts, AFTER, OVER)

    assert before == 63_072  # 0.2 % of 365 days
    assert after == 6_350  # 0.03 % of 245 days, 6,350.4 s
    assert f"{100 * (1 - before / (365 * 86_400)):.3f}" == "99.800"
    assert f"{100 * (1 - after / (245 * 86_400)):.3f}" == "99.970"


def test_a_deployment_a_month_becomes_one_a_week(facts: Path) -> None:
    before = rows_within(facts / "deployments.csv", BEFORE, MOVE)
    after = rows_within(facts / "deployments.csv", AFTER, OVER)

    assert Counter(Counter(row["at"][:7] for row in before).values()) == {1: 12}
    times = [epoch(row["at"]) for row in after]
    assert (len(times), {b - a for a, b in pairwise(times)}) == (35, {604_800})


def test_features_go_from_4_to_12_a_quarter(facts: Path) -> None:
    before = rows_within(facts / "releases.csv", BEFORE, MOVE)
    after = rows_within(facts / "releases.csv", AFTER, OVER)

    assert Fraction(len(before), 4) == 4
    assert Fraction(len(after) * 3, 8) == 12


def test_incidents_go_from_two_and_a_half_to_a_half_a_month(facts: Path) -> None:
    before = rows_within(facts / "incidents.csv", BEFORE, MOVE)
    after = rows_within(facts / "incidents.csv", AFTER, OVER)

    assert Fraction(len(before), 12) == Fraction(5, 2)
    assert Fraction(len(after), 8) == Fraction(1, 2)
    told = [row for row in (*before, *after) if row["at"] < row["detected_at"]]
    assert len(told) == 34
    assert all(row["detected_at"] < row["acknowledged_at"] for row in told)
    assert all(row["at"] < row["ended_at"] and row["severity"] in "12" for row in told)


def pipeline_hours(facts: Path, since: str, until: str) -> list[float]:
    found = [row for row in rows(facts / "pipeline-runs.csv") if since <= row["ended_at"] < until]
    return [(epoch(row["ended_at"]) - epoch(row["at"])) / 3_600 for row in found]


def test_a_merge_takes_72_hours_to_production_and_8_afterwards(facts: Path) -> None:
    before, after = pipeline_hours(facts, BEFORE, MOVE), pipeline_hours(facts, AFTER, OVER)

    assert (len(before), median(before), round(fmean(before), 9)) == (12, 72, 72)
    assert (len(after), median(after), round(fmean(after), 9)) == (35, 8, 8)
    assert max(after) < 12 < min(before)


def level(facts: Path, name: str, since: str, until: str) -> list[float]:
    return [float(row["value"]) for row in rows_within(facts / f"{name}.csv", since, until)]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("app_rating", 3.9, 4.7), ("lighthouse_score", 42, 94)],
)
def test_the_rating_and_lighthouse_stand_where_the_table_says(
    facts: Path, name: str, before: float, after: float
) -> None:
    for since, until, wanted in ((BEFORE, MOVE, before), (AFTER, OVER, after)):
        values = level(facts, name, since, until)
        assert (values[-1], median(values)) == (wanted, wanted)
        assert fmean(values) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("name", "grown"), [("infrastructure_cost_eur", 1.15), ("sessions_a_day", 1.22)]
)
def test_cost_and_sessions_grow_as_the_table_says(facts: Path, name: str, grown: float) -> None:
    before, after = (level(facts, name, *span) for span in ((BEFORE, MOVE), (AFTER, OVER)))

    assert fmean(after) / fmean(before) == pytest.approx(grown, rel=1e-9)
    assert len(set(after)) > 4


def test_92_percent_are_tested_afterwards_and_nobody_noted_it_before(facts: Path) -> None:
    values = level(facts, "test_coverage_percent", AFTER, OVER)

    assert fmean(values) == pytest.approx(92)
    assert level(facts, "test_coverage_percent", BEFORE, AFTER) == []


def test_the_traffic_grows_with_the_sessions(facts: Path) -> None:
    found = list(rows(facts / "history" / "requests.csv.gz"))
    days = {"before": (BEFORE, MOVE, 365), "after": (AFTER, OVER, 245)}
    a_day = {
        name: sum(int(row["total"]) for row in found if since <= row["at"] < until) / count
        for name, (since, until, count) in days.items()
    }

    assert a_day["after"] / a_day["before"] == pytest.approx(1.22, rel=0.001)


def test_what_began_in_the_last_minutes_of_a_month_is_not_of_the_month_after(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path / "demo")
    folder.begin(FIRST_MINUTES, seed=SEED, days=1, port=8501)

    facts = folder.path / "facts"
    ended = rows_within(facts / "incidents.csv", "2026-02-01T00:00:00Z", "2026-10-01T00:00:00Z")
    assert len(ended) == 4
    assert max(row["at"] for row in rows(facts / "history" / "probes.csv.gz")) < "2026-10"

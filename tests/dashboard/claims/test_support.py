"""What the data say of a claim: matched by name or words, held to our ranges, judged as we judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import moved_shop
import pytest
from told_builders import day
from verdict_builders import burnline

from dashboard import wiring
from dashboard.views.claims.making import claims_of
from dashboard.views.claims.model import Claim, Support
from dashboard.views.claims.reading import read
from dashboard.views.claims.words import support_words
from dashboard.views.migration.making import migration_report
from dashboard.views.migration.model import MigrationReport
from dashboard.views.upkeep.scene import Scene
from slo.evidence.comparison import Interval

HEAD = "| Metric | Before | After | Change |\n|---|---|---|---|\n"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> MigrationReport:
    folder = tmp_path_factory.mktemp("support")
    moved_shop.write(folder)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return reported(folder, day("2026-08-01"))


def reported(folder: Path, as_of: int) -> MigrationReport:
    config = wiring.configured(folder / "config.toml")
    with wiring.reader(config) as reader:
        return migration_report(Scene(config, reader, as_of, is_fixed=True), config.migrations[0])


def claimed(row: str, report: MigrationReport | None) -> Claim:
    (claim,) = claims_of(read(f"{HEAD}| {row} |\n".encode(), where="a.md"), report).claims
    return claim


@pytest.mark.parametrize(
    ("name", "measure", "known_by"),
    [
        ("p95", "p95", "id"),
        ("api latency P95", "p95", "title"),
        ("p95 of the API", "p95", "words: api, latency, p95"),
        ("Latency", "p95", "words: latency"),
        ("uptime", "uptime", "id"),
        ("Availability", "uptime", "words: uptime"),
        ("Deployment frequency", "deployments", "words: deployments"),
        ("Checkout latency", None, ""),
        ("p99 latency of the checkout", None, ""),
        ("Lighthouse", None, ""),
        ("", None, ""),
    ],
)
def test_a_row_is_matched_by_id_by_title_or_by_words_and_says_by_which(
    report: MigrationReport, name: str, measure: str | None, known_by: str
) -> None:
    claim = claimed(f"{name} | x | y | z", report)

    assert (claim.measure and claim.measure.metric.id, claim.matched_by) == (measure, known_by)


def test_a_row_that_may_mean_two_measures_names_both_and_is_held_to_neither(
    report: MigrationReport,
) -> None:
    (p95,) = (row for row in report.rows if row.metric.id == "p95")
    twins = [
        replace(p95, metric=replace(p95.metric, id=name, title=f"{name} latency, p95"))
        for name in ("Search", "Login")
    ]

    claim = claimed("Latency | 820 ms | 490 ms | -40 %", replace(report, rows=tuple(twins)))

    assert (claim.measure, claim.support) == (None, Support.NO_DATA)
    assert support_words(claim) == (
        "not held against the data: it may mean Search latency, p95 or Login latency, p95"
    )


def test_a_value_of_another_kind_is_not_that_measure(report: MigrationReport) -> None:
    assert claimed("Uptime | 3 h | 8 h |", report).measure is None
    assert claimed("Deployments | 72 h | 8 h |", report).measure is None


@pytest.mark.parametrize(
    ("row", "support"),
    [
        ("p95 | 820 ms | 480 ms | -41 %", Support.SUPPORTED),
        ("p95 | 0.82 s | 0.48 s |", Support.SUPPORTED),
        ("p95 | 820 ms | 300 ms |", Support.OUTSIDE),
        ("p95 | 2 s | 480 ms |", Support.OUTSIDE),
        ("p95 | | 480 ms |", Support.SUPPORTED),
        ("p95 | | | -41 %", Support.SUPPORTED),
        ("p95 | | | -80 %", Support.OUTSIDE),
        ("deployments | 0.87 a month | 1.4 a week |", Support.SUPPORTED),
        ("deployments | 2 a quarter | 18 a quarter |", Support.SUPPORTED),
        ("deployments | weekly | daily |", Support.OUTSIDE),
        ("Lighthouse | 42 | 94 |", Support.NO_DATA),
    ],
)
def test_values_are_held_to_our_ranges_in_whatever_unit_they_are_told(
    report: MigrationReport, row: str, support: Support
) -> None:
    assert claimed(row, report).support is support


def test_without_a_report_there_is_no_data_and_nothing_to_object() -> None:
    claim = claimed("p95 | 820 ms | 490 ms | -40 %", None)

    assert claim.support is Support.NO_DATA
    assert claim.mark.is_fine


def test_a_change_that_the_data_leave_undecided_is_not_borne_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("early")
    moved_shop.write(folder, until=moved_shop.MOVED + 9 * 86_400)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err

    claim = claimed(
        "uptime | 99.2 % | 100 % | +0.8 pp", reported(folder, moved_shop.MOVED + 9 * 86_400)
    )

    assert claim.support is Support.UNDECIDED
    assert not claim.mark.is_fine


def test_a_change_in_the_other_direction_is_against_the_data(report: MigrationReport) -> None:
    uptime = next(row for row in report.rows if row.metric.id == "uptime")
    assert uptime.measured is not None
    found = uptime.measured.comparison
    wide = [replace(side, interval=Interval(0.0, 1.0)) for side in (found.before, found.after)]
    measured = replace(uptime.measured, comparison=replace(found, before=wide[0], after=wide[1]))
    row = replace(uptime, measured=measured)
    blurred = replace(report, rows=(row,))

    assert claimed("uptime | 99 % | 100 % |", blurred).support is Support.SUPPORTED
    assert claimed("uptime | 100 % | 99 % |", blurred).support is Support.AGAINST

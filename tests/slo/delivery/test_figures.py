"""Counts and durations of a period: half-open, in a zone, open ones kept, unknown ones told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from delivery_builders import RULES, at, deployment, incident, run, span

from slo.days import local_days, midnight
from slo.delivery.bands import BANDS, Measure, bands
from slo.delivery.facts import DeliveryRules
from slo.delivery.figures import (
    acknowledge_times,
    at_most_s,
    counted,
    detect_times,
    felt,
    lead_times,
    pipeline_times,
    rework,
    within,
)
from slo.delivery.frequency import frequency, trains
from slo.delivery.reading import deployments, incidents, pipeline_runs
from slo.evidence.comparison import Hits, Lasted

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
DAY = "2026-01-10T"
AS_OF = at("2026-02-01")


def test_a_period_holds_its_first_second_and_not_its_last() -> None:
    rows = [deployment("a", DAY + "00:00"), deployment("b", "2026-01-11T00:00")]

    kept = within(deployments(rows, RULES).kept, span("2026-01-10", "2026-01-11"))

    assert [one.key for one in kept] == ["a"]


def test_rollbacks_count_only_where_the_rules_say_so() -> None:
    rows = [deployment("a", DAY + "10:00"), deployment("b", DAY + "11:00", rollback=True)]
    kept = deployments(rows, RULES).kept

    assert len(counted(kept, RULES)) == 1
    assert len(counted(kept, DeliveryRules(count_rollbacks=True))) == 2


def test_a_rollback_has_no_lead_time_and_is_not_unmatched() -> None:
    rows = [
        deployment("a", DAY + "10:00", merged_at=DAY + "09:00:00Z", version="v1"),
        deployment("b", DAY + "11:00", merged_at=DAY + "10:30:00Z", version="v2"),
        deployment("c", DAY + "11:30", merged_at=DAY + "09:00:00Z", version="v1"),
    ]
    found = lead_times(deployments(rows, RULES).kept)

    assert (found.lasted, found.unmatched) == (Lasted((3_600.0, 1_800.0)), 0)


def test_a_change_merged_before_its_failed_attempt_waited_from_then() -> None:
    rows = [
        deployment("1", DAY + "10:00", version="v", status="failed", merged_at=DAY + "09:00:00Z"),
        deployment("2", DAY + "12:00", version="v", status="success"),
    ]

    assert lead_times(deployments(rows, RULES).kept).lasted == Lasted((10_800.0,))


def test_rework_is_counted_among_those_of_which_somebody_said() -> None:
    rows = [
        deployment("a", DAY + "10:00", planned=True),
        deployment("b", DAY + "11:00", type="hotfix"),
        deployment("c", DAY + "12:00"),
        deployment("d", DAY + "13:00", unplanned="no"),
    ]

    assert rework(deployments(rows, RULES).kept) == Hits(1, 3)
    assert rework(deployments(rows[2:3], RULES).kept) == Hits(0, 0)


def test_the_days_of_a_zone_have_its_midnights() -> None:
    rows = [deployment("a", "2026-06-01T22:30"), deployment("b", "2026-06-02T10:00")]
    kept = deployments(rows, RULES).kept
    june = span("2026-06-01T00:00+02:00", "2026-06-08T00:00+02:00")

    assert frequency(kept, june, BERLIN).days_with == 1
    assert frequency(kept, june, UTC).days_with == 2
    assert frequency(kept, june, BERLIN).days == 7


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-26T00:00+01:00", "2026-04-02T00:00+02:00"),
        ("2026-10-22T00:00+02:00", "2026-10-29T00:00+01:00"),
    ],
)
def test_a_week_has_seven_days_when_the_clocks_change(since: str, until: str) -> None:
    week = span(since, until)
    days = local_days(week, BERLIN)

    assert len(days) == 7
    assert midnight(days[0], BERLIN) == week.since
    assert len(frequency([], week, BERLIN).weeks) == 1


def test_an_empty_period_has_no_days_and_no_rate() -> None:
    found = frequency([], span("2026-01-01", "2026-01-01"), UTC)

    assert (found.days, found.weeks, found.median_days_a_week) == (0, (), None)
    assert found.count.exposure_s == 0


def test_a_train_is_one_version_on_several_services_at_nearly_one_time() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v7"),
        deployment("b", DAY + "10:30", version="v7", service="auth"),
        deployment("c", DAY + "10:30:01", version="v7", service="search"),
        deployment("d", DAY + "10:10", version="v8", service="ledger"),
    ]
    kept = deployments(rows, RULES).kept

    assert [(one.at, one.services) for one in trains(kept, RULES)] == [
        (at(DAY + "10:00"), ("auth", "checkout"))
    ]
    assert len(kept) == 4


def test_only_runs_that_passed_tell_how_long_passing_takes_and_a_running_one_is_open() -> None:
    rows = [
        run("a", DAY + "10:00", DAY + "10:05", status="success"),
        run("b", DAY + "10:00", DAY + "10:01", status="failure"),
        run("c", DAY + "10:00", DAY + "20:00", status="cancelled"),
        run("d", "2026-01-31T23:00", status="in_progress"),
        run("e", DAY + "10:00", DAY + "09:00", status="success"),
        run("f", DAY + "10:00", status="success", duration_s="90"),
    ]
    runs = pipeline_runs(rows, RULES, as_of=AS_OF).kept

    assert pipeline_times(runs, as_of=AS_OF) == Lasted((300.0, 90.0), (3_600.0,))


def test_time_to_detect_and_to_acknowledge_are_of_those_that_were_noted() -> None:
    rows = [
        incident(
            "a", DAY + "10:00", DAY + "11:00", detected_at=DAY + "10:04:00Z",
            created_at=DAY + "10:05:00Z", acknowledged_at=DAY + "10:09:00Z",
        ),
        incident("b", DAY + "10:00", DAY + "11:00"),
        incident("c", "2026-01-31T23:00", created_at="2026-01-31T23:30:00Z"),
        incident("work", DAY + "10:00", planned=True, detected_at=DAY + "10:00:00Z"),
    ]  # fmt: skip
    kept = incidents(rows, RULES, as_of=AS_OF).kept

    assert detect_times(kept) == Lasted((240.0,))
    assert acknowledge_times(kept, as_of=AS_OF) == Lasted((240.0,), (1_800.0,))
    assert acknowledge_times(kept[1:], as_of=AS_OF) == Lasted(())


def test_felt_incidents_are_those_that_nobody_planned() -> None:
    rows = [
        incident("a", DAY + "10:00"),
        incident("b", DAY + "10:00", planned=True),
        incident("c", DAY + "10:00", felt="no"),
    ]

    assert [one.key for one in felt(incidents(rows, RULES).kept)] == ["a"]


def test_nine_in_ten_lie_at_or_under_what_is_said_of_them() -> None:
    assert at_most_s([float(n) for n in range(1, 11)], 0.9) == 9
    assert at_most_s([1.0, 2.0, 3.0], 0.9) == 3
    assert at_most_s([], 0.9) is None


def test_a_band_is_a_label_with_its_year_and_years_differ() -> None:
    share = {band.year: band.label for band in bands(Measure.CHANGE_FAIL, 0.12)}

    assert share == {2019: "0 to 15 %", 2021: "up to 15 %", 2023: "up to 15 %"}
    assert {band.year for band in BANDS} == {2019, 2021, 2023, 2024}
    assert bands(Measure.CHANGE_FAIL, None) == ()

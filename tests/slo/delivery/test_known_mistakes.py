"""Mistakes seen in other tools, each as the law that it broke, with its numbers."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from delivery_builders import RULES, at, deployment, incident, run, span

from slo.delivery.episodes import impact
from slo.delivery.failures import failures
from slo.delivery.figures import (
    change_fail,
    lead_times,
    median_s,
    pipeline_failures,
    pipeline_times,
    recoveries,
    restore_times,
    within,
)
from slo.delivery.frequency import frequency
from slo.delivery.reading import deployments, incidents, pipeline_runs
from slo.evidence.comparison import Hits, Lasted
from slo.facts import EventRow

UTC = ZoneInfo("UTC")
AS_OF = at("2026-07-01")


def fails(rows: list[EventRow]) -> Hits:
    kept = deployments(rows, RULES).kept
    return change_fail(kept, failures(kept, incidents(rows, RULES).kept, RULES, as_of=AS_OF))


def test_six_incidents_after_four_of_23_deployments_are_4_of_23_and_not_6_of_23() -> None:
    # DevLake counted incidents over deployments: 26.1 %, where 17.4 % of the changes failed.
    rows = [deployment(f"d{n:02}", f"2026-01-{n:02}T10:00") for n in range(1, 24)]
    days = [(3, "a"), (3, "b"), (7, "a"), (12, "a"), (20, "a"), (20, "b")]
    rows += [incident(f"i{day}{n}", f"2026-01-{day:02}T11:00") for day, n in days]

    found = fails(rows)

    assert found == Hits(4, 23)
    assert round(100 * found.hits / found.of, 1) == 17.4


def test_the_change_fail_rate_never_exceeds_one() -> None:
    rows = [deployment("d", "2026-01-10T10:00")]
    rows += [incident(f"i{n}", f"2026-01-10T1{n}:00") for n in range(1, 9)]

    assert fails(rows) == Hits(1, 1)


def test_two_incidents_after_one_of_ten_deployments_are_a_tenth_and_not_a_fifth() -> None:
    # GitLab divides incidents by deployments, linked or not: 0.2.
    rows = [deployment(f"d{n}", f"2026-01-1{n}T10:00") for n in range(10)]
    rows += [incident("i", "2026-01-13T10:30"), incident("j", "2026-01-13T10:40")]

    assert fails(rows) == Hits(1, 10)


def test_an_incident_is_not_blamed_on_another_service_or_on_a_deployment_of_last_month() -> None:
    # DevLake blames the last successful deployment of the whole project, however long ago.
    rows = [
        deployment("old", "2026-01-01T10:00"),
        deployment("other", "2026-02-10T09:59", service="search"),
        incident("i", "2026-02-10T10:00"),
    ]

    assert fails(rows) == Hits(0, 2)


def test_a_month_without_incidents_has_no_time_to_restore_and_not_one_of_zero_hours() -> None:
    # DevLake's monthly panels: `when median is null then 0`.
    rows = incidents([incident("i", "2026-01-10T10:00", "2026-01-10T12:00")], RULES).kept
    february = within(rows, span("2026-02-01", "2026-03-01"))

    assert restore_times(february, as_of=AS_OF) == Lasted((), ())
    assert median_s(restore_times(february, as_of=AS_OF).ended_s) is None


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    # DevLake: max(x) where percent_rank <= 0.5 is the lower one, 2 h.
    hours = [1, 2, 10, 20]
    rows = [
        incident(f"i{n}", f"2026-01-0{n + 1}T00:00", f"2026-01-0{n + 1}T{length:02}:00")
        for n, length in enumerate(hours)
    ]
    lasted = restore_times(incidents(rows, RULES).kept, as_of=AS_OF)

    assert median_s(lasted.ended_s) == 6 * 3_600


def test_a_window_longer_than_400_days_is_not_cut() -> None:
    # DevLake's list of days is H(0..300) + T(0..90) + U(0..9).
    rows = [deployment("first", "2024-01-01T12:00"), deployment("last", "2025-12-31T12:00")]
    two_years = span("2024-01-01", "2026-01-01")

    found = frequency(deployments(rows, RULES).kept, two_years, UTC)

    assert (found.count.n, found.days, found.days_with) == (2, 731, 2)
    assert len(found.weeks) == 731 // 7


def test_a_later_deployment_does_not_move_the_time_of_the_one_before() -> None:
    # A real record of GitHub: SUCCESS at 00:32:36, made `inactive` six days later, when its
    # updated_at moved with it. DevLake took that for the end of the deployment.
    rows = [
        deployment(
            "DE_kwDOFAKDls7k2xiG",
            "2026-02-14T00:32:15Z",
            state="INACTIVE",
            sha="74962aec9820f7e3a6f1e60f54b4ce8c747e1e1f",
            success_at="2026-02-14T00:32:36Z",
            updated_at="2026-02-20T00:30:59Z",
        )
    ]

    (one,) = deployments(rows, RULES).kept

    assert one.at == at("2026-02-14T00:32:36")


def test_inactive_without_a_time_of_success_is_told_and_not_guessed() -> None:
    rows = [deployment("d", "2026-02-14T00:32", state="INACTIVE", updated_at="2026-02-20T00:30Z")]

    read = deployments(rows, RULES)

    assert read.kept == ()
    assert [one.why for one in read.dropped] == [
        "inactive, and nothing says when it first succeeded"
    ]


def test_the_first_deployment_of_a_period_has_a_lead_time_and_the_unmatched_are_counted() -> None:
    # DevLake has no difference to make for the first, and leaves it out without a word.
    rows = [
        deployment("a", "2026-01-01T00:00", merged_at="2025-12-31T20:00:00Z"),
        deployment("b", "2026-01-02T00:00"),
        deployment("c", "2026-01-03T00:00", merged_at="2026-01-03T00:00:01Z"),
    ]
    found = lead_times(deployments(rows, RULES).kept)

    assert found.lasted.ended_s == (4 * 3_600.0,)
    assert found.unmatched == 2


def test_no_deployment_has_no_lead_time_instead_of_the_best_one() -> None:
    # Four Keys: IFNULL(median, 0) makes "one day" of nothing, its best band.
    assert median_s(lead_times([]).lasted.ended_s) is None
    assert frequency([], span("2026-01-01", "2026-02-01"), UTC).median_days_a_week == 0


def test_a_rate_does_not_jump_with_the_window_it_is_asked_over() -> None:
    # Middleware: sum // len over calendar buckets, an integer floor.
    rows = [deployment(f"d{n}", f"2026-{1 + n // 28:02}-{1 + n % 28:02}T10:00") for n in range(40)]
    kept = deployments(rows, RULES).kept

    rates = []
    for until in ("2026-01-15", "2026-01-22", "2026-01-29"):
        count = frequency(kept, span("2026-01-01", until), UTC).count
        rates.append(count.n / (count.exposure_s / 604_800))

    assert rates == [7.0, 7.0, 7.0]


def test_a_week_without_deployments_is_a_zero_of_the_median() -> None:
    rows = [deployment(f"d{n}", f"2026-01-0{n}T10:00") for n in range(1, 6)]
    found = frequency(deployments(rows, RULES).kept, span("2026-01-01", "2026-01-22"), UTC)

    assert found.weeks == (5, 0, 0)
    assert found.median_days_a_week == 0


def test_time_down_does_not_change_with_how_often_it_is_checked() -> None:
    # Sentry divides failed checks by checks. One hour down of a day is one hour at any frequency.
    day = span("2026-01-10", "2026-01-11")
    hourly = [incident("i", "2026-01-10T10:00", "2026-01-10T11:00")]
    by_minute = [
        incident(f"i{n}", f"2026-01-10T10:{n:02}", f"2026-01-10T10:{n + 1:02}") for n in range(59)
    ] + [incident("i59", "2026-01-10T10:59", "2026-01-10T11:00")]

    found = [
        impact(incidents(rows, RULES).kept, day, as_of=AS_OF, planned=False)
        for rows in (hourly, by_minute)
    ]

    assert found[0] == found[1] == (span("2026-01-10T10:00", "2026-01-10T11:00"),)


def test_downtime_outside_the_period_and_planned_work_are_not_counted() -> None:
    # Kuvasz counted both.
    day = span("2026-01-10", "2026-01-11")
    rows = [
        incident("i", "2026-01-09T12:00", "2026-01-10T01:00"),
        incident("work", "2026-01-10T02:00", "2026-01-10T06:00", planned=True),
    ]
    found = impact(incidents(rows, RULES).kept, day, as_of=AS_OF, planned=False)

    assert found == (span("2026-01-10T00:00", "2026-01-10T01:00"),)


def test_a_cancelled_run_or_one_that_never_began_is_no_failure() -> None:
    # The counts of 140 real runs: 95 passed, 32 failed, 11 cancelled, 2 never began: 25.2 %.
    words = {"success": 95, "failure": 32, "cancelled": 11, "startup_failure": 2}
    rows = [
        run(f"{word}{n}", "2026-01-10T10:00", conclusion=word, duration_s=60)
        for word, count in words.items()
        for n in range(count)
    ]
    runs = pipeline_runs(rows, RULES).kept

    assert pipeline_failures(runs) == Hits(32, 127)
    assert len(pipeline_times(runs, as_of=AS_OF).ended_s) == 95


def test_an_open_incident_is_not_dropped_from_the_time_to_restore() -> None:
    rows = [
        deployment("d", "2026-06-29T18:00"),
        incident("i", "2026-06-29T18:00"),
        incident("j", "2026-06-01T00:00", "2026-06-01T00:30"),
    ]
    kept, seen = deployments(rows, RULES).kept, incidents(rows, RULES).kept
    found = failures(kept, seen, RULES, as_of=AS_OF)

    assert restore_times(seen, as_of=AS_OF) == Lasted((1_800.0,), (30 * 3_600.0,))
    assert recoveries(kept, found, as_of=AS_OF) == Lasted((), (30 * 3_600.0,))


def test_an_incident_blames_what_its_field_names_and_never_what_its_title_says() -> None:
    # Four Keys found the cause of an incident by the text "root cause: <sha>".
    rows = [
        deployment("abc1234", "2026-01-10T10:00"),
        deployment("def5678", "2026-01-10T10:05"),
        incident(
            "i",
            "2026-01-14T10:00",
            "2026-01-14T11:00",
            title="root cause: def5678",
            caused_by="abc1234",
        ),
        incident("j", "2026-01-15T10:00", "2026-01-15T11:00", title="root cause: def5678"),
    ]
    kept = deployments(rows, RULES).kept

    found = failures(kept, incidents(rows, RULES).kept, RULES, as_of=AS_OF)

    assert [(one.deployment.key, one.caused_by) for one in found] == [("abc1234", ("i",))]

"""Was it the migration: each check's flag and its one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from told_builders import DAY_S, HALF_YEAR_S, compared, day, days, measured, metric, migration
from told_builders import report as reported
from told_builders import row as one_row

from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.load import Load
from dashboard.views.migration.model import MigrationReport, MovedLine, Progress
from dashboard.views.migration.plan import plan_notes
from dashboard.views.migration.sceptic import doubted
from slo.evidence.checks.balance import Mix, Traffic
from slo.evidence.comparison import Comparison, Count, Interval, Scale, Side
from slo.evidence.rates import compared_rates
from slo.evidence.terms import Better, Flag, Multiple, Role, Verdict
from slo.spans import Span

FASTER = compared(0.82, 0.49, (0.56, 0.64))


def _one(
    made: Measured | None = None, verdict: Verdict = Verdict.IMPROVED, **keys: Any
) -> MigrationReport:
    found = made or measured(FASTER, Unit.SECONDS, "days")
    return doubted(reported(one_row(metric(title="p95"), found, verdict), **keys), Load())


def _weekly(before: Sequence[float], **keys: Any) -> Measured:
    return measured(FASTER, Unit.SECONDS, "", weeks_before=tuple(before), **keys)


def _notes(report: MigrationReport) -> str:
    return "\n".join(report.notes)


def test_a_series_that_was_falling_all_along_is_flagged_as_a_trend() -> None:
    # MATH 4.5: on a steadily improving series the placebo finds the trend.
    report = _one(_weekly(np.linspace(1.0, 0.8, 26)))

    assert Flag.TREND in report.rows[0].flags
    assert "p95: changing the same way already before the migration began" in _notes(report)
    assert "changing the same way" not in " ".join(report.rows[0].reasons)  # said once


def test_a_level_series_before_shows_no_trend_and_proves_none_absent() -> None:
    steady = [0.82 + 0.01 * (week % 3) for week in range(26)]
    report = _one(_weekly(steady))

    assert Flag.TREND not in report.rows[0].flags
    assert (
        "Placebo: no trend was found inside the period before; figures of the halves in"
        " explain." in report.notes
    )
    assert "so no" not in _notes(report)


def test_the_halves_of_before_are_told_in_the_arithmetic() -> None:
    found = compared(2.5, 0.5, (0.04, 0.71), n=(14, 2))
    falling = measured(found, Unit.PER_MONTH, "", counts_before=(1,) * 10 + (0,) * 12 + (1,) * 4)
    made = _one(falling).rows[0].measured

    # 10 and 4 of 14 with even chances: twice 1,471 of 16,384.
    assert made is not None
    assert made.steps[-1] == (
        "first half of before against its second",
        "n 10 and 4, p-value 0.18",
    )


def test_halves_too_small_for_any_trend_say_so() -> None:
    # Five events can give 2 / 2^5 = 0.0625 at best.
    found = compared(2.5, 0.5, (0.04, 0.71), n=(5, 0))
    report = _one(measured(found, Unit.PER_MONTH, "", counts_before=(1,) * 5 + (0,) * 5))

    assert "p95: too little before to tell whether an earlier trend explains it." in report.notes
    assert "no trend" not in _notes(report)


def test_a_trend_the_other_way_makes_a_change_no_smaller() -> None:
    report = _one(_weekly(np.linspace(0.8, 1.0, 26)))

    assert Flag.TREND not in report.rows[0].flags


def test_without_a_change_nobody_asks_for_its_cause() -> None:
    report = _one(_weekly(np.linspace(1.0, 0.8, 26)), Verdict.NO_EVIDENCE)

    assert "Placebo" not in _notes(report)
    assert Flag.TREND not in report.rows[0].flags


def test_too_few_weeks_before_try_no_placebo() -> None:
    assert "Placebo" not in _notes(_one(_weekly([0.8, 0.9, 0.8])))


def test_rates_are_tried_by_counts_of_each_half() -> None:
    found = compared(2.5, 0.5, (0.04, 0.71), n=(15, 3))
    falling = measured(found, Unit.PER_MONTH, "", counts_before=(1,) * 13 + (0,) * 13)
    report = _one(falling)

    # 13 and none in as many weeks: 2 / 2^13.
    assert Flag.TREND in report.rows[0].flags


def _uptime(left: Comparison) -> Measured:
    found = compared(0.998, 0.9997, (0.0003, 0.004), scale=Scale.DIFFERENCE, n=(15, 3))
    return measured(found, Unit.RATIO, "outages", without_largest=left)


def test_a_verdict_that_is_gone_without_the_largest_outage_says_that_it_rests_on_one() -> None:
    left = compared(0.9998, 0.9997, scale=Scale.DIFFERENCE, p_value=0.4)
    report = _one(_uptime(left))

    assert Flag.LARGEST_OUTAGE in report.rows[0].flags
    assert "p95 rests on one outage: without the largest there is no such verdict." in report.notes


def test_a_verdict_that_turns_round_without_the_largest_outage_rests_on_it_too() -> None:
    left = compared(0.9998, 0.9991, scale=Scale.DIFFERENCE, p_value=0.001)

    assert Flag.LARGEST_OUTAGE in _one(_uptime(left)).rows[0].flags


def test_a_verdict_that_stands_says_so() -> None:
    left = compared(0.9981, 0.9997, scale=Scale.DIFFERENCE, p_value=0.01)
    report = _one(_uptime(left))

    assert Flag.LARGEST_OUTAGE not in report.rows[0].flags
    assert "p95 stands without its largest outage." in report.notes


def test_different_months_of_the_year_leave_the_season_open_and_whole_years_do_not() -> None:
    half = _one()
    spans = {"before": days("2024-10-06", "2025-10-06"), "after": days("2025-11-22", "2026-11-22")}
    found = measured(FASTER, Unit.SECONDS)
    years = doubted(reported(one_row(metric(), found, Verdict.IMPROVED, **spans)), Load())

    assert "Different months of the year on both sides: season not ruled out." in half.notes
    assert Flag.SEASONAL in half.rows[0].flags
    assert Flag.SEASONAL not in years.rows[0].flags
    assert "season" not in _notes(years)


def test_weekends_on_one_side_alone_are_warned_of() -> None:
    one = migration()
    monday = day("2025-10-06")
    workdays = [(monday + n * DAY_S, 0.82) for n in range(70) if n % 7 < 5]
    after = [(one.after.since + n * DAY_S, 0.49) for n in range(70)]
    report = _one(measured(FASTER, Unit.SECONDS, "days", days=(*workdays, *after)))

    assert Flag.WEEKDAYS in report.rows[0].flags
    assert "Not the same weekdays on both sides" in _notes(report)


def test_counts_in_clusters_are_told() -> None:
    found = compared(2.5, 0.5, (0.04, 0.71), n=(15, 3), clusters=2.08)
    report = _one(measured(found, Unit.PER_MONTH))

    assert Flag.CLUSTERS in report.rows[0].flags
    assert "p95: the counts come in clusters, 2.1 times the scatter of chance" in _notes(report)


def test_much_more_traffic_and_another_mix_warn_every_verdict_and_no_context() -> None:
    rows = [
        one_row(metric("a"), measured(FASTER, Unit.SECONDS), Verdict.IMPROVED),
        one_row(metric("b", role=Role.CONTEXT), measured(FASTER, Unit.SECONDS), Verdict.NOT_TESTED),
    ]
    load = Load(Traffic(1.5, is_uneven=True), Mix("search", 0.2, 0.5, is_moved=True))
    report = doubted(reported(*rows), load)

    assert {Flag.TRAFFIC, Flag.MIX} <= set(report.rows[0].flags)
    assert report.rows[1].flags == ()
    assert "Traffic a day: +50 %: too uneven to compare unwarned." in report.notes
    assert (
        "The mix of services moved: search had 20 % of the requests before and 50 % after."
        in report.notes
    )


def test_an_early_look_is_flagged_and_told() -> None:
    report = _one(is_interim=True, as_of=day("2026-09-01"))

    assert Flag.INTERIM in report.rows[0].flags
    assert report.notes[0].startswith("An early look: verdicts count on 22 Nov 2026")


def test_the_family_is_counted_in_words() -> None:
    rows = [
        one_row(metric(f"m{i}"), measured(FASTER, Unit.SECONDS), Verdict.IMPROVED, p_adjusted=0.01)
        for i in range(10)
    ]
    bare = reported(*rows, migration=migration(multiple=Multiple.NONE))

    assert "Ten measures tested, adjusted together; figures in explain." in _notes(
        doubted(reported(*rows), Load())
    )
    assert "Ten measures tested, not adjusted for being several; figures in explain." in _notes(
        doubted(bare, Load())
    )


def _line(name: str, moved_on: int | None, still_old: float) -> MovedLine:
    return MovedLine(
        service=name, days=(), cutover=None, moved_on=moved_on, old=1, new=1, still_old=still_old
    )


def test_services_left_and_what_still_comes_to_the_old_system_are_named() -> None:
    lines = (_line("cart", 1, 0), _line("search", None, 1_234), _line("mail", None, 6))
    progress = Progress(Span(0, 1), _line("", None, 1_240), lines)
    report = _one(progress=progress)

    assert "1 of 3 services have moved all their traffic; left: search and mail." in report.notes
    assert (
        "In the 7 days to 21 Nov 2026 1,240 requests still came to the old system"
        " (search and mail)." in report.notes
    )


def test_an_open_verdict_says_how_many_more_days_it_needs() -> None:
    # MATH 4.6: with 5 in 61 days before, even none at all need 67 days after: 6 more than 61.
    counts = Count(5, 61 * DAY_S), Count(0, 61 * DAY_S)
    found = compared_rates(*counts, per_s=DAY_S)
    one = one_row(metric(title="Incidents"), measured(found, Unit.PER_MONTH), Verdict.NOT_ENOUGH)

    assert plan_notes([one], Multiple.HOLM, 0.05) == (
        "Incidents: about 6 more days until a verdict, if all goes on as it did so far.",
    )


def test_a_plan_says_too_when_a_verdict_is_likely_and_not_just_even() -> None:
    # 4 and 12 releases in a quarter each; tests/slo/evidence/checks/test_power.py counts out by
    # Poisson's law that the days found for these (344, told as 350) give four in five.
    found = compared_rates(Count(4, 91 * DAY_S), Count(12, 91 * DAY_S), per_s=DAY_S)
    one = one_row(metric(title="Releases"), measured(found, Unit.PER_MONTH), Verdict.NO_EVIDENCE)

    assert plan_notes([one], Multiple.HOLM, 0.05)[0].endswith(
        " if all goes on as it did so far; with a chance of four in five after 350."
    )


def test_one_of_several_is_planned_at_what_it_needs_among_them() -> None:
    # Two tests, the other not told: half of 5 %, and 2 * (61 / (61 + t))^5 = 0.025 at t = 85.4.
    counts = Count(5, 61 * DAY_S), Count(0, 67 * DAY_S)
    found = measured(compared_rates(*counts, per_s=DAY_S), Unit.PER_MONTH)
    other = measured(compared(1.0, 1.1, p_value=0.5), Unit.SECONDS, "days")
    rows = [
        one_row(metric(title="Incidents"), found, Verdict.NO_EVIDENCE, p_adjusted=0.09),
        one_row(metric(title="Pipeline"), other, Verdict.NO_EVIDENCE, p_adjusted=0.5),
    ]

    assert plan_notes(rows, Multiple.HOLM, 0.05) == (
        "Incidents: about 19 more days until a verdict, if all goes on as it did so far.",
        "Pipeline: waiting alone will not decide it.",
    )


def test_an_after_of_some_days_is_too_early_for_a_plan() -> None:
    short = days("2026-05-24", "2026-05-30")
    one = one_row(
        metric(title="p95"), measured(FASTER, Unit.SECONDS), Verdict.NOT_ENOUGH, after=short
    )

    assert plan_notes([one], Multiple.HOLM, 0.05) == (
        "p95: too early to say how many days a verdict needs.",
    )


def test_a_verdict_and_a_guardrail_need_no_more_days() -> None:
    found = measured(FASTER, Unit.SECONDS)
    guard = metric(role=Role.GUARDRAIL, better=Better.LOWER)

    rows = [
        one_row(metric(), found, Verdict.IMPROVED),
        one_row(guard, found, Verdict.NOT_ENOUGH),
    ]
    assert plan_notes(rows, Multiple.HOLM, 0.05) == ()


def test_without_any_change_waiting_alone_will_not_decide_and_that_is_said() -> None:
    sides = [Side(estimate=1.0, n=9, exposure_s=HALF_YEAR_S, interval=Interval(0.9, 1.1))] * 2
    flat = Comparison(before=sides[0], after=sides[1], scale=Scale.RATIO, change=1.0)
    one = one_row(metric(), measured(flat, Unit.SECONDS, "days"), Verdict.NO_EVIDENCE)

    assert plan_notes([one], Multiple.HOLM, 0.05) == ("api-p95: waiting alone will not decide it.",)


def test_a_measure_that_could_not_be_made_is_no_hindrance() -> None:
    report = doubted(reported(one_row(metric(), None, Verdict.NOT_ENOUGH)), Load())

    assert (report.rows[0].flags, report.notes) == ((), ())

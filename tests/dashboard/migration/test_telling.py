"""The report in words: every cell as the mock-up has it, from the oracles' numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from told_builders import (
    compared,
    day,
    days,
    goal,
    measured,
    metric,
    migration,
    mock_up,
    report,
    row,
)

from dashboard.config.migration_def import MovedService
from dashboard.measures.contract import Unit
from dashboard.views.migration.telling import moved_words, told
from dashboard.views.migration.told import ToldRow
from dashboard.views.migration.words import change_cell
from slo.evidence.comparison import Scale
from slo.evidence.terms import Better, Flag, GoalResult, Role, Verdict


def _rows() -> dict[str, ToldRow]:
    return {one.id: one for one in told(mock_up()).rows}


def test_the_headline_counts_verdicts_of_goals_and_the_goals_apart() -> None:
    said = told(mock_up())

    assert said.headline == (
        "Monolith to services: 6 improved, 1 worse, 1 no evidence of change, 1 not enough data"
    )
    assert said.goals == "Goals: 3 met, 4 met but not certain"
    assert said.look == "final look, as planned"


def test_the_period_line_names_the_days_that_count_and_those_left_out() -> None:
    assert told(mock_up()).periods == (
        "Before 6 Oct 2025 to 5 Apr 2026 (182 d) · after 24 May to 21 Nov 2026 (182 d)"
        " · the cutover, 6 Apr to 23 May, is left out of both · days in UTC"
    )


def test_an_interim_report_says_when_the_planned_look_is_and_how_many_days_have_passed() -> None:
    early = told(report(as_of=day("2026-09-01"), is_interim=True, migration=migration()))

    assert early.look == "interim; the planned look is on 22 Nov 2026"
    assert "after 24 May to 21 Nov 2026 (100 of 182 d so far)" in early.periods


def test_a_guardrail_that_nobody_could_judge_is_counted_and_nothing_at_all_is_said_so() -> None:
    seen, unseen = measured(compared(0.82, 0.49), Unit.SECONDS), compared(None, None, p_value=None)
    guard = metric("cost", role=Role.GUARDRAIL)
    none = row(guard, measured(unseen, Unit.NUMBER), Verdict.NOT_ENOUGH)

    both = told(report(row(metric(), seen, Verdict.IMPROVED), none)).headline
    assert both == "Monolith to services: 1 improved, 1 not enough data"
    assert told(report(none)).headline == (
        "Monolith to services: nothing was collected for either period"
    )


def test_a_flag_of_all_that_was_tested_is_left_to_the_notes_and_no_other() -> None:
    made = measured(compared(0.82, 0.49), Unit.SECONDS)
    flags = ((Flag.SEASONAL, Flag.TREND, Flag.INTERIM), (Flag.SEASONAL,), (Flag.SEASONAL,))
    rows = [
        row(metric(f"m-{number}"), made, Verdict.IMPROVED, flags=each, p_adjusted=p)
        for number, (each, p) in enumerate(zip(flags, (0.01, 0.02, None), strict=True))
    ]

    assert [one.flags for one in told(report(*rows)).rows] == [(Flag.TREND,), (), ()]
    assert told(report(rows[0])).rows[0].flags == (Flag.SEASONAL, Flag.TREND)


def test_moved_services_are_named_where_a_measure_is_of_one_and_only_there() -> None:
    moved = tuple(MovedService(name=name, cutover=day("2026-05-01")) for name in "abcd")

    def said(*services: str) -> str:
        metrics = (metric(f"p95-{number}", service=name) for number, name in enumerate(services))
        return moved_words(migration(*metrics, services=(*moved, MovedService(name="still"))))

    assert said("", "still", "other") == ""
    assert said("", "a", "a") == "a is measured around its own cutover"
    assert said("b", "a") == "b and a are measured around cutovers of their own"
    assert said(*"abcd") == "4 services are measured around cutovers of their own"


def test_a_cutover_of_no_length_is_not_called_left_out() -> None:
    bare = migration(before=days("2025-05-24", "2026-05-24"), transition=None)

    assert "left out" not in told(report(migration=bare)).periods


@pytest.mark.parametrize(
    ("name", "before", "after", "change"),
    [
        ("api-p95", ("820 ms", ""), ("490 ms", ""), ("−40 %", "−44 to −36 %")),
        ("uptime", ("99.80 %", ""), ("99.97 %", ""), ("+0.17 pp", "+0.03 to +0.41 pp")),
        ("trains", ("1.0", "a month"), ("4.3", "a month"), ("4.3x as often", "1.7 to 12.9x")),
        ("incidents", ("2.5", "a month"), ("0.5", "a month"), ("0.20x as often", "0.04 to 0.71x")),
        ("pipeline", ("72 h", ""), ("8.1 h", ""), ("−89 %", "−90 to −87 %")),
        ("releases", ("4", "a quarter"), ("12", "a quarter"), ("3.0x as often", "1.3 to 7.7x")),
        ("search", ("310 ms", ""), ("342 ms", ""), ("+10 %", "+4 to +17 %")),
        ("failed", ("33 %", ""), ("12 %", ""), ("−22 pp", "−59 to +8 pp")),
        ("security", ("2", "in 182 d"), ("0", "in 182 d"), ("–", "")),
        ("cost", ("41.2", "k€ a month"), ("45.7", "k€ a month"), ("+11 %", "+4.5 k€ a month")),
        ("rating", ("3.9", "of 5"), ("4.7", "of 5"), ("+0.8", "")),
    ],
)
def test_values_and_change_stand_in_the_measures_own_way_of_speaking(
    name: str, before: tuple[str, str], after: tuple[str, str], change: tuple[str, str]
) -> None:
    said = _rows()[name]

    assert (said.before, said.after, said.change) == (before, after, change)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("api-p95", "by day, 182 and 182 d"),
        ("uptime", "15 and 3 outages"),
        ("trains", "6 and 26"),
        ("pipeline", "7 and 12 runs"),
        ("failed", "2 of 6 and 3 of 26"),
        ("cost", "guardrail, 6 and 6 months"),
        ("rating", "one value each"),
    ],
)
def test_below_the_name_stands_what_both_sides_stand_on(name: str, counts: str) -> None:
    assert _rows()[name].name[1] == counts


@pytest.mark.parametrize(
    ("name", "evidence", "aimed"),
    [
        ("api-p95", ("improved", ""), ("met, not certain", "< 500 ms")),
        ("uptime", ("improved", "86 → 13 min per 30 d"), ("met, not certain", "≥ 99.95 %")),
        ("trains", ("improved", ""), ("met, not certain", "≥ 1 a week")),
        ("search", ("worse", ""), ("no goal", "")),
        ("failed", ("no evidence of change", ""), ("met, not certain", "≤ 15 %")),
        ("security", ("not enough data", "enough: none for 970 d"), ("no goal", "")),
        ("cost", ("inside its limit", "not tested"), ("inside", "at most +15 %")),
        ("rating", ("not tested", ""), ("met", "≥ 4.5")),
    ],
)
def test_evidence_and_goal_are_two_columns(
    name: str, evidence: tuple[str, str], aimed: tuple[str, str]
) -> None:
    said = _rows()[name]

    assert (said.evidence, said.goal) == (evidence, aimed)


def test_coverage_is_rounded_down_and_a_dash_where_no_one_can_know() -> None:
    rows = _rows()

    assert (rows["api-p95"].coverage, rows["rating"].coverage) == ("100 % · 98 %", "–")


def test_no_p_value_stands_in_any_cell() -> None:
    cells = [cell for one in told(mock_up()).rows for cell in (*one.change, *one.evidence)]

    assert not any("p =" in cell or "0.001" in cell for cell in cells)


def test_a_value_never_reads_as_the_goal_that_it_misses() -> None:
    missed = row(
        metric(**goal("< 500ms", 0.5)),
        measured(compared(0.82, 0.5004, (0.5, 0.7)), Unit.SECONDS, "days"),
        Verdict.IMPROVED,
        goal=GoalResult.MISSED,
    )
    met = row(
        metric("up", kind="uptime", better=Better.HIGHER, **goal(">= 99.95 %", 0.9995)),
        measured(compared(0.998, 0.999499, scale=Scale.DIFFERENCE), Unit.RATIO, "outages"),
        Verdict.IMPROVED,
        goal=GoalResult.MISSED,
    )
    first, second = told(report(missed, met)).rows

    assert (first.after[0], second.after[0]) == ("500.4 ms", "99.9499 %")


def test_a_share_reads_as_all_or_nothing_only_where_it_is() -> None:
    nearly = measured(compared(0.99999, 1.0, scale=Scale.DIFFERENCE), Unit.RATIO, "outages")
    said = told(report(row(metric(**goal("> 99 %", 0.99)), nearly, Verdict.NO_EVIDENCE))).rows[0]

    assert (said.before[0], said.after[0]) == ("99.999 %", "100 %")


def test_a_range_that_leaves_out_no_change_never_reads_as_touching_it() -> None:
    just = measured(compared(1.0, 1.3, (1.02, 1.66)), Unit.PER_WEEK)
    slower = measured(compared(0.3, 0.31, (1.002, 1.06)), Unit.SECONDS, "days")
    often, more = told(
        report(row(metric("a"), just, Verdict.WORSE), row(metric("b"), slower, Verdict.WORSE))
    ).rows

    assert often.change[1] == "1.02 to 1.7x"
    assert more.change[1] == "+0.2 to +6 %"


def test_what_never_happened_on_a_side_has_no_factor() -> None:
    gone = measured(compared(1.0, 0.0, (0.0, 0.8493), n=(6, 0), best_p=0.03), Unit.PER_MONTH)
    new = measured(
        compared(0.0, 1.0, (0.66, None), n=(0, 9), best_p=0.004, p_value=0.004), Unit.PER_MONTH
    )
    first, second = told(
        report(row(metric("a"), gone, Verdict.IMPROVED), row(metric("b"), new, Verdict.WORSE))
    ).rows

    assert first.change == ("none after", "at most 0.85x")
    assert second.change == ("none before", "at least 0.66x")


def test_an_infinite_change_is_told_in_words() -> None:
    found = compared(0.0, 1.0, (0.66, float("inf")), n=(0, 9))
    infinite = type(found)(
        before=found.before,
        after=found.after,
        scale=found.scale,
        change=float("inf"),
        interval=found.interval,
    )
    said = told(report(row(metric(), measured(infinite, Unit.PER_MONTH), Verdict.WORSE))).rows[0]

    assert said.change == ("none before", "at least 0.66x")


def test_an_unknown_side_is_a_dash_and_never_nothing() -> None:
    unknown = measured(compared(None, 0.49, p_value=None), Unit.SECONDS, "days")
    said = told(report(row(metric(), unknown, Verdict.NOT_ENOUGH))).rows[0]

    assert (said.before, said.after, said.change) == (("–", ""), ("490 ms", ""), ("–", ""))


def test_a_measure_that_could_not_be_made_is_dashes_with_its_reason() -> None:
    said = told(
        report(row(metric(), None, Verdict.NOT_ENOUGH, reasons=("nothing was collected",)))
    ).rows[0]

    assert (said.before, said.after, said.coverage) == (("–", ""), ("–", ""), "–")
    assert said.evidence == ("not enough data", "nothing measured")
    assert said.reasons == ("nothing was collected",)


def test_what_is_not_comparable_shows_its_change_without_a_range() -> None:
    found = measured(compared(0.82, 0.49, (0.56, 0.64)), Unit.SECONDS, "days")
    said = told(report(row(metric(), found, Verdict.NOT_COMPARABLE))).rows[0]

    assert said.change == ("−40 %", "")


def test_a_guardrail_beyond_its_limit_stands_in_the_headline() -> None:
    cost = row(
        metric("cost", kind="snapshot", role=Role.GUARDRAIL, max_worse=Fraction(1, 10)),
        measured(compared(41.2, 47.4, n=(1, 1), p_value=None), Unit.NUMBER, "values"),
        Verdict.BEYOND,
    )

    assert told(report(cost)).headline == "Monolith to services: 1 guardrail beyond the limit"
    assert told(report(cost)).rows[0].goal == ("beyond", "at most +10 %")


def test_what_lasts_several_times_as_long_is_told_as_a_factor() -> None:
    slower = measured(compared(600.0, 6_000.0, (8.0, 12.5)), Unit.SECONDS, "runs")

    assert told(report(row(metric(), slower, Verdict.WORSE))).rows[0].change == (
        "10.0x as long",
        "8.0 to 12.5x",
    )


def test_a_report_without_measures_says_so() -> None:
    said = told(report(migration=migration()))

    assert (said.headline, said.goals) == ("Monolith to services: no measures configured", "")


def test_generated_figures_are_named_with_their_source() -> None:
    assert told(report(migration=migration(), generated=("history",))).generated == (
        "Generated figures (source history)"
    )


def test_an_amount_changes_in_percent_with_the_amount_below_it() -> None:
    grown = compared(180_000, 219_600, n=(365, 245), p_value=None)

    said = change_cell(measured(grown, Unit.NUMBER, "values", label="a day"))

    assert said == ("+22 %", "+39,600 a day")

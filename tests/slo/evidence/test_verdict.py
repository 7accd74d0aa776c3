"""A verdict is reached in one order, and a goal is judged apart from it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import DAY_S

from slo.evidence.comparison import Comparison, Count, Hits, Interval, Lasted, Scale, Side
from slo.evidence.durations import compared_durations
from slo.evidence.rates import compared_rates
from slo.evidence.shares import compared_shares
from slo.evidence.terms import Better, Goal, GoalResult, Op, Verdict
from slo.evidence.uptime import Downtime, compared_uptime
from slo.evidence.verdict import VerdictRule, goal_result, guarded, verdict

FEWER = VerdictRule(better=Better.LOWER)
MORE = VerdictRule(better=Better.HIGHER)


def rates(before: tuple[int, int], after: tuple[int, int]) -> Comparison:
    return compared_rates(Count(before[0], before[1] * DAY_S), Count(after[0], after[1] * DAY_S))


def told(comparison: Comparison, rule: VerdictRule) -> Verdict:
    return verdict(comparison, rule, comparison.p_value)


RATIO = Comparison(
    before=Side(estimate=10.0, n=50),
    after=Side(estimate=6.0, n=50),
    scale=Scale.RATIO,
    change=0.6,
    interval=Interval(0.5, 0.8),
    p_value=0.01,
    best_p=0.001,
)
POINTS = replace(RATIO, scale=Scale.DIFFERENCE, interval=Interval(-1, 1))


def covered(coverage: float) -> Comparison:
    return replace(RATIO, before=Side(estimate=10.0, n=50, coverage=coverage))


def within(low: float | None, high: float | None, change: float = 0.6) -> Comparison:
    return replace(RATIO, interval=Interval(low, high), change=change)


@pytest.mark.parametrize(
    ("before", "after", "rule", "expected"),
    [
        ((5, 61), (1, 61), FEWER, Verdict.NO_EVIDENCE),
        ((10, 122), (2, 122), FEWER, Verdict.IMPROVED),
        ((15, 182), (3, 182), FEWER, Verdict.IMPROVED),
        ((30, 365), (6, 365), FEWER, Verdict.IMPROVED),
        ((6, 182), (26, 182), MORE, Verdict.IMPROVED),
        ((12, 365), (13, 91), MORE, Verdict.IMPROVED),
        ((4, 91), (12, 91), MORE, Verdict.NO_EVIDENCE),
        ((8, 182), (24, 182), MORE, Verdict.IMPROVED),
        ((5, 182), (0, 182), FEWER, Verdict.NOT_ENOUGH),
        ((6, 182), (0, 182), FEWER, Verdict.IMPROVED),
        ((0, 182), (4, 182), FEWER, Verdict.NOT_ENOUGH),
        ((0, 182), (0, 182), FEWER, Verdict.NOT_ENOUGH),
        ((3, 182), (15, 182), FEWER, Verdict.WORSE),
        ((26, 182), (6, 182), MORE, Verdict.WORSE),
        ((5, 0), (1, 61), FEWER, Verdict.NOT_ENOUGH),
    ],
)
def test_every_worked_rate_has_its_verdict(
    before: tuple[int, int], after: tuple[int, int], rule: VerdictRule, expected: Verdict
) -> None:
    assert told(rates(before, after), rule) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((6, 26), (5, 104), Verdict.IMPROVED),
        ((2, 6), (3, 26), Verdict.NO_EVIDENCE),
        ((0, 6), (0, 26), Verdict.NOT_ENOUGH),
        ((0, 0), (0, 26), Verdict.NOT_ENOUGH),
    ],
)
def test_every_worked_share_has_its_verdict(
    before: tuple[int, int], after: tuple[int, int], expected: Verdict
) -> None:
    assert told(compared_shares(Hits(*before), Hits(*after)), FEWER) is expected


def test_the_worked_pipeline_has_improved() -> None:
    before, after = (70, 75, 60, 80, 72, 66, 90), (8, 7.5, 9, 6.8, 8.2, 12, 7.9, 8.4, 7.1, 26, 8.8)

    assert told(compared_durations(Lasted(before), Lasted(after)), FEWER) is Verdict.IMPROVED


def test_the_worked_uptime_has_improved_and_met_its_goal_without_certainty(shared: Path) -> None:
    case = json.loads((shared / "oracles" / "statistics.json").read_text())["uptime_182d_each"]
    sides = [
        Downtime(tuple(x * 60 for x in case[f"outages_{name}_min"]), case["period_min"] * 60)
        for name in ("before", "after")
    ]

    found = compared_uptime(*sides)

    assert told(found, MORE) is Verdict.IMPROVED
    assert goal_result(found.after, Goal(Op.GTE, 0.9995)) is GoalResult.NOT_CERTAIN
    assert goal_result(found.before, Goal(Op.GTE, 0.9995)) is GoalResult.MISSED


def test_five_outages_and_one_are_no_evidence_where_six_before_would_be() -> None:
    two_months = 61.0 * DAY_S
    none = Downtime((), two_months)
    few = compared_uptime(Downtime((60.0,) * 5, two_months), Downtime((30.0,), two_months))
    more = compared_uptime(Downtime((60.0,) * 6, two_months), none)

    assert told(few, MORE) is Verdict.NO_EVIDENCE
    assert told(more, MORE) is Verdict.IMPROVED


def test_a_period_that_was_observed_too_little_is_judged_before_anything_else() -> None:
    assert told(covered(0.79), FEWER) is Verdict.NOT_ENOUGH
    assert told(covered(0.8), FEWER) is Verdict.IMPROVED
    assert told(covered(0.1 + 0.2 + 0.5), FEWER) is Verdict.IMPROVED


def test_a_best_p_value_at_alpha_is_not_enough_and_just_below_it_is() -> None:
    assert told(replace(RATIO, best_p=0.05), FEWER) is Verdict.NOT_ENOUGH
    assert told(replace(RATIO, best_p=0.049), FEWER) is Verdict.IMPROVED


def test_a_p_value_at_alpha_tells_nothing() -> None:
    assert told(replace(RATIO, p_value=0.05), FEWER) is Verdict.NO_EVIDENCE


def test_the_p_value_of_the_family_counts_and_not_the_plain_one() -> None:
    assert verdict(RATIO, FEWER, 0.07) is Verdict.NO_EVIDENCE


def test_a_test_that_tells_while_its_interval_crosses_no_change_is_no_evidence() -> None:
    assert told(within(0.5, 1.01), FEWER) is Verdict.NO_EVIDENCE
    assert told(within(0.5, 1.0), FEWER) is Verdict.NO_EVIDENCE
    assert told(within(0.5, None), FEWER) is Verdict.NO_EVIDENCE


def test_a_test_that_has_no_interval_tells_by_the_way_of_the_change() -> None:
    bare = replace(RATIO, interval=None)

    assert told(bare, FEWER) is Verdict.IMPROVED
    assert told(replace(bare, change=1.4), FEWER) is Verdict.WORSE
    assert told(replace(bare, change=1.0), FEWER) is Verdict.NO_EVIDENCE
    assert told(replace(bare, change=None), FEWER) is Verdict.NO_EVIDENCE


def test_an_estimate_of_which_no_range_is_known_meets_its_goal_without_certainty() -> None:
    side, aim = Side(estimate=0.49, n=182), Goal(Op.LT, 0.5)

    assert goal_result(side, aim, is_reading=False) is GoalResult.NOT_CERTAIN
    assert goal_result(side, aim) is GoalResult.MET
    assert goal_result(replace(side, estimate=0.51), aim, is_reading=False) is GoalResult.MISSED


def test_a_guardrail_of_which_no_range_is_known_is_neither_held_nor_broken() -> None:
    tested = replace(RATIO, interval=None, change=1.0)

    assert guarded(tested, Better.LOWER, 0.2) is Verdict.NO_EVIDENCE
    assert guarded(replace(tested, change=9.0), Better.LOWER, 0.2) is Verdict.NO_EVIDENCE


def test_an_interval_open_to_the_far_side_still_tells_its_own() -> None:
    assert told(within(1.2, None, 2), MORE) is Verdict.IMPROVED
    assert told(replace(POINTS, interval=Interval(None, -0.1)), FEWER) is Verdict.IMPROVED


def test_single_readings_and_measures_without_a_better_side_are_not_tested() -> None:
    reading = replace(RATIO, interval=None, p_value=None, best_p=None)

    assert told(reading, FEWER) is Verdict.NOT_TESTED
    assert told(RATIO, VerdictRule(better=None)) is Verdict.NOT_TESTED
    assert verdict(RATIO, FEWER, None) is Verdict.NOT_TESTED


def test_no_evidence_becomes_about_the_same_only_within_its_limit() -> None:
    same = VerdictRule(better=Better.LOWER, same_within=Fraction(1, 10))
    inside, outside = (
        replace(RATIO, p_value=0.5, inner=Interval(low, 1.1)) for low in (0.95, 0.89)
    )

    assert told(inside, same) is Verdict.SAME
    assert told(outside, same) is Verdict.NO_EVIDENCE
    assert told(inside, FEWER) is Verdict.NO_EVIDENCE
    assert told(replace(RATIO, p_value=0.5), same) is Verdict.NO_EVIDENCE


def test_about_the_same_of_uptime_is_a_share_of_its_downtime() -> None:
    same = VerdictRule(better=Better.HIGHER, same_within=Fraction(1, 10))
    found = replace(POINTS, p_value=0.5, relative_to=0.002, inner=Interval(-1e-4, 1e-4))

    assert told(found, same) is Verdict.SAME
    assert told(replace(found, inner=Interval(-3e-4, 1e-4)), same) is Verdict.NO_EVIDENCE


def test_about_the_same_needs_some_hundred_events_on_either_side() -> None:
    same = VerdictRule(better=Better.LOWER, same_within=Fraction(1, 10))

    assert told(rates((650, 182), (650, 182)), same) is Verdict.SAME
    assert told(rates((100, 182), (100, 182)), same) is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("op", "estimate", "interval", "expected"),
    [
        (Op.LT, 0.49, (0.47, 0.499), GoalResult.MET),
        (Op.LT, 0.49, (0.47, 0.5), GoalResult.NOT_CERTAIN),
        (Op.LTE, 0.49, (0.47, 0.5), GoalResult.MET),
        (Op.LT, 0.5, (0.47, 0.53), GoalResult.MISSED),
        (Op.LTE, 0.5, (0.47, 0.53), GoalResult.NOT_CERTAIN),
        (Op.GT, 0.5, (0.5, 0.53), GoalResult.MISSED),
        (Op.GTE, 0.5, (0.5, 0.53), GoalResult.MET),
        (Op.GT, 0.6, (0.5, 0.7), GoalResult.NOT_CERTAIN),
        (Op.GT, 0.6, (None, 0.7), GoalResult.NOT_CERTAIN),
        (Op.LT, 0.4, (0.3, None), GoalResult.NOT_CERTAIN),
        (Op.LT, 0.49, None, GoalResult.MET),
        (Op.LT, None, None, GoalResult.UNKNOWN),
    ],
)
def test_a_goal_is_met_by_the_estimate_and_certain_by_the_whole_interval(
    op: Op,
    estimate: float | None,
    interval: tuple[float | None, float | None] | None,
    expected: GoalResult,
) -> None:
    side = Side(estimate=estimate, n=9, interval=Interval(*interval) if interval else None)

    assert goal_result(side, Goal(op, 0.5)) is expected


def test_a_better_certainty_than_the_interval_replaces_it() -> None:
    side = Side(estimate=0.49, n=9, interval=Interval(0.4, 0.6))

    assert goal_result(side, Goal(Op.LT, 0.5), is_certain=True) is GoalResult.MET
    assert goal_result(side, Goal(Op.LT, 0.5), is_certain=False) is GoalResult.NOT_CERTAIN
    assert goal_result(side, Goal(Op.LT, 0.4), is_certain=True) is GoalResult.MISSED


def test_a_goal_hit_on_the_dot_is_not_lost_to_binary_fractions() -> None:
    assert goal_result(Side(estimate=0.1 + 0.2, n=1), Goal(Op.LTE, 0.3)) is GoalResult.MET
    assert goal_result(Side(estimate=0.1 + 0.2, n=1), Goal(Op.GT, 0.3)) is GoalResult.MISSED
    assert goal_result(Side(estimate=0.0, n=1), Goal(Op.LTE, 0.0)) is GoalResult.MET


@pytest.mark.parametrize(
    ("change", "interval", "expected"),
    [
        (1.15, None, Verdict.INSIDE),
        (1.2, None, Verdict.INSIDE),
        (1.25, None, Verdict.BEYOND),
        (0.5, None, Verdict.INSIDE),
        (1.1, (1.05, 1.18), Verdict.INSIDE),
        (1.5, (1.1, 1.9), Verdict.BEYOND),
        (1.1, (0.9, 1.4), Verdict.NO_EVIDENCE),
        (1.3, (0.9, 1.8), Verdict.NO_EVIDENCE),
        (1.1, (1.05, 1.3), Verdict.WORSE),
        (1.5, (1.1, None), Verdict.BEYOND),
        (None, None, Verdict.NOT_ENOUGH),
    ],
)
def test_a_guardrail_of_a_fifth_is_held_or_not(
    change: float | None, interval: tuple[float, float] | None, expected: Verdict
) -> None:
    around = Interval(*interval) if interval else None
    found = replace(RATIO, interval=around, change=change, p_value=None, best_p=None)

    assert guarded(found, Better.LOWER, Fraction(1, 5)) is expected


def test_a_guardrail_of_what_should_be_high_looks_the_other_way() -> None:
    down = replace(POINTS, interval=Interval(-0.4, -0.3), change=-0.35, relative_to=1.0)

    assert guarded(down, Better.HIGHER, Fraction(1, 5)) is Verdict.BEYOND
    assert guarded(down, Better.LOWER, Fraction(1, 5)) is Verdict.INSIDE


def test_a_guardrail_that_could_not_be_tested_or_seen_is_not_called_held() -> None:
    assert guarded(replace(RATIO, best_p=0.2), Better.LOWER, 0.2) is Verdict.NOT_ENOUGH
    assert guarded(covered(0.1), Better.LOWER, 0.2) is Verdict.NOT_ENOUGH
    nothing = replace(POINTS, relative_to=0.0)
    assert guarded(nothing, Better.LOWER, 0.2) is Verdict.NOT_ENOUGH

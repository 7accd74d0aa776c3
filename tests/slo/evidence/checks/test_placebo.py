"""Whether things were changing already, on series with and without a migration in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy import stats

from slo.evidence.checks.placebo import (
    Placebo,
    compared_weeks,
    counted_placebo,
    halves,
    placebo,
    weekly_placebo,
)
from slo.evidence.comparison import Comparison, Count, Scale, Side
from slo.evidence.rates import compared_rates


def weekly(slope: float, step: float, seed: int) -> list[float]:
    """52 weeks of a p95 around 820 ms, with noise of 25 ms and a step after 26 of them."""
    noise = np.random.default_rng(seed).normal(0, 25, 52)
    return [820 + slope * week + step * (week >= 26) + noise[week] for week in range(52)]


def p_values(slope: float, step: float) -> tuple[list[float], list[Placebo]]:
    series = [weekly(slope, step, seed) for seed in range(40)]
    naive = [compared_weeks(each[:26], each[26:]).p_value or 1 for each in series]
    return naive, [weekly_placebo(each[:26]) for each in series]


def test_a_steady_trend_looks_like_an_improvement_and_the_placebo_gives_it_away() -> None:
    naive, found = p_values(slope=-6, step=0)

    # MATH 4.5 on one such series: naive p 8e-10, placebo p 3e-5, so a trend.
    assert np.median(naive) < 8e-10
    assert np.median([each.comparison.p_value for each in found]) < 3e-5
    assert all(each.is_trend and each.comparison.is_rising is False for each in found)


def test_a_true_step_after_steady_weeks_passes_the_placebo() -> None:
    naive, found = p_values(slope=0, step=-330)

    # MATH 4.5 on one such series: placebo p .92. Of 40 without a trend 2 would be 5 %; 6 or more
    # come once in a hundred times (binomial).
    assert max(naive) < 8e-10
    assert any((each.comparison.p_value or 0) > 0.9 for each in found)
    assert sum(each.is_trend for each in found) <= 5


def test_events_that_grew_rarer_before_the_migration_are_a_trend() -> None:
    # 12 in the first half, 2 in the second; by hand 2 * (1 + 14 + 91) / 2^14 = .0129.
    found = counted_placebo([1] * 12 + [0, 0, 1] + [0] * 8 + [1])

    assert found.comparison.p_value == pytest.approx(2 * 106 / 2**14)
    assert (found.is_trend, found.comparison.is_rising) == (True, False)


def test_clusters_take_their_part_of_a_trend_away() -> None:
    # 6 and 1 are left: 2 * (1 + 7) / 2^7.
    found = counted_placebo([1] * 12 + [0, 0, 1] + [0] * 8 + [1], clusters=2)

    assert found.comparison.p_value == pytest.approx(0.125)
    assert not found.is_trend


def test_the_week_in_the_middle_is_of_neither_half() -> None:
    found = counted_placebo([1, 40, 2])

    assert (found.comparison.before.n, found.comparison.after.n) == (1, 2)


def test_too_few_events_are_no_trend_and_carry_the_p_value_that_says_so() -> None:
    few, none, nothing = (counted_placebo(each) for each in ([3, 0], [0, 0], []))

    assert (few.is_trend, few.comparison.p_value) == (False, 0.25)
    assert (none.is_trend, none.comparison.is_rising) == (False, None)
    assert (nothing.is_trend, nothing.comparison.p_value) == (False, None)


def test_any_comparison_of_halves_makes_a_placebo_at_its_own_alpha() -> None:
    def compare(first: Count, second: Count) -> Comparison:
        return compared_rates(first, second)

    both = Count(10, 122.0), Count(2, 122.0)

    # statistics.json, rates, incidents_4mo: p = .0386.
    assert placebo(both, compare, 0.05).is_trend
    assert not placebo(both, compare, 0.01).is_trend


def test_a_comparison_without_a_p_value_tells_no_trend_and_no_way() -> None:
    unknown = Comparison(
        before=Side(estimate=None, n=0),
        after=Side(estimate=None, n=0),
        scale=Scale.RATIO,
        change=None,
    )

    found = placebo((0, 0), lambda _first, _second: unknown, 0.05)

    assert (found.is_trend, found.comparison.is_rising) == (False, None)


@pytest.mark.parametrize("count", range(8))
def test_halves_are_equally_long_and_in_order_with_the_middle_one_left_out(count: int) -> None:
    first, second = halves(list(range(count)))

    assert len(first) == len(second) == count // 2
    both = [*first, *second]
    assert all(one < other for one, other in pairwise(both))
    assert not count or (len(both) < 2 or (both[0], both[-1]) == (0, count - 1))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    # statistics.json, mw_best_p.
    [((3, 3), 0.1), ((4, 3), 2 / 35), ((4, 4), 2 / 70), ((2, 20), 2 / 231)],
)
def test_weeks_that_do_not_overlap_have_the_best_p_value_of_their_number(
    sizes: tuple[int, int], expected: float
) -> None:
    found = compared_weeks(
        [float(week) for week in range(sizes[0])], [100.0 + week for week in range(sizes[1])]
    )

    assert (found.p_value, found.best_p) == pytest.approx((expected, expected))


def test_the_shift_of_weeks_is_the_median_of_all_differences() -> None:
    # 3-1, 3-2, 3-6, 8-1, 8-2, 8-6 in order: -3, 1, 2, 2, 6, 7.
    found = compared_weeks([1, 2, 6], [3, 8])

    assert (found.before.estimate, found.after.estimate, found.change) == (2, 5.5, 2)
    assert found.scale is Scale.DIFFERENCE


@pytest.mark.parametrize(("before", "after"), [([], [1.0]), ([1.0], []), ([], [])])
def test_a_side_without_weeks_gives_no_p_value(
    before: Sequence[float], after: Sequence[float]
) -> None:
    found = compared_weeks(before, after)

    assert (found.change, found.p_value) == (None, None)


def test_weeks_that_are_all_alike_are_no_change_and_ties_do_not_stop_the_test() -> None:
    assert compared_weeks([7] * 9, [7] * 9).p_value == 1
    assert weekly_placebo([7] * 18).comparison.is_rising is None
    tied = compared_weeks([1, 1, 2, 2, 3, 3, 3, 4], [5, 5, 6, 6, 6, 7, 7, 8])
    assert tied.p_value is not None
    assert tied.p_value < 0.001


def test_weeks_with_ties_are_judged_by_all_their_divisions_as_durations_are() -> None:
    # By hand: of the 70 divisions of eight values that of the highest four is one; 2 / 70. All
    # of [1,1,3,4] lie below, so the tie among them changes nothing.
    apart = compared_weeks([5, 6, 7, 8], [1, 1, 3, 4])
    # Of the 924 divisions of twelve values the lowest rank sum (1, 2, 2, 3, 4 and one of four 5s)
    # has four, the highest (8, 7, 6 and three of the 5s) as many: 2 * 4 / 924.
    tied = compared_weeks([5, 5, 6, 7, 8, 5], [1, 2, 3, 5, 4, 2])

    assert (apart.p_value, apart.best_p) == pytest.approx((2 / 70, 2 / 70))
    assert tied.best_p == pytest.approx(counted_best_p([5, 5, 6, 7, 8, 5], [1, 2, 3, 5, 4, 2]))
    assert tied.best_p == pytest.approx(8 / 924)
    assert "exact" in tied.method


def counted_best_p(before: Sequence[float], after: Sequence[float]) -> float:
    """Twice the chance of the rarer end, of every division of the ranks written down."""
    held = stats.rankdata([*before, *after])
    sums = [sum(each) for each in combinations(held, len(after))]
    return 2 * min(sums.count(min(sums)), sums.count(max(sums))) / len(sums)


def test_many_years_of_weeks_are_compared_by_the_normal_law() -> None:
    found = compared_weeks([float(k) for k in range(150)], [k + 0.5 for k in range(150)])

    assert found.p_value == pytest.approx(0.94, abs=0.02)


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_a_week_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="leave it out"):
        compared_weeks([1, value], [2, 3])

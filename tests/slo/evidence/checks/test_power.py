"""Power: against every outcome counted out with the real tests."""

from __future__ import annotations

import math

import pytest
import scipy
from known_power import duration_power, rate_power

from slo.evidence.comparison import Count
from slo.evidence.rates import compared_rates


def counted_out(means: tuple[float, float], times: tuple[float, float], most: int) -> float:
    """The chance of a p-value below 0.05, summed over every pair of counts."""
    chances = [scipy.stats.poisson.pmf(range(most), mean) for mean in means]
    return sum(
        float(chances[0][first] * chances[1][second])
        for first in range(most)
        for second in range(most)
        if (compared_rates(Count(first, times[0]), Count(second, times[1])).p_value or 1) < 0.05
    )


@pytest.mark.parametrize(
    ("n", "times", "ratio"),
    [(15, (182, 182), 0.2), (15, (182, 182), 1.0), (6, (182, 91), 4.0), (3, (365, 61), 1.0)],
)
def test_power_of_the_rate_test_is_that_of_every_outcome_counted_out(
    n: int, times: tuple[float, float], ratio: float
) -> None:
    expected = counted_out((n, n * ratio * times[1] / times[0]), times, 45)

    found = rate_power(Count(n, times[0]), times[1], ratio)

    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 15, 30, 100, 1_000, 30_000])
@pytest.mark.parametrize("after_s", [10.0, 100.0, 1_000.0])
def test_the_rate_test_calls_no_more_than_five_percent_of_no_changes(
    n: int, after_s: float
) -> None:
    assert rate_power(Count(n, 100.0), after_s, 1.0) <= 0.05


def test_clusters_cost_power_as_if_fewer_events_had_come() -> None:
    assert rate_power(Count(30, 182), 182, 0.2, clusters=2) == rate_power(Count(15, 182), 182, 0.2)


@pytest.mark.parametrize(
    ("before", "after_s"), [(Count(0, 182), 182), (Count(5, 0), 182), (Count(5, 182), 0)]
)
def test_without_events_or_time_there_is_no_power(before: Count, after_s: float) -> None:
    assert rate_power(before, after_s, 0.2) == 0


def test_four_against_four_durations_can_be_told_apart_and_four_against_three_never() -> None:
    assert duration_power((4, 4), 0.01, 0.5) > 0.99
    assert duration_power((4, 3), 0.01, 0.5) == 0
    assert duration_power((0, 9), 0.01, 0.5) == 0


def test_power_of_the_rank_test_is_near_that_of_the_t_test_on_logarithms() -> None:
    # 30 each, one standard deviation apart: t with 58 degrees and noncentrality sqrt(15) has
    # 96.8 %, and ranks are 95.5 % as efficient.
    found = duration_power((30, 30), math.exp(-0.5), 0.5)

    assert found == pytest.approx(0.962, abs=0.03)


def test_durations_without_spread_are_told_apart_by_any_change_and_by_none_not() -> None:
    assert duration_power((4, 4), 0.9, 0.0) == 1
    assert duration_power((4, 4), 1.0, 0.0) == 0

"""A percentile of a period is pooled over its days, and its interval draws whole weeks anew."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence import quantiles
from slo.evidence.day_spreads import DaySpreads
from slo.evidence.quantiles import compared_quantiles, pooled_quantile, share_at_most
from slo.evidence.resampling import blocks_of, resamples
from slo.evidence.terms import Goal, GoalResult, Op
from slo.evidence.verdict import goal_result
from slo.facts import Reals
from slo.histogram import Histogram

VALUES = st.lists(st.lists(st.integers(0, 30), max_size=12), min_size=1, max_size=6)


def raw(days: Sequence[Sequence[float] | Reals]) -> DaySpreads:
    values = np.unique(np.concatenate([np.empty(0), *days]))
    counts = np.array(
        [[np.count_nonzero(np.equal(day, value)) for value in values] for day in days]
    )
    return DaySpreads(values, values, counts.reshape(len(days), len(values)).astype(np.float64))


def measured(days: int, median: float, *, seed: int, a_day: int = 48) -> DaySpreads:
    chance = np.random.default_rng(seed)
    weather = np.exp(chance.normal(0, 0.1, days))
    return raw([chance.lognormal(0, 0.5, a_day) * median * w for w in weather])


def buckets(edges: list[float], days: list[list[float]]) -> DaySpreads:
    le = np.array([*edges, math.inf])
    return DaySpreads(np.array([0.0, *edges]), le, np.array(days, dtype=np.float64))


def test_a_week_is_pooled_and_not_the_mean_of_its_days(shared: Path) -> None:
    case = json.loads((shared / "oracles" / "statistics.json").read_text())["histogram_week"]
    edges = case["le"][:-1]
    weekday, weekend = (np.diff([0, *case[f"{name}_cum"]]) for name in ("weekday", "weekend"))
    week = buckets(edges, [list(weekday)] * 5 + [list(weekend)] * 2)

    assert pooled_quantile(week, 0.95) == pytest.approx(case["pooled_p95"], abs=1e-9)
    assert pooled_quantile(week, 0.95) != pytest.approx(case["mean_of_daily_p95"], abs=0.05)
    assert share_at_most(week, 0.5).estimate == pytest.approx(case["share_le_500ms"], abs=1e-9)
    for day, p95 in zip((weekday, weekend), case["daily_p95"], strict=True):
        assert pooled_quantile(buckets(edges, [list(day)]), 0.95) == pytest.approx(p95, abs=1e-9)


@given(VALUES, st.integers(0, 30), st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.07]))
def test_a_percentile_is_at_most_a_limit_exactly_where_so_many_values_are(
    days: list[list[int]], limit: int, q: float
) -> None:
    values = [value for day in days for value in day]
    found = pooled_quantile(raw(days), q)
    if not values:
        assert found is None
        return
    under = sum(value <= limit for value in values)
    assert found is not None

    assert (found <= limit) == (under >= round(q * len(values), 9))


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.floats(0.01, 0.99))
def test_buckets_are_read_as_the_pages_of_budgets_read_them(counts: list[int], q: float) -> None:
    edges = np.array([0.0, 0.1, 0.5, 1.0, 3.0])
    spreads = DaySpreads(edges[:-1], edges[1:], np.array([counts], dtype=np.float64))
    page = Histogram(edges[:-1], edges[1:], np.array(counts, dtype=np.float64)).quantile(q)

    assert pooled_quantile(spreads, q) == (page and pytest.approx(page.estimate, abs=1e-7))


def test_above_the_last_finite_edge_the_percentile_is_that_edge() -> None:
    assert pooled_quantile(buckets([0.5, 1.0], [[1, 1, 98]]), 0.95) == 1.0


def test_at_or_under_zero_the_percentile_is_zero() -> None:
    spreads = DaySpreads(np.array([-math.inf]), np.array([0.0]), np.array([[3.0]]))

    assert pooled_quantile(spreads, 0.5) == 0


def test_drawing_in_groups_finds_what_looking_at_every_value_finds() -> None:
    spreads = measured(70, 1.0, seed=3)
    blocks = blocks_of(spreads.counts)
    weights = resamples(len(blocks), np.random.default_rng(1))[:200]
    reached = np.cumsum(weights @ blocks, axis=1)
    place = (reached < np.round(0.95 * reached[:, -1:], 6)).sum(axis=1)

    found = quantiles._quantiles(spreads, blocks, weights, 0.95)

    assert found.tolist() == spreads.le[place].tolist()


def test_a_fall_by_two_fifths_is_told_and_its_interval_holds_it() -> None:
    found = compared_quantiles(measured(60, 1.0, seed=1), measured(60, 0.6, seed=2), q=0.95)
    assert found.interval is not None

    assert found.change == pytest.approx(0.6, abs=0.05)
    assert found.interval.contains(0.6)
    assert not found.interval.contains(1)
    assert found.p_value == found.best_p
    assert found.best_p is not None
    assert found.best_p < 0.001


def test_the_interval_of_a_side_is_near_that_of_its_asymptotics() -> None:
    # Independent values: the standard error of a median is 1.2533 sigma / sqrt(n). Twenty-five
    # pairs of weeks: Student's t of 24 is 2.064, and the error itself is good for a seventh.
    chance = np.random.default_rng(8)
    spreads = raw([chance.normal(10, 1, 20) for _ in range(350)])

    side = compared_quantiles(spreads, spreads, q=0.5).before
    assert side.interval is not None

    width = (side.interval.high or 0) - (side.interval.low or 0)
    assert width == pytest.approx(2 * 2.064 * 1.2533 / math.sqrt(7_000), rel=0.28)


def test_two_weeks_are_enough_for_a_great_change_and_their_range_is_wide() -> None:
    before, after = measured(14, 1.0, seed=1), measured(14, 0.2, seed=2)

    few = compared_quantiles(before, after, q=0.95)
    many = compared_quantiles(measured(140, 1.0, seed=1), measured(140, 0.2, seed=2), q=0.95)

    assert few.p_value is not None
    assert few.p_value < 0.05
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval.high is not None
    assert many.interval.high is not None
    assert many.interval.high < few.interval.high < 1


@pytest.mark.parametrize("days", [1, 13])
def test_fewer_than_fourteen_days_with_values_are_not_enough(days: int) -> None:
    few = measured(days, 5.0, seed=1)
    holes = DaySpreads(few.gt, few.le, np.vstack([few.counts, np.zeros((20, len(few.le)))]))

    found = compared_quantiles(holes, measured(28, 1.0, seed=2), q=0.95)

    assert found.before.n == days
    assert found.best_p == 1
    assert "14 days" in found.enough


@pytest.mark.parametrize("empty", [raw([]), raw([[], []])])
def test_a_period_without_a_value_has_no_percentile(empty: DaySpreads) -> None:
    found = compared_quantiles(empty, measured(20, 1.0, seed=2), q=0.95)

    assert pooled_quantile(empty, 0.95) is None
    assert found.before.estimate is None
    assert (found.change, found.p_value, found.best_p) == (None, None, 1)
    assert share_at_most(empty, 1.0).estimate is None


def test_a_percentile_of_zero_has_no_range_as_a_ratio_and_cannot_be_told() -> None:
    zeros, ones = raw([[0]] * 20), raw([[1]] * 20)

    found = compared_quantiles(zeros, ones, q=0.95)
    same = compared_quantiles(zeros, zeros, q=0.95)

    assert (found.change, same.change) == (math.inf, None)
    for each in (found, same, compared_quantiles(ones, zeros, q=0.95)):
        assert (each.interval, each.p_value, each.best_p) == (None, None, 1)
        assert each.enough.startswith("A percentile above zero")
    assert found.before.interval is None


def test_weeks_that_all_gave_the_same_value_have_no_range_and_are_not_called_certain() -> None:
    # The case study's p95 fell from 820 to 490 ms in every one of six weeks.
    slow, fast = raw([[0.3, 0.82]] * 42), raw([[0.2, 0.49]] * 42)

    found = compared_quantiles(slow, fast, q=0.95)
    same = compared_quantiles(fast, fast, q=0.95)

    assert found.change == pytest.approx(0.49 / 0.82)
    assert (found.before.interval, found.after.interval, found.interval) == (None, None, None)
    assert (found.p_value, found.best_p) == pytest.approx((2 / 924, 2 / 924))
    assert "no range" in found.method
    assert goal_result(found.after, Goal(Op.LT, 0.5), is_reading=False) is GoalResult.NOT_CERTAIN
    assert share_at_most(fast, 0.5).interval is None
    assert (same.change, same.p_value, same.best_p) == (1, 1, 1)


def test_where_one_period_never_varied_the_other_keeps_its_range() -> None:
    found = compared_quantiles(measured(42, 1.0, seed=1), raw([[0.49]] * 42), q=0.95)

    assert found.before.interval is not None
    assert (found.after.interval, found.interval) == (None, None)
    assert found.p_value == pytest.approx(2 / 924)


def test_a_share_under_a_limit_inside_a_bucket_lies_between_sure_and_possible() -> None:
    side = share_at_most(buckets([0.2, 0.6], [[90, 8, 2]] * 20), 0.5)
    assert side.interval is not None

    assert side.estimate == pytest.approx(0.9 + 0.08 * 0.75)
    assert (side.interval.low, side.interval.high) == (
        pytest.approx(0.90, abs=1e-9),
        pytest.approx(0.98, abs=1e-9),
    )


def test_the_share_under_a_limit_is_certain_where_the_percentile_is() -> None:
    spreads = measured(60, 0.2, seed=5)
    p95 = compared_quantiles(spreads, spreads, q=0.95).before.interval
    assert p95 is not None
    assert p95.high is not None

    assert (share_at_most(spreads, p95.high * 1.1).interval or p95).low >= 0.95  # type: ignore[operator]
    assert (share_at_most(spreads, p95.high * 0.8).interval or p95).low < 0.95  # type: ignore[operator]


def test_a_year_of_quarter_hours_on_either_side_is_compared() -> None:
    before, after = measured(365, 1.0, seed=1, a_day=96), measured(365, 0.9, seed=2, a_day=96)
    assert before.counts.shape == (365, 365 * 96)

    found = compared_quantiles(before, after, q=0.95)

    # The weather of 365 days moves a p95 by 0.1 / sqrt(365) = 0.5 %, a ratio by 0.74 %.
    assert found.change == pytest.approx(0.9, rel=0.022)
    assert found.interval is not None
    assert (found.interval.high or 1) < 0.95


@pytest.mark.parametrize(
    ("gt", "le", "counts"),
    [
        ([0, 1], [1, 2], [[1.0]]),
        ([0, 1], [1], [[1.0, 2.0]]),
        ([1], [0], [[1.0]]),
        ([0, 0.5], [1, 2], [[1.0, 1.0]]),
        ([math.nan], [1], [[1.0]]),
        ([0], [1], [[math.nan]]),
        ([0], [1], [[-1.0]]),
    ],
)
def test_spreads_that_cannot_be_are_refused(
    gt: list[float], le: list[float], counts: list[list[float]]
) -> None:
    sides: list[Reals] = [np.array(each, dtype=np.float64) for each in (gt, le, counts)]
    with pytest.raises(ValueError, match=r"row a day|ascending|not a number|zero or more"):
        DaySpreads(*sides)


@pytest.mark.parametrize("q", [-0.1, 95, math.nan])
def test_a_quantile_that_is_no_share_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="share from 0 to 1"):
        pooled_quantile(raw([[1]]), q)

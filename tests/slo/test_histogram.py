"""Buckets add up, say how sure they are, and never pretend to edges they do not have."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import bucketed, histograms, latencies_s

from slo.histogram import Histogram, Quantile, common_edges, grid_bucket, histogram

INF = math.inf


def buckets(*rows: tuple[float, float, float]) -> Histogram:
    return histogram(*(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)))


def rows(of: Histogram) -> list[tuple[float, float, float]]:
    return list(zip(of.gt.tolist(), of.le.tolist(), of.count.tolist(), strict=True))


PROMETHEUS = buckets((0, 0.1, 50), (0.1, 0.25, 30), (0.25, 0.5, 16), (0.5, 1, 3), (1, INF, 1))


# --- adding


@given(histograms(), histograms())
def test_adding_loses_no_event_whatever_the_layouts(one: Histogram, other: Histogram) -> None:
    assert (one + other).total == one.total + other.total


@given(histograms(), histograms())
def test_the_order_of_adding_makes_no_difference(one: Histogram, other: Histogram) -> None:
    assert rows(one + other) == rows(other + one)
    assert (one + other).coarsened == (other + one).coarsened


@given(histograms(), histograms(), histograms())
def test_the_grouping_of_adding_makes_no_difference(
    one: Histogram, two: Histogram, three: Histogram
) -> None:
    assert rows((one + two) + three) == rows(one + (two + three))
    assert rows((one + two) + three) == rows(common_edges((one, two, three)))


@given(histograms(), histograms())
def test_every_edge_of_a_sum_divides_no_bucket_of_its_parts(
    one: Histogram, other: Histogram
) -> None:
    joined = one + other

    for part in (one, other):
        for edge in (*joined.gt, *joined.le):
            assert not ((part.gt < edge) & (edge < part.le)).any()


@given(histograms(), histograms(), st.sampled_from([0.1, 0.25, 0.5, 1.0, 2.5]))
def test_a_sum_never_promises_more_than_its_parts_together(
    one: Histogram, other: Histogram, threshold: float
) -> None:
    joined = (one + other).counted_under(threshold)
    parts = [part.counted_under(threshold) for part in (one, other)]

    assert joined.low <= sum(part.low for part in parts)
    assert joined.high >= sum(part.high for part in parts)


def test_equal_layouts_add_bucket_by_bucket() -> None:
    doubled = PROMETHEUS + PROMETHEUS

    assert doubled.count.tolist() == [100, 60, 32, 6, 2]
    assert not doubled.coarsened


def test_different_layouts_keep_their_common_edges_only_and_say_so() -> None:
    fine = buckets((0, 0.1, 5), (0.1, 0.3, 4), (0.3, 0.5, 3), (0.5, INF, 2))
    coarse = buckets((0, 0.1, 1), (0.1, 0.5, 1), (0.5, INF, 1))

    joined = fine + coarse

    assert rows(joined) == [(0, 0.1, 6), (0.1, 0.5, 8), (0.5, INF, 3)]
    assert joined.coarsened
    assert (joined + coarse).coarsened


def test_layouts_without_a_common_edge_leave_one_bucket() -> None:
    joined = buckets((0, 0.3, 5), (0.3, 1, 4)) + buckets((0, 0.5, 3), (0.5, 1, 2))

    assert rows(joined) == [(0, 1, 14)]


def test_sparse_layouts_that_do_not_touch_each_other_lose_no_edge() -> None:
    joined = buckets((0.1, 0.101, 5)) + buckets((0.5, 0.505, 3))

    assert rows(joined) == [(0.1, 0.101, 5), (0.5, 0.505, 3)]
    assert not joined.coarsened


def test_nothing_at_all_adds_up_to_an_empty_histogram() -> None:
    nothing = common_edges(())

    assert nothing.total == 0
    assert nothing.quantile(0.5) is None
    assert nothing.counted_under(0.5).total == 0


@pytest.mark.parametrize(
    ("gt", "le"), [([0.5], [0.5]), ([0.5, 0.1], [0.6, 0.2]), ([0.0, 0.4], [0.5, 1.0])]
)
def test_buckets_that_overlap_or_run_backwards_are_refused(
    gt: list[float], le: list[float]
) -> None:
    with pytest.raises(ValueError, match="ascending, disjoint"):
        Histogram(np.array(gt), np.array(le), np.ones(len(gt)))


# --- quantiles


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        (0.5, Quantile(0.1, 0.0, 0.1)),
        (0.95, Quantile(0.25 + 0.25 * 15 / 16, 0.25, 0.5)),
        (0.99, Quantile(1.0, 0.5, 1.0)),
        (1.0, Quantile(1.0, 1.0, INF)),
        (0.25, Quantile(0.05, 0.0, 0.1)),
    ],
)
def test_wide_buckets_are_read_as_prometheus_reads_them(q: float, expected: Quantile) -> None:
    found = PROMETHEUS.quantile(q)

    assert found is not None
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-12)
    assert (found.low, found.high) == (expected.low, expected.high)


@given(latencies_s(least=1), st.floats(0, 1))
def test_a_grid_quantile_is_within_half_a_percent_of_the_true_one(
    values: np.ndarray, q: float
) -> None:
    found = bucketed(values).quantile(q)
    true = float(np.quantile(values, q))

    assert found is not None
    assert found.estimate == pytest.approx(true, rel=0.00501)
    assert found.low <= true * (1 + 1e-12)
    assert true <= found.high * (1 + 1e-12)


@given(histograms(), st.floats(0, 1))
def test_an_estimate_lies_within_its_own_bounds(of: Histogram, q: float) -> None:
    found = of.quantile(q)

    assert (found is None) == (of.total == 0)
    if found is not None:
        assert found.low - 1e-12 <= found.estimate <= found.high + 1e-12


@given(histograms(), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_quantile_is_never_a_smaller_value(of: Histogram, one: float, two: float) -> None:
    assume(of.total > 0)
    lower, upper = (of.quantile(q) for q in sorted((one, two)))

    assert lower is not None
    assert upper is not None
    assert lower.estimate <= upper.estimate + 1e-12


def test_beyond_the_last_finite_edge_a_quantile_is_known_only_as_more_than_it() -> None:
    assert buckets((0, 10, 1), (10, INF, 9)).quantile(0.99) == Quantile(10.0, 10.0, INF)


def test_below_the_first_finite_edge_a_quantile_is_known_only_as_at_most_it() -> None:
    assert bucketed(np.array([0.0, -1.0])).quantile(0.5) == Quantile(0.0, -INF, 0.0)


def test_fewer_events_than_one_still_have_a_quantile() -> None:
    extrapolated = buckets((0, 1, 0.25), (1, 2, 0.25))

    assert extrapolated.quantile(1.0) == Quantile(2.0, 1.0, 2.0)


def test_a_quantile_between_a_narrow_and_an_open_bucket_takes_the_finite_edge() -> None:
    assert buckets((1.0, 1.01, 1), (2.0, INF, 1)).quantile(0.25) == Quantile(
        pytest.approx(math.sqrt(1.01) + 0.25 * (2 - math.sqrt(1.01))), 1.0, INF
    )


@pytest.mark.parametrize("q", [-0.01, 1.01, 95])
def test_a_quantile_that_is_no_share_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="share from 0 to 1"):
        PROMETHEUS.quantile(q)


def test_percentiles_of_two_services_are_merged_from_counts_and_never_averaged() -> None:
    """A quick and busy one beside a slow and quiet one: the mean of the two p95 is no p95."""
    quick, slow = np.full(9_000, 0.2), np.full(1_000, 1.5)

    merged = (bucketed(quick) + bucketed(slow)).quantile(0.95)

    mean_of_p95s = (0.2 + 1.5) / 2
    assert merged is not None
    assert merged.estimate == pytest.approx(1.5, rel=0.005)
    assert merged.estimate > 1.7 * mean_of_p95s


@given(histograms(), st.integers(1, 100), st.sampled_from([0.1, 0.25, 0.5, 1.0, 2.5]))
def test_a_percentile_is_within_a_limit_exactly_when_enough_events_are(
    of: Histogram, percent: int, limit: float
) -> None:
    assume(of.total > 0)
    found, counted = of.quantile(percent / 100), of.counted_under(limit)

    assert found is not None
    assume(counted.exact)
    share = Fraction(counted.low) / Fraction(counted.total)
    if abs(float(share) - percent / 100) > 1e-9:
        assert (found.high <= limit) == (share >= Fraction(percent, 100))


# --- counts under a threshold


@pytest.mark.parametrize(
    ("threshold", "low", "high", "estimate"),
    [
        (0.5, 0.96, 0.96, 0.96),
        (0.3, 0.80, 0.96, 0.832),
        (0.75, 0.96, 0.99, 0.975),
        (5.0, 0.99, 1.0, 0.99),
    ],
)
def test_a_count_is_exact_on_an_edge_and_an_interval_between_two(
    threshold: float, low: float, high: float, estimate: float
) -> None:
    counted = PROMETHEUS.counted_under(threshold)
    whole = counted.total

    assert (counted.low, counted.high) == (low * whole, high * whole)
    assert counted.estimate == pytest.approx(estimate * whole)
    assert counted.exact == (low == high)


def test_a_threshold_inside_a_bucket_without_events_is_exact() -> None:
    assert buckets((0, 0.1, 5), (0.1, 1, 0)).counted_under(0.5).exact


def test_an_open_first_bucket_is_not_interpolated() -> None:
    counted = buckets((-INF, 0.5, 4), (0.5, 1, 1)).counted_under(0.2)

    assert (counted.low, counted.estimate, counted.high) == (0, 0, 4)


@given(latencies_s(), st.floats(1e-5, 1e3))
def test_on_its_own_threshold_a_grid_counts_exactly(values: np.ndarray, threshold: float) -> None:
    counted = bucketed(values, (threshold,)).counted_under(threshold)

    assert counted.exact
    assert counted.low == np.count_nonzero(values <= threshold)


@given(histograms(), st.floats(0.01, 5))
def test_a_count_lies_between_its_bounds(of: Histogram, threshold: float) -> None:
    counted = of.counted_under(threshold)

    assert 0 <= counted.low <= counted.estimate <= counted.high <= counted.total


# --- the grid


@given(latencies_s(), st.lists(st.floats(1e-5, 1e3), max_size=4))
def test_every_value_lies_in_its_bucket_which_is_at_most_one_percent_wide(
    values: np.ndarray, thresholds: list[float]
) -> None:
    gt, le = grid_bucket(values, thresholds)

    assert ((gt < values) & (values <= le)).all()
    assert (le / gt < 1.0101).all()
    for threshold in thresholds:
        assert not ((gt < threshold) & (threshold < le)).any()


def test_edges_are_the_same_numbers_on_every_machine() -> None:
    powers = [Decimal("1.01") ** power for power in range(-1_000, 1_000)]
    middles = np.array([float(edge) * 0.995 for edge in powers])

    _, le = grid_bucket(middles)

    assert le.tolist() == [float(f"{edge:.6g}") for edge in powers]


@pytest.mark.parametrize(
    ("value", "gt", "le"),
    [(0.0, -INF, 0.0), (-3.0, -INF, 0.0), (1e-9, 0.0, None), (1e9, None, INF), (INF, None, INF)],
)
def test_values_off_the_grid_have_open_buckets(
    value: float, gt: float | None, le: float | None
) -> None:
    found_gt, found_le = (edge[0] for edge in grid_bucket(np.array([value])))

    assert found_gt == gt or (gt is None and 9e6 < found_gt < 1e7)
    assert found_le == le or (le is None and 9e-7 < found_le < 1.1e-6)


def test_what_is_no_number_has_no_bucket() -> None:
    with pytest.raises(ValueError, match="not a number"):
        grid_bucket(np.array([0.5, math.nan]))

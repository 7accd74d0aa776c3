"""Buckets add up, and never pretend to edges they do not have."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from histogram_builders import INF, PROMETHEUS, buckets, rows
from hypothesis import given
from hypothesis import strategies as st
from strategies import bucketed, histograms, latencies_s

from slo.histogram import Histogram, common_edges, grid_bucket

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


@given(histograms(), histograms())
def test_a_bucket_of_a_sum_holds_just_what_its_parts_have_inside_it(
    one: Histogram, other: Histogram
) -> None:
    for gt, le, count in rows(one + other):
        inside = [part.count[(gt <= part.gt) & (part.le <= le)] for part in (one, other)]

        assert count == sum(float(each.sum()) for each in inside)


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


@pytest.mark.parametrize(
    ("gt", "le"), [([0.5], [0.5]), ([0.5, 0.1], [0.6, 0.2]), ([0.0, 0.4], [0.5, 1.0])]
)
def test_buckets_that_overlap_or_run_backwards_are_refused(
    gt: list[float], le: list[float]
) -> None:
    with pytest.raises(ValueError, match="ascending, disjoint"):
        Histogram(np.array(gt), np.array(le), np.ones(len(gt)))


# --- the grid


@given(latencies_s(), st.floats(1e-5, 1e3))
def test_on_its_own_threshold_a_grid_counts_exactly(values: np.ndarray, threshold: float) -> None:
    found = bucketed(values, (threshold,))
    under, over = found.count[found.le <= threshold], found.count[found.gt >= threshold]

    assert under.sum() == np.count_nonzero(values <= threshold)
    assert over.sum() == np.count_nonzero(values > threshold)


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

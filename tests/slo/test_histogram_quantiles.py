"""A quantile of buckets is an estimate between bounds, and merged from counts, never averaged."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from histogram_builders import INF, PROMETHEUS, buckets
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import bucketed, histograms, latencies_s

from slo.histogram import Histogram, Quantile


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
    assume(not ((of.gt < limit) & (limit < of.le) & (of.count > 0)).any())
    found = of.quantile(percent / 100)
    share = Fraction(float(of.count[of.le <= limit].sum())) / Fraction(of.total)

    assert found is not None
    if abs(float(share) - percent / 100) > 1e-9:
        assert (found.high <= limit) == (share >= Fraction(percent, 100))

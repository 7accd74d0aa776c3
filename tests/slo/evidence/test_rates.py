"""Two counts of events are compared exactly, whatever is zero and however they cluster."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slo.evidence.comparison import Count
from slo.evidence.rates import compared_rates, dispersion, rate_interval

MONTH_S = 365.2425 / 12 * DAY_S
COUNTS = st.integers(min_value=0, max_value=60)
DAYS = st.integers(min_value=1, max_value=800)


def days(n: int, of: float) -> Count:
    return Count(n, of * DAY_S)


def test_every_rate_of_the_oracle_is_reproduced(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())["rates"]
    assert len(oracle) == 11
    for case in oracle.values():
        found = compared_rates(days(*case["before"]), days(*case["after"]), per_s=MONTH_S)

        assert found.before.estimate == pytest.approx(case["rate_before_per_month"], rel=1e-6)
        assert found.after.estimate == pytest.approx(case["rate_after_per_month"], rel=1e-6)
        assert found.change == pytest.approx(case["ratio"] or found.change, rel=1e-6)
        assert found.interval is not None
        low, high = case["ci95"]
        assert found.interval.low == pytest.approx(low, rel=1e-6)
        assert found.interval.high == (high and pytest.approx(high, rel=1e-6))
        assert found.p_value == pytest.approx(case["p_doubled"], rel=1e-6)
        assert found.best_p == pytest.approx(case["best_attainable_p"], rel=1e-6)


def test_a_single_rate_has_the_limits_of_garwood_even_without_an_event(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())
    limits = rate_interval(days(3, 182), per_s=MONTH_S)
    none = rate_interval(days(0, 182), per_s=MONTH_S)

    assert [limits.low, limits.high] == pytest.approx(
        oracle["single_rate_garwood_3_in_182d_per_month"], rel=1e-6
    )
    assert none.low == 0
    assert none.high == pytest.approx(
        oracle["zero_events_182d_upper95_two_sided_per_month"], rel=1e-6
    )


def test_the_limits_of_a_rate_that_nobody_observed_are_open() -> None:
    limits = rate_interval(Count(0, 0.0))

    assert (limits.low, limits.high) == (0, None)


def test_events_where_there_were_none_came_infinitely_more_often() -> None:
    found = compared_rates(days(0, 182), days(4, 182))

    assert found.change == math.inf
    assert found.interval is not None
    assert found.interval.high is None


def test_no_event_on_either_side_is_no_change_that_anyone_could_name() -> None:
    found = compared_rates(days(0, 182), days(0, 91))

    assert (found.before.estimate, found.after.estimate) == (0, 0)
    assert found.change is None
    assert (found.p_value, found.best_p) == (1, 1)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (0, None)


def test_a_period_that_was_not_observed_has_no_rate_and_no_test() -> None:
    found = compared_rates(days(5, 182), days(0, 0))

    assert found.after.estimate is None
    assert found.after.interval is None
    assert (found.change, found.interval, found.p_value) == (None, None, None)
    assert found.best_p == 1
    assert found.enough


def test_unequal_exposure_is_told_exactly_where_the_test_of_means_is_too_careful() -> None:
    # scipy's poisson_means_test says .0239 for 12 in 365 days against 13 in 91.
    found = compared_rates(days(12, 365), days(13, 91))

    assert found.p_value == pytest.approx(0.0007215679467819465, rel=1e-9)


def test_the_p_value_is_the_doubled_tail_so_that_it_agrees_with_the_interval() -> None:
    # scipy's binomtest says .00036 by least likelihood; its interval is that of .00072.
    found = compared_rates(days(12, 365), days(13, 91))
    assert found.p_value is not None

    assert found.p_value == pytest.approx(2 * stats.binomtest(13, 25, 91 / 456).pvalue, rel=1e-2)


def test_five_before_and_none_after_keeps_an_interval_of_some_width() -> None:
    # statsmodels' confint_poisson_2indep(method="score") gives [0.768, 0.768] here.
    found = compared_rates(days(5, 182), days(0, 182))

    assert found.interval is not None
    assert found.interval.low == 0
    assert found.interval.high == pytest.approx(1.091279105182546, rel=1e-9)
    assert found.enough == ("At least 6 events in both periods together, of which there are 5.")


@given(COUNTS, COUNTS, DAYS, DAYS)
def test_a_change_is_told_by_the_test_exactly_where_the_interval_excludes_none(
    first: int, second: int, before: int, after: int
) -> None:
    found = compared_rates(days(first, before), days(second, after))
    assert found.interval is not None
    assert found.p_value is not None
    assert found.p_value <= 1
    if abs(found.p_value - 0.05) < 1e-9:
        return

    assert found.interval.contains(1) == (found.p_value > 0.05)


@given(COUNTS, COUNTS, DAYS, DAYS)
def test_an_estimate_lies_within_its_own_interval(
    first: int, second: int, before: int, after: int
) -> None:
    found = compared_rates(days(first, before), days(second, after), clusters=1.7)
    for side in (found.before, found.after):
        assert side.interval is not None
        assert side.estimate is not None
        assert side.interval.contains(side.estimate)


@given(COUNTS, COUNTS, DAYS, DAYS)
def test_looking_backwards_turns_the_ratio_round_and_keeps_the_p_value(
    first: int, second: int, before: int, after: int
) -> None:
    there = compared_rates(days(first, before), days(second, after))
    back = compared_rates(days(second, after), days(first, before))

    assert back.p_value == pytest.approx(there.p_value, rel=1e-9)
    if first and second:
        assert back.change == pytest.approx(1 / (there.change or 1))


@given(COUNTS, COUNTS, DAYS)
def test_the_test_is_that_of_the_binomial_share(first: int, second: int, length: int) -> None:
    found = compared_rates(days(first, length), days(second, length))
    binomial = stats.binom(first + second, 0.5)
    tails = binomial.cdf(second), binomial.sf(second - 1)

    assert found.p_value == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)


def test_events_that_come_in_clusters_count_for_fewer() -> None:
    plain = compared_rates(days(15, 182), days(3, 182))
    clustered = compared_rates(days(15, 182), days(3, 182), clusters=3)

    # 15 and 3 divided by 3 are 5 and 1.
    assert clustered.p_value == pytest.approx(0.21875)
    assert clustered.change == plain.change
    assert clustered.before.estimate == plain.before.estimate
    assert clustered.clusters == 3


def test_what_would_be_enough_of_clustered_events_is_told_in_events() -> None:
    found = compared_rates(days(4, 182), days(4, 182), clusters=2)

    assert found.enough == ("At least 12 events in both periods together, of which there are 8.")


def test_weeks_that_scatter_like_chance_have_a_dispersion_of_one() -> None:
    assert dispersion([1, 1, 1], [2, 2, 2]) == 1
    assert dispersion([], []) == 1
    assert dispersion([5], [3]) == 1
    assert dispersion([0, 0, 0], [0, 0]) == 1
    assert dispersion([], [2, 2, 2]) == 1


def test_a_change_between_the_periods_is_no_cluster() -> None:
    assert dispersion([9, 9, 9, 9], [1, 1, 1, 1]) == 1


def test_weeks_of_all_or_nothing_scatter_by_hand_arithmetic() -> None:
    # Squares within: 6 weeks of (6-3)^2 = 54, over 4 degrees of freedom, over a mean of 3.
    assert dispersion([0, 6, 6, 0], [0, 6]) == pytest.approx(54 / 4 / 3)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1])
def test_what_no_count_can_be_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="number of zero or more"):
        Count(3, wrong)
    with pytest.raises(ValueError, match="number of zero or more"):
        Count(wrong, 3.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="number of zero or more"):
        dispersion([1, wrong], [1, 2])
    with pytest.raises(ValueError, match="at least as much as chance"):
        compared_rates(days(1, 2), days(1, 2), clusters=wrong)


@pytest.mark.parametrize("wrong", [0.0, 0.5, 1.0, 95.0, math.nan])
def test_a_confidence_that_is_no_share_above_a_half_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"strictly between 0\.5 and 1"):
        compared_rates(days(1, 2), days(1, 2), confidence=wrong)


def test_ten_million_events_are_compared_like_ten() -> None:
    found = compared_rates(days(10_000_000, 182), days(9_990_000, 182))
    assert found.p_value is not None
    assert found.interval is not None

    # The normal limit: (10,000,000 - 9,990,000) / sqrt(19,990,000) = 2.2366 standard errors.
    assert found.p_value == pytest.approx(2 * stats.norm.sf(2.2366), rel=1e-3)
    assert found.interval.high is not None
    assert found.interval.high < 1

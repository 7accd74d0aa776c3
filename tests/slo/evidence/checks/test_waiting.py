"""Waiting for a verdict: against known plans, and against every outcome counted out."""

from __future__ import annotations

import math

import pytest
import scipy

from slo.evidence.checks.waiting import days_for_rate, days_until_likely
from slo.evidence.comparison import Count
from slo.evidence.planning import days_without_event
from slo.evidence.rates import compared_rates

DAY_S = 86_400.0


@pytest.mark.parametrize(("n", "days", "until"), [(5, 61, 67), (15, 182, 51), (3, 182, 441)])
def test_with_nothing_after_one_waits_as_the_planning_line_says(
    n: int, days: int, until: int
) -> None:
    line = days_without_event(n, days)

    found = days_for_rate(Count(n, days * DAY_S), Count(0, 1 * DAY_S))

    assert line is not None
    assert math.ceil(line) == until
    # A day has passed; the answer is exact to one in a hundred.
    assert found == pytest.approx(until - 1, rel=0.01)


def test_a_rate_that_is_told_apart_already_needs_no_more_days() -> None:
    assert days_for_rate(Count(30, 182 * DAY_S), Count(6, 182 * DAY_S)) == 0


def test_the_days_waited_for_give_the_wanted_chance_counted_out_by_hand() -> None:
    # 4 releases in 91 days, then 12 in 91: how long until 80 %?
    days = days_for_rate(Count(4, 91 * DAY_S), Count(12, 91 * DAY_S))

    assert days is not None
    more, time = 12 / 91 * days, 91.0 + days
    reached = sum(
        float(scipy.stats.poisson.pmf(k, more))
        for k in range(200)
        if (compared_rates(Count(4, 91.0), Count(12 + k, time)).p_value or 1) < 0.05
    )
    assert 0.79 <= reached <= 0.84


def test_rates_that_are_alike_are_never_told_apart() -> None:
    assert days_for_rate(Count(8, 182 * DAY_S), Count(8, 182 * DAY_S)) is None
    assert days_for_rate(Count(0, 182 * DAY_S), Count(0, 182 * DAY_S)) is None
    assert days_for_rate(Count(8, 182 * DAY_S), Count(0, 0.0)) is None


def test_what_never_becomes_likely_has_no_day_and_what_is_likely_has_today() -> None:
    assert days_until_likely(lambda _: 0.79) is None
    assert days_until_likely(lambda _: 0.8) == 0
    assert days_until_likely(lambda days: float(days >= 3_650)) == pytest.approx(3_650, rel=0.01)
    assert days_until_likely(lambda days: float(days >= 3_651)) is None

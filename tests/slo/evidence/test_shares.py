"""Shares are compared in points: single cases by Fisher and Newcombe, requests by whole days."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slo.evidence.comparison import Hits
from slo.evidence.shares import compared_daily_shares, compared_shares, wilson
from slo.evidence.terms import Better, Verdict
from slo.evidence.verdict import VerdictRule, verdict

CASES = st.integers(0, 25).flatmap(lambda of: st.builds(Hits, st.integers(0, of), st.just(of)))


def test_every_change_fail_rate_of_the_oracle_is_reproduced(shared: Path) -> None:
    for case in json.loads((shared / "oracles" / "statistics.json").read_text())["cfr"]:
        found = compared_shares(Hits(*case["before"]), Hits(*case["after"]))

        assert found.change is not None
        assert found.interval is not None
        assert found.before.interval is not None
        assert found.after.interval is not None
        assert found.change * 100 == pytest.approx(case["diff_pp"], abs=1e-6)
        assert [(found.interval.low or 0) * 100, (found.interval.high or 0) * 100] == pytest.approx(
            case["newcombe95_pp"], abs=1e-6
        )
        assert found.p_value == pytest.approx(case["fisher_p"], rel=1e-6)
        before, after = found.before.interval, found.after.interval
        assert [before.low, before.high] == pytest.approx(case["wilson_before"], abs=1e-6)
        assert [after.low, after.high] == pytest.approx(case["wilson_after"], abs=1e-6)


def test_no_failure_on_either_side_has_an_interval_and_can_tell_nothing() -> None:
    # statsmodels' confint_proportions_2indep(method="score") raises for 0 of 6 and 0 of 26.
    found = compared_shares(Hits(0, 6), Hits(0, 26))

    assert (found.change, found.p_value, found.best_p) == (0, 1, 1)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(-0.3903342879)
    assert found.enough


def test_a_side_without_a_case_has_no_share() -> None:
    found = compared_shares(Hits(0, 0), Hits(3, 26))

    assert found.before.estimate is None
    assert found.before.interval is None
    assert (found.change, found.p_value, found.best_p) == (None, None, 1)


def test_an_interval_may_leave_no_change_out_where_the_test_tells_none() -> None:
    found = compared_shares(Hits(0, 5), Hits(4, 6))
    assert found.interval is not None

    # Of 330 ways to place 4 hits among 11, 15 put all after and 5, as rare, all before.
    assert found.p_value == pytest.approx(20 / 330)
    assert not found.interval.contains(0)
    assert verdict(found, VerdictRule(better=Better.HIGHER), found.p_value) is Verdict.NO_EVIDENCE


@given(CASES, CASES)
def test_no_division_of_the_same_hits_has_a_smaller_p_value_than_the_best(
    before: Hits, after: Hits
) -> None:
    found = compared_shares(before, after)
    if found.p_value is None or found.best_p is None:
        return
    hits = before.hits + after.hits
    every = [
        stats.fisher_exact([[x, before.of - x], [hits - x, after.of - hits + x]]).pvalue
        for x in range(max(0, hits - after.of), min(hits, before.of) + 1)
    ]

    assert found.best_p == pytest.approx(min(1, *every, 2))


@given(CASES)
def test_the_interval_of_one_share_is_that_of_another_library(hits: Hits) -> None:
    found = wilson(hits)
    if not hits.of:
        assert (found.low, found.high) == (0, 1)
        return
    other = stats.binomtest(hits.hits, hits.of).proportion_ci(method="wilson")

    assert [found.low, found.high] == pytest.approx([other.low, other.high], abs=1e-9)


@given(CASES, CASES)
def test_counting_what_passed_instead_of_what_failed_turns_the_change_round(
    before: Hits, after: Hits
) -> None:
    failed = compared_shares(before, after)
    passed = compared_shares(
        Hits(before.of - before.hits, before.of), Hits(after.of - after.hits, after.of)
    )

    assert passed.p_value == (failed.p_value and pytest.approx(failed.p_value))
    assert passed.change == (failed.change and pytest.approx(-failed.change))


def requests(days: int, bad: float, *, seed: int, cluster: bool = False) -> list[Hits]:
    chance = np.random.default_rng(seed)
    rates = bad * (chance.gamma(1, 1, days) if cluster else np.ones(days))
    return [Hits(int(chance.binomial(10_000, min(1, rate))), 10_000) for rate in rates]


def test_days_that_hang_together_widen_the_interval_beyond_that_of_their_requests() -> None:
    before, after = (
        requests(28, 0.01, seed=1, cluster=True),
        requests(28, 0.01, seed=2, cluster=True),
    )
    by_days = compared_daily_shares(before, after)
    by_request = wilson(Hits(sum(day.hits for day in before), 280_000))
    days = by_days.before.interval
    assert days is not None

    assert (days.high or 0) - (days.low or 0) > 5 * ((by_request.high or 0) - (by_request.low or 0))


def test_days_are_pooled_by_their_requests_not_averaged() -> None:
    busy, quiet = [Hits(0, 1_000)] * 10, [Hits(5, 10)] * 4

    found = compared_daily_shares(busy + quiet, [Hits(1, 100)] * 14)

    assert found.before.estimate == pytest.approx(20 / 10_040)
    assert (found.before.n, found.before.hits) == (14, 20)


def test_a_fall_of_the_failures_by_half_is_told_by_a_month_of_days() -> None:
    found = compared_daily_shares(requests(28, 0.02, seed=3), requests(28, 0.01, seed=4))

    assert found.p_value == found.best_p
    assert found.interval is not None
    assert (found.interval.high or 0) < 0
    assert "weeks" in found.method


def test_a_share_of_weeks_is_judged_as_the_difference_of_their_means_by_hand() -> None:
    # Weeks of 700 requests each with 7, 14, 21 hits and with 28, 35, 42: the share of each is that
    # of its weeks, .02 and .05; their standard errors are .01 / sqrt(3) each, Welch's t has 4
    # degrees of freedom: t = .03 / (.01 sqrt(2 / 3)) = 3.674, p = .0213; limits +- 2.776 errors.
    before, after = (
        [Hits(week // 7, 100) for week in weeks for _ in range(7)]
        for weeks in ((7, 14, 21), (28, 35, 42))
    )

    found = compared_daily_shares(before, after)

    # Of 2,000 draws a standard error is good for 1.6 %; two of it, and three in p.
    assert found.change == pytest.approx(0.03)
    assert found.p_value == pytest.approx(0.0213, rel=0.1)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.03 - 2.776 * 0.008165, abs=0.0008)
    assert found.interval.high == pytest.approx(0.03 + 2.776 * 0.008165, abs=0.0008)
    # A side by itself has 2 degrees of freedom, t 4.303, and no share is below zero.
    assert found.before.interval is not None
    assert found.before.interval.low == 0
    assert found.before.interval.high == pytest.approx(0.02 + 4.303 * 0.005774, abs=0.001)


@pytest.mark.parametrize("days", [1, 13])
def test_fewer_than_fourteen_days_with_requests_are_not_enough(days: int) -> None:
    idle = [Hits(0, 0)] * 30

    found = compared_daily_shares(requests(days, 0.5, seed=1) + idle, requests(28, 0.1, seed=2))

    assert found.best_p == 1
    assert found.before.n == days
    assert "14 days" in found.enough


def test_the_same_days_on_both_sides_are_no_change() -> None:
    found = compared_daily_shares([Hits(0, 10)] * 20, [Hits(0, 10)] * 20)

    assert (found.change, found.p_value, found.best_p) == (0, 1, 1)
    assert (found.interval, found.before.interval, found.after.interval) == (None, None, None)
    assert "gave the same value" in found.enough


def test_weeks_without_a_failure_have_no_range_and_are_compared_by_rank() -> None:
    failing = [Hits(10 + week, 1_000) for week in range(6) for _ in range(7)]

    found = compared_daily_shares(failing, [Hits(0, 1_000)] * 42)
    few = compared_daily_shares(failing[:21], [Hits(0, 1_000)] * 21)

    # Six weeks that lie wholly above six others: 2 of the 924 divisions; of 3 and 3 it is 2 of 20.
    assert (found.p_value, found.best_p) == pytest.approx((2 / 924, 2 / 924))
    assert (found.after.estimate, found.after.interval, found.interval) == (0, None, None)
    assert found.before.interval is not None
    assert verdict(found, VerdictRule(better=Better.LOWER), found.p_value) is Verdict.IMPROVED
    assert few.best_p == pytest.approx(0.1)
    assert few.enough == "More weeks in both periods: all those of one gave the same value."


def test_days_without_any_request_have_no_share() -> None:
    for before in ([], [Hits(0, 0)] * 20):
        found = compared_daily_shares(before, requests(20, 0.1, seed=1))

        assert found.before.estimate is None
        assert (found.change, found.p_value, found.best_p) == (None, None, 1)


def test_days_are_drawn_alike_for_the_same_seed() -> None:
    days = requests(28, 0.02, seed=3, cluster=True), requests(28, 0.01, seed=4, cluster=True)

    assert compared_daily_shares(*days, seed=7) == compared_daily_shares(*days, seed=7)
    assert compared_daily_shares(*days, seed=7) != compared_daily_shares(*days, seed=8)


@pytest.mark.parametrize(("hits", "of"), [(-1, 5), (6, 5), (math.nan, 5), (1, math.inf)])
def test_counts_that_cannot_be_are_refused(hits: float, of: float) -> None:
    with pytest.raises(ValueError, match=r"number of zero or more|more than all"):
        Hits(hits, of)  # type: ignore[arg-type]

"""Uptime is compared by its outages: intervals by the gamma distribution, the test by division."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.comparison import Comparison, Count, Downtime
from slo.evidence.rates import compared_rates, rate_interval
from slo.evidence.uptime import (
    compared_uptime,
    downtime_interval,
    outage_permutation,
    without_largest,
)

DAY_S = 86_400.0
OUTAGES = st.lists(st.integers(1, 500), max_size=6)


@pytest.fixture
def half_years(shared: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((shared / "oracles" / "statistics.json").read_text())
    return read["uptime_182d_each"]  # type: ignore[no-any-return]


def minutes(outages: list[float], of_min: float) -> Downtime:
    return Downtime(tuple(each * 60 for each in outages), of_min * 60)


def compared(case: dict[str, Any]) -> Comparison:
    return compared_uptime(
        minutes(case["outages_before_min"], case["period_min"]),
        minutes(case["outages_after_min"], case["period_min"]),
    )


def test_half_a_year_each_reproduces_the_oracle_to_a_millionth(half_years: dict[str, Any]) -> None:
    found = compared(half_years)

    for side, name in ((found.before, "before"), (found.after, "after")):
        assert side.estimate == pytest.approx(half_years[f"uptime_{name}"] / 100, abs=1e-12)
        assert side.interval is not None
        limits = [side.interval.low, side.interval.high]
        assert limits == pytest.approx([x / 100 for x in half_years[f"uptime_{name}_ci"]], abs=1e-8)
    assert found.interval is not None
    assert found.change == pytest.approx(half_years["delta_pp"] / 100, abs=1e-12)
    assert [found.interval.low, found.interval.high] == pytest.approx(
        [x / 100 for x in half_years["delta_pp_ci"]], abs=1e-8
    )
    assert found.p_value == pytest.approx(half_years["perm_p_exact"], abs=1e-9)


def test_the_change_of_uptime_is_a_share_of_the_downtime_before(half_years: dict[str, Any]) -> None:
    found = compared(half_years)
    assert found.change is not None
    assert found.relative_to is not None

    assert -found.change / found.relative_to * 100 == pytest.approx(
        half_years["downtime_change_pct"], abs=1e-6
    )


def test_two_months_with_five_and_one_outages_cannot_tell(shared: Path) -> None:
    case = json.loads((shared / "oracles" / "statistics.json").read_text())["uptime_61d_each"]

    found = compared(case)

    assert found.p_value == pytest.approx(case["perm_p_exact"], abs=1e-12)
    assert found.best_p == pytest.approx(0.03125)


@pytest.mark.parametrize(("outages", "least"), [(5, "6"), (1, "6"), (0, "6")])
def test_fewer_than_six_outages_in_equal_times_are_not_enough(outages: int, least: str) -> None:
    found = compared_uptime(minutes([7.0] * outages, 9_000), minutes([], 9_000))

    assert found.best_p is not None
    assert found.best_p >= 0.05
    assert found.enough == (
        f"At least {least} outages in both periods together, of which there are {outages}."
    )


def test_an_outage_after_weighs_more_where_the_time_after_is_short() -> None:
    found = compared_uptime(minutes([], 900_000), minutes([5, 5], 9_000))

    assert found.best_p == pytest.approx(2 * (9_000 / 909_000) ** 2)
    assert found.p_value == pytest.approx(2 * (9_000 / 909_000) ** 2)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(5, 60))
def test_outages_of_one_length_are_tested_like_events(first: int, second: int, days: int) -> None:
    before, after = Downtime((60.0,) * first, 30 * DAY_S), Downtime((60.0,) * second, days * DAY_S)
    counted = compared_rates(Count(first, 30 * DAY_S), Count(second, days * DAY_S))

    assert outage_permutation(before, after) == pytest.approx(counted.p_value, rel=1e-6)


@given(st.integers(1, 40))
def test_outages_of_one_length_have_the_interval_of_their_count(n: int) -> None:
    found = downtime_interval(Downtime((60.0,) * n, 300 * DAY_S))
    garwood = rate_interval(Count(n, 300 * DAY_S))

    assert found is not None
    assert found.low == pytest.approx((garwood.low or 0) * 60, rel=1e-9)
    assert found.high == pytest.approx((garwood.high or 0) * 60, rel=1e-9)


@given(OUTAGES, OUTAGES, st.integers(1, 9), st.integers(1, 9))
def test_every_division_is_counted_with_its_chance(
    first: list[int], second: list[int], before: int, after: int
) -> None:
    pool, share = [*first, *second], after / (before + after)
    tails = [0.0, 0.0]
    for falls_after in itertools.product((0, 1), repeat=len(pool)):
        held = sum(d for d, falls in zip(pool, falls_after, strict=True) if falls)
        chance = math.prod(share if falls else 1 - share for falls in falls_after)
        tails[0] += chance * (held <= sum(second))
        tails[1] += chance * (held >= sum(second))

    found = outage_permutation(
        Downtime(tuple(map(float, first)), before * DAY_S),
        Downtime(tuple(map(float, second)), after * DAY_S),
    )

    assert found == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)


def test_more_than_twenty_outages_are_drawn_within_four_standard_errors() -> None:
    # 21 equal ones, whose exact p is that of the binomial: 6 of 21, 0.0784.
    found = outage_permutation(
        Downtime((60.0,) * 15, 30 * DAY_S), Downtime((60.0,) * 6, 30 * DAY_S)
    )
    exact = compared_rates(Count(15, 1.0), Count(6, 1.0)).p_value
    assert exact is not None

    tail = exact / 2
    assert found / 2 == pytest.approx(tail, abs=4 * math.sqrt(tail * (1 - tail) / 200_000))


def test_seven_thousand_outages_are_drawn_as_well_as_seventy() -> None:
    first, second = [60.0] * 3_600, [60.0] * 3_400
    found = outage_permutation(Downtime(tuple(first), 30e6), Downtime(tuple(second), 30e6))
    exact = compared_rates(Count(3_600, 1.0), Count(3_400, 1.0)).p_value
    assert exact is not None

    # Equal outages step by one; the normal sum of the rest lacks half a step of the tail.
    assert found == pytest.approx(exact, abs=2 * 4 * math.sqrt(0.01 / 200_000) + 0.0006)


def test_draws_are_the_same_for_the_same_seed_and_never_zero() -> None:
    chance = np.random.default_rng(5)
    long = Downtime(tuple(chance.lognormal(5, 1, 40)), 30 * DAY_S)
    short = Downtime((), 300 * DAY_S)

    found = [outage_permutation(long, short, seed=seed) for seed in (1, 1, 2)]

    assert found[0] == found[1]
    assert all(p > 0 for p in found)


def test_without_an_outage_after_the_upper_limit_assumes_one_as_before() -> None:
    found = compared_uptime(minutes([10, 20, 90], 100_000), minutes([], 100_000))
    assert found.after.interval is not None
    assert found.after.interval.low is not None

    # One outage of the median 20 minutes: Garwood's limit of none, 3.6889 events.
    assert found.after.estimate == 1
    assert found.after.interval.high == 1
    assert found.after.interval.low == pytest.approx(1 - 3.688879454 * 20 / 100_000, abs=1e-9)


def test_no_outage_on_either_side_leaves_the_lower_limit_open() -> None:
    found = compared_uptime(minutes([], 1_000), minutes([], 1_000))

    assert (found.before.estimate, found.after.estimate, found.change) == (1, 1, 0)
    assert (found.p_value, found.best_p) == (1, 1)
    assert found.before.interval is not None
    assert (found.before.interval.low, found.before.interval.high) == (None, 1)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (None, None)


def test_a_period_that_was_not_observed_is_not_up_all_the_time() -> None:
    found = compared_uptime(minutes([], 0), minutes([4], 1_000))

    assert found.before.estimate is None
    assert (found.change, found.p_value, found.best_p) == (None, None, 1)
    assert found.enough


def test_a_period_that_was_wholly_down_stays_within_one() -> None:
    found = downtime_interval(Downtime((3_600.0,), 3_600.0))

    assert found is not None
    assert found.high == 1


def test_leaving_out_the_largest_outage_takes_one_and_only_one() -> None:
    before, after = Downtime((5.0, 9.0, 9.0), 100.0), Downtime((9.0, 1.0), 100.0)

    assert without_largest(before, after) == (Downtime((5.0, 9.0), 100.0), after)
    assert without_largest(after, Downtime((10.0,), 100.0)) == (after, Downtime((), 100.0))
    assert without_largest(Downtime((), 1.0), Downtime((), 1.0)) == (
        Downtime((), 1.0),
        Downtime((), 1.0),
    )


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.0])
def test_an_outage_that_is_no_duration_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="number of zero or more"):
        Downtime((wrong,), 100.0)
    with pytest.raises(ValueError, match="number of zero or more"):
        Downtime((), wrong)


def test_more_downtime_than_was_observed_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Downtime((60.0, 60.0), 100.0)


def test_the_case_studys_verdict_stands_without_its_largest_outage() -> None:
    minutes = (3, 5, 8, 11, 14, 18, 22, 27, 31, 36, 42, 49, 58, 71, 129.16)
    before, after = (
        Downtime(tuple(60.0 * each for each in lasted), 182 * 86_400.0)
        for lasted in (minutes, (12, 24, 42.624))
    )

    left = compared_uptime(*without_largest(before, after))

    assert left.before.n == 14
    assert left.p_value is not None
    assert 0.009 < left.p_value < 0.05
    assert left.is_rising


def test_without_the_longest_of_six_outages_the_five_left_tell_nothing() -> None:
    before = Downtime((30.0, 10.0, 10.0, 10.0, 10.0, 10.0), 1e6)

    whole = compared_uptime(before, Downtime((), 1e6))
    left = compared_uptime(*without_largest(before, Downtime((), 1e6)))

    # By hand: 2 / 2^6 and 2 / 2^5.
    assert (whole.p_value, left.p_value) == pytest.approx((0.03125, 0.0625))

"""Durations are compared by ranks, and what has not ended yet is never left out."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from slo.evidence import ranks
from slo.evidence.comparison import Lasted
from slo.evidence.durations import compared_durations, median_with_open
from slo.evidence.ranks import best_rank_p, rank_test, ratio_of
from slo.evidence.survival import log_rank

FEW = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=5)
APART = st.lists(st.floats(0.1, 1e6), min_size=1, max_size=12, unique=True)


def test_the_pipeline_of_the_oracle_is_reproduced(shared: Path) -> None:
    case = json.loads((shared / "oracles" / "statistics.json").read_text())["pipeline_hours"]

    found = compared_durations(Lasted(tuple(case["before"])), Lasted(tuple(case["after"])))

    assert found.interval is not None
    assert found.change == pytest.approx(case["ratio"], rel=1e-9)
    assert [found.interval.low, found.interval.high] == pytest.approx(case["ci95"], rel=1e-9)
    assert found.p_value == pytest.approx(case["p"], rel=1e-9)
    assert found.before.estimate == pytest.approx(case["median_before"])
    assert found.after.estimate == pytest.approx(case["median_after"])
    assert (found.before.n, found.after.n) == (case["n_before"], case["n_after"])


def test_the_best_that_so_few_durations_could_show_is_that_of_the_oracle(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())["mw_best_p"]
    for sizes, best_p in oracle.items():
        before, after = (int(size) for size in sizes.split("x"))

        assert best_rank_p(before, after) == pytest.approx(best_p, rel=1e-12)
        apart = rank_test(np.arange(before) + 1.0, np.arange(after) + 100.0)
        assert apart.p_value == pytest.approx(best_p, rel=1e-9)
        assert apart.best_p == pytest.approx(best_p, rel=1e-9)


def test_samples_that_lie_wholly_apart_have_a_p_value() -> None:
    # scipy's brunnermunzel returns nan here.
    found = compared_durations(Lasted((10.0, 11.0, 12.0, 13.0)), Lasted((1.0, 2.0, 3.0, 4.0)))

    assert found.p_value == pytest.approx(2 / 70)


@pytest.mark.parametrize(("before", "after"), [(3, 3), (4, 3), (1, 30)])
def test_too_few_durations_say_how_many_would_do(before: int, after: int) -> None:
    found = compared_durations(
        Lasted(tuple(np.arange(before) + 50.0)), Lasted(tuple(np.arange(after) + 1.0))
    )

    assert found.best_p is not None
    assert found.best_p >= 0.05
    assert found.enough == (
        f"At least 4 of the kind in each of the periods, of which there are {before} and {after}."
    )


@given(APART, APART)
def test_without_ties_the_test_is_that_of_scipy(before: list[float], after: list[float]) -> None:
    assume(not set(before) & set(after))
    other = stats.mannwhitneyu(after, before, method="exact").pvalue

    assert rank_test(np.array(before), np.array(after)).p_value == pytest.approx(other, rel=1e-9)


@given(FEW, FEW)
def test_with_ties_every_division_of_the_ranks_is_counted(
    before: list[float], after: list[float]
) -> None:
    held = stats.rankdata([*before, *after])
    sums = [
        sum(held[list(places)]) for places in itertools.combinations(range(len(held)), len(after))
    ]
    seen = float(held[len(before) :].sum())
    tails = [np.mean(np.array(sums) <= seen + 1e-9), np.mean(np.array(sums) >= seen - 1e-9)]

    found = rank_test(np.array(before), np.array(after))

    assert found.p_value == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
    assert found.best_p <= found.p_value + 1e-12


@given(APART, APART)
def test_the_ratio_is_told_exactly_where_its_interval_leaves_one_out(
    before: list[float], after: list[float]
) -> None:
    assume(not set(before) & set(after))
    test = rank_test(np.array(before), np.array(after))
    _, interval = ratio_of(np.array(before), np.array(after), confidence=0.95)

    assert interval.contains(1) == (test.p_value > 0.05)


@given(APART, APART, st.sampled_from([60.0, 1 / 3_600]))
def test_another_unit_of_time_changes_no_ratio(
    before: list[float], after: list[float], unit: float
) -> None:
    plain = compared_durations(Lasted(tuple(before)), Lasted(tuple(after)))
    scaled = compared_durations(
        Lasted(tuple(x * unit for x in before)), Lasted(tuple(x * unit for x in after))
    )

    assert scaled.change == (plain.change and pytest.approx(plain.change, rel=1e-9))


def test_durations_of_no_time_are_ranked_and_make_no_error() -> None:
    found = compared_durations(Lasted((0.0,) * 5), Lasted((3.0,) * 5))
    same = compared_durations(Lasted((0.0,) * 5), Lasted((0.0,) * 5))

    assert found.change == math.inf
    assert found.p_value == pytest.approx(2 / 252)
    assert (same.change, same.interval, same.p_value, same.best_p) == (None, None, 1, 1)
    assert "the same" in same.enough


def test_where_half_of_either_side_took_no_time_there_is_no_ratio() -> None:
    found = compared_durations(Lasted((0.0, 0.0, 0.0, 5.0)), Lasted((0.0, 0.0, 0.0, 0.0, 1.0)))

    assert (found.before.estimate, found.after.estimate) == (0, 0)
    assert (found.change, found.interval) == (None, None)


def test_durations_that_are_all_the_same_have_no_range_that_would_look_certain() -> None:
    found = compared_durations(Lasted((8.0,) * 20), Lasted((4.0,) * 20))

    assert (found.change, found.interval) == (pytest.approx(0.5), None)
    assert (found.before.interval, found.after.interval) == (None, None)
    assert found.p_value == pytest.approx(2 / math.comb(40, 20))


def test_many_durations_are_compared_by_the_normal_limit() -> None:
    chance = np.random.default_rng(4)
    before, after = chance.lognormal(0, 1, 900), chance.lognormal(-0.2, 1, 1_100)
    other = stats.mannwhitneyu(after, before, method="asymptotic").pvalue

    assert rank_test(before, after).p_value == pytest.approx(other, rel=1e-12)
    assert rank_test(np.ones(900), np.ones(900)).p_value == 1


def test_the_ratio_of_millions_of_pairs_is_searched_and_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(4)
    before, after = chance.lognormal(0, 1, 60), chance.lognormal(-0.2, 1, 80)
    written = ratio_of(before, after, confidence=0.95)

    monkeypatch.setattr(ranks, "_PAIRS", 10)
    searched = ratio_of(before, after, confidence=0.95)

    assert searched[0] == pytest.approx(written[0], rel=1e-9)
    assert searched[1].low == pytest.approx(written[1].low, rel=1e-9)
    assert searched[1].high == pytest.approx(written[1].high, rel=1e-9)


def test_searching_millions_of_ratios_bears_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_PAIRS", 0)
    none, some = np.zeros(12), np.arange(1.0, 13.0)

    assert ratio_of(none, some, confidence=0.95)[0] == math.inf
    assert ratio_of(some, none, confidence=0.95)[0] == 0
    assert ratio_of(none, none, confidence=0.95)[0] == 1
    assert ratio_of(np.append(none, 1.0), some, confidence=0.95)[0] == math.inf
    assert ratio_of(some, np.append(none, 1.0), confidence=0.95)[0] == 0


def test_an_incident_that_is_still_open_raises_the_median(shared: Path) -> None:
    case = json.loads((shared / "oracles" / "statistics.json").read_text())[
        "recovery_with_open_incident"
    ]
    lasted = Lasted(tuple(case["hours"]), (float(case["open_since_hours"]),))

    side = median_with_open(lasted)

    assert side.estimate == case["km_median"]
    assert side.interval is not None
    assert (side.interval.low, side.interval.high) == (0.2, None)
    assert (side.n, side.still_open) == (4, 1)
    assert median_with_open(Lasted(lasted.ended_s)).estimate == case["median_dropping_open"]


def test_where_more_than_half_are_open_the_median_is_not_reached() -> None:
    side = median_with_open(Lasted((1.0,), (5.0, 6.0)))

    assert side.estimate is None
    assert (side.n, side.still_open) == (3, 2)


def test_the_exact_limits_of_a_median_are_order_statistics() -> None:
    # Of 10, the 2nd and the 9th: 2 * P(Bin(10, 1/2) <= 1) = 0.0215; the 3rd would leave 0.109.
    side = median_with_open(Lasted(tuple(float(n) for n in range(1, 11))))
    few = median_with_open(Lasted((1.0, 2.0, 3.0, 4.0, 5.0)))

    assert side.interval is not None
    assert few.interval is not None
    assert (side.interval.low, side.interval.high) == (2, 9)
    assert (few.interval.low, few.interval.high) == (0, None)


@pytest.mark.parametrize("empty", [Lasted(()), Lasted((), ())])
def test_an_empty_side_has_no_median_and_no_test(empty: Lasted) -> None:
    for before, after in ((empty, Lasted((1.0,))), (Lasted((1.0,), (2.0,)), empty), (empty, empty)):
        found = compared_durations(before, after)

        assert (found.change, found.interval, found.p_value) == (None, None, None)
        assert found.best_p == 1
        assert found.enough


def test_open_ones_on_one_side_only_are_compared_by_the_log_rank_test() -> None:
    before = Lasted((5.0, 8.0, 13.0, 21.0, 34.0, 55.0), (60.0, 2.0))
    after = Lasted((1.0, 1.5, 2.0, 2.5, 3.0, 4.0))

    found = compared_durations(before, after)
    back = compared_durations(after, before)

    assert found.method == "log-rank test, exact"
    assert found.p_value is not None
    assert found.p_value < 0.01
    assert back.p_value == pytest.approx(found.p_value)
    assert found.change == pytest.approx(2.25 / 21)
    assert found.interval is not None
    assert found.interval.high is not None
    assert found.interval.high < 1


def test_the_exact_log_rank_test_is_near_that_of_scipy_and_beyond_twenty_it_is_that() -> None:
    chance = np.random.default_rng(6)
    first, second = chance.exponential(1, 30), chance.exponential(2, 26)
    before, after = (Lasted(tuple(x[:-3]), tuple(x[-3:])) for x in (first, second))
    small = Lasted(before.ended_s[:8], (9.0,)), Lasted(after.ended_s[:9], (0.5,))
    other = [
        stats.logrank(
            *(stats.CensoredData(uncensored=x.ended_s, right=x.open_s) for x in pair)
        ).pvalue
        for pair in ((before, after), small)
    ]

    assert log_rank(before, after).p_value == pytest.approx(other[0], rel=1e-9)
    assert log_rank(*small).p_value == pytest.approx(other[1], abs=0.05)


def test_where_nothing_has_ended_nothing_can_be_told() -> None:
    found = compared_durations(Lasted((), (5.0,) * 9), Lasted((), (7.0,) * 9))

    assert found.before.estimate is None
    assert (found.change, found.p_value, found.best_p) == (None, 1, 1)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.0])
def test_what_lasts_no_time_that_is_a_number_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="number of zero or more"):
        Lasted((1.0, wrong))
    with pytest.raises(ValueError, match="number of zero or more"):
        Lasted((), (wrong,))

"""Services one by one and against those not moved: by hand and against another engine."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from slo.evidence.checks.controls import (
    Stratum,
    against_controls,
    not_yet_moved,
    stratified_rates,
)
from slo.evidence.comparison import Count, Interval
from slo.evidence.rates import compared_rates

DAY_S = 86_400.0


def stratum(name: str, before: tuple[float, float], after: tuple[float, float]) -> Stratum:
    return Stratum(
        name=name,
        n_before=before[0],
        exposure_before=before[1],
        n_after=after[0],
        exposure_after=after[1],
    )


# MATH 4.5: 90 % of the requests were of the good service before, 50 % after.
SIMPSON = [
    stratum("api", (900, 90_000), (450, 50_000)),
    stratum("search", (500, 10_000), (2_250, 50_000)),
]


def test_each_service_got_ten_percent_better_though_the_pot_says_twice_as_bad() -> None:
    pot_before = sum(s.n_before for s in SIMPSON) / sum(s.exposure_before for s in SIMPSON)
    pot_after = sum(s.n_after for s in SIMPSON) / sum(s.exposure_after for s in SIMPSON)
    assert (round(pot_before, 4), round(pot_after, 4)) == (0.0140, 0.0270)

    found = stratified_rates(SIMPSON)

    # By hand: numerators 450*90/140 + 2250*10/60 = 664.2857, denominators 900*50/140 +
    # 500*50/60 = 738.0952, variance (1350*90*50/140^2 + 2750*10*50/60^2) / (both) = 0.0014111.
    assert found.change == pytest.approx(0.9)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.9 * math.exp(-1.959964 * 0.0375653), rel=1e-5)
    assert found.interval.high == pytest.approx(0.9 * math.exp(1.959964 * 0.0375653), rel=1e-5)
    assert found.p_value == pytest.approx(0.00503, abs=1e-4)


def test_one_service_alone_is_the_plain_exact_test_of_two_rates() -> None:
    plain = compared_rates(Count(15, 182 * DAY_S), Count(3, 182 * DAY_S))

    found = stratified_rates([stratum("api", (15, 182 * DAY_S), (3, 182 * DAY_S))])

    assert (found.change, found.before.n, found.after.n) == (pytest.approx(0.2), 15, 3)
    assert found.p_value == pytest.approx(plain.p_value)
    assert found.best_p == pytest.approx(plain.best_p)
    assert found.interval is not None
    assert plain.interval is not None
    assert found.interval.low == pytest.approx(plain.interval.low, rel=1e-6)
    assert found.interval.high == pytest.approx(plain.interval.high, rel=1e-6)


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.floats(0.01, 100))
def test_one_service_is_the_plain_test_however_many_events_it_has(
    before: int, after: int, times: float
) -> None:
    assume(before + after)
    plain = compared_rates(Count(before, 100.0), Count(after, 100.0 * times))

    found = stratified_rates([stratum("a", (before, 100), (after, 100 * times))])

    assert found.p_value == pytest.approx(plain.p_value, rel=1e-6, abs=1e-12)
    assert found.interval is not None
    assert plain.interval is not None
    assert found.interval.low == pytest.approx(plain.interval.low, rel=1e-6)
    assert (found.interval.high is None) == (plain.interval.high is None)
    if plain.interval.high is not None:
        assert found.interval.high == pytest.approx(plain.interval.high, rel=1e-6)


def test_services_whose_periods_are_alike_are_tested_as_their_sum() -> None:
    # The sum of binomials with one chance is binomial; 10 + 5 and 2 + 1 in the same 122 days.
    plain = compared_rates(Count(15, 122.0), Count(3, 122.0))

    found = stratified_rates([stratum("a", (10, 122), (2, 122)), stratum("b", (5, 122), (1, 122))])

    assert found.p_value == pytest.approx(plain.p_value)
    assert found.change == pytest.approx(0.2)


def test_windows_of_different_lengths_are_weighed_as_counted_out_by_hand() -> None:
    # Each event falls after with 1/2 (service a, 3 events) or 1/3 (b, 2); none after but one of b:
    # P(0) = 1/8 * 4/9, P(1) = 3/8 * 4/9 + 1/8 * 4/9; twice their sum.
    expected = 2 * (Fraction(1, 8) * Fraction(4, 9) * (1 + 3 + 1))

    found = stratified_rates([stratum("a", (3, 10), (0, 10)), stratum("b", (1, 20), (1, 10))])

    assert found.p_value == pytest.approx(float(expected))
    # All five on one side: (1/2)^3 (1/3)^2 after, the smaller tail, doubled.
    assert found.best_p == pytest.approx(2 / 8 / 9)


def test_three_services_agree_with_a_poisson_model_of_another_engine() -> None:
    found = stratified_rates(
        [
            stratum("cart", (40, 182), (30, 170)),
            stratum("search", (12, 182), (3, 120)),
            stratum("mail", (55, 182), (41, 182)),
        ]
    )

    # statsmodels 0.15.0, glm("n ~ C(s) + post", Poisson, offset=log(days)):
    # 0.73399 [0.54553, 0.98757]; an exact interval is a little wider.
    assert found.change == pytest.approx(0.7339927, rel=0.003)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.5455252, rel=0.03)
    assert found.interval.high == pytest.approx(0.9875720, rel=0.03)
    assert found.interval.low is not None
    assert found.interval.low < 0.5455252


def test_the_exact_and_the_normal_interval_meet_where_one_takes_over() -> None:
    few = stratified_rates([stratum("a", (1_000, 100), (900, 100))])
    many = stratified_rates([stratum("a", (1_100, 100), (990, 100))])

    for found, log_error in (
        (few, (1 / 1000 + 1 / 900) ** 0.5),
        (many, (1 / 1100 + 1 / 990) ** 0.5),
    ):
        assert found.interval is not None
        assert found.interval.high == pytest.approx(0.9 * math.exp(1.96 * log_error), rel=0.002)


def test_nothing_after_leaves_an_upper_limit_and_nothing_before_a_lower_one() -> None:
    none_after = stratified_rates([stratum("a", (6, 182), (0, 182))])
    none_before = stratified_rates([stratum("a", (0, 182), (4, 182))])

    # statistics.json, rates: zero_after_6 and zero_before_4.
    assert none_after.change == 0
    assert none_after.interval == Interval(0.0, pytest.approx(0.8493111942973236, rel=1e-6))
    assert none_after.p_value == pytest.approx(0.03125)
    assert none_before.change == math.inf
    assert none_before.interval == Interval(pytest.approx(0.6601240193600627, rel=1e-6), None)


def test_very_many_events_of_which_none_came_after_still_have_their_limit() -> None:
    found = stratified_rates([stratum("a", (5_000, 182), (0, 182))])

    # All before: (1 + r)^-5000 = .025, so r = .025^(-1/5000) - 1.
    assert (found.change, found.p_value) == (0, 0)
    assert found.interval == Interval(0.0, pytest.approx(0.025 ** (-1 / 5_000) - 1, rel=1e-6))


def test_clusters_are_divided_out_before_the_test_and_leave_the_exposure() -> None:
    plain = stratified_rates([stratum("a", (10, 182), (2, 91))])

    found = stratified_rates([stratum("a", (30, 182), (6, 91))], clusters=3)

    assert (found.p_value, found.clusters) == (plain.p_value, 3)


@pytest.mark.parametrize(
    "strata",
    [
        [],
        [stratum("a", (0, 182), (0, 182))],
        [stratum("a", (5, 182), (0, 0))],
        [stratum("a", (0, 0), (7, 182))],
    ],
)
def test_services_that_tell_nothing_give_no_ratio_rather_than_one(strata: list[Stratum]) -> None:
    found = stratified_rates(strata)

    assert (found.change, found.interval, found.p_value) == (None, None, None)


def test_a_service_that_tells_nothing_changes_nothing() -> None:
    telling = [stratum("a", (15, 182), (3, 182))]

    assert stratified_rates([*telling, stratum("b", (9, 182), (0, 0))]) == stratified_rates(telling)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 400), st.integers(1, 400)),
        min_size=1,
        max_size=5,
    )
)
def test_exchanging_the_periods_turns_the_ratio_over_and_keeps_the_p_value(
    rows: list[tuple[int, int, int, int]],
) -> None:
    there = stratified_rates([stratum("s", (a, t), (b, u)) for a, b, t, u in rows])
    back = stratified_rates([stratum("s", (b, u), (a, t)) for a, b, t, u in rows])

    assert there.change is not None
    assert back.change == pytest.approx(1 / there.change)
    assert back.p_value == pytest.approx(there.p_value, rel=1e-6)
    assert there.interval is not None
    assert back.interval is not None
    assert back.interval.low == pytest.approx(1 / (there.interval.high or math.inf), rel=1e-5)


def test_moved_against_not_moved_agrees_with_the_interaction_of_another_engine() -> None:
    moved = [stratum("cart", (40, 182), (18, 170))]
    controls = [stratum("mail", (67, 182), (60, 170))]

    found = against_controls(moved, controls)

    # statsmodels 0.15.0, glm("n ~ m * post", Poisson, offset=log(days)), the interaction.
    assert found.change == pytest.approx(0.5025)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.2606645098538274, rel=1e-6)
    assert found.interval.high == pytest.approx(0.9687020689605862, rel=1e-6)
    assert found.p_value == pytest.approx(0.03988705439203565, rel=1e-6)


def test_what_happened_to_all_services_alike_is_no_effect_of_the_move() -> None:
    found = against_controls(
        [stratum("cart", (80, 182), (40, 182))], [stratum("mail", (40, 182), (20, 182))]
    )

    assert (found.change, found.p_value) == (pytest.approx(1), pytest.approx(1))
    assert (found.before.estimate, found.after.estimate) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("empty", [(40, 0), (0, 40), (0, 0)])
def test_controls_without_events_on_a_side_say_what_would_be_enough(
    empty: tuple[int, int],
) -> None:
    moved = [stratum("cart", (40, 182), (18, 170))]
    quiet = [stratum("mail", (empty[0], 182), (empty[1], 182))]

    for found in (against_controls(moved, quiet), against_controls(quiet, moved)):
        assert (found.change, found.interval, found.p_value) == (None, None, None)
        assert found.enough == (
            "Events before and after, among the moved services and among the others."
        )


def test_a_service_that_moves_at_the_end_of_the_window_is_still_a_control() -> None:
    cutovers = {"cart": 100, "search": 300, "mail": None, "feed": 299}

    assert not_yet_moved(cutovers, until=300) == ("mail", "search")

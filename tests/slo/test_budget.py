"""A budget is exact, keeps its sign, and is absent where there were no events."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st
from strategies import objectives, tallies

from slo.budget import Budget, allowed_s, exhausts_in_s
from slo.objective import Objective
from slo.tally import Tally


@given(objectives(), tallies(least=1))
def test_burning_faster_than_one_means_the_budget_is_overspent(
    objective: Objective, tally: Tally
) -> None:
    budget = Budget(objective, tally)

    assert budget.burn_rate is not None
    assert budget.remaining is not None
    assert (budget.burn_rate > 1) == (budget.remaining < 0)
    assert (budget.burn_rate > 1) == (budget.sli is not None and budget.sli < objective.target)


@given(objectives(), tallies(least=1))
def test_what_is_left_is_the_same_by_both_formulas(objective: Objective, tally: Tally) -> None:
    budget = Budget(objective, tally)

    by_sli = (Fraction(tally.good, tally.total) - objective.target) / (1 - objective.target)
    assert budget.remaining == by_sli
    assert budget.consumed == 1 - by_sli


@given(objectives(), tallies(least=1))
def test_the_burn_rate_lies_between_zero_and_one_over_the_budget(
    objective: Objective, tally: Tally
) -> None:
    burn_rate = Budget(objective, tally).burn_rate

    assert burn_rate is not None
    assert 0 <= burn_rate <= 1 / objective.error_budget


@given(objectives(), tallies(least=1), tallies(least=1))
def test_two_spans_together_burn_between_the_slower_and_the_faster(
    objective: Objective, one: Tally, other: Tally
) -> None:
    joined = Budget(objective, one + other).burn_rate
    apart = [Budget(objective, tally).burn_rate for tally in (one, other)]

    assert min(apart) <= joined <= max(apart)  # type: ignore[type-var, operator]


@given(objectives(), tallies(), st.integers(0, 10**6))
def test_a_span_without_events_changes_no_figure(
    objective: Objective, tally: Tally, silent_s: int
) -> None:
    with_silence = Budget(objective, tally + Tally(observed_s=silent_s))
    without = Budget(objective, tally)

    assert with_silence.remaining == without.remaining
    assert with_silence.burn_rate == without.burn_rate


@given(objectives(), st.integers(0, DAY_S))
def test_a_window_without_events_has_no_sli_no_burn_rate_and_no_budget(
    objective: Objective, observed_s: int
) -> None:
    budget = Budget(objective, Tally(observed_s=observed_s))

    figures = (budget.sli, budget.burn_rate, budget.consumed, budget.remaining)
    assert figures == (None, None, None, None)
    assert budget.projected_remaining(DAY_S, 30 * DAY_S) is None


@given(objectives(), tallies(least=1))
def test_events_left_and_share_left_tell_the_same(objective: Objective, tally: Tally) -> None:
    budget = Budget(objective, tally)

    assert budget.remaining is not None
    assert budget.events_left == budget.remaining * budget.allowed_events


@given(objectives(), st.integers(1, 30 * DAY_S), st.data())
def test_of_a_fully_observed_window_the_budget_left_is_allowed_less_down_seconds(
    objective: Objective, window_s: int, data: st.DataObject
) -> None:
    down_s = data.draw(st.integers(0, window_s))
    budget = Budget(objective, Tally(window_s - down_s, window_s, window_s))

    allowed = allowed_s(objective, window_s)
    assert budget.remaining is not None
    assert budget.remaining * allowed == allowed - down_s


@given(objectives(), tallies(least=1), st.integers(1, 100), st.integers(0, 100))
def test_a_projection_to_the_end_of_the_period_is_never_below_the_budget_so_far(
    objective: Objective, tally: Tally, elapsed_s: int, ahead_s: int
) -> None:
    budget = Budget(objective, tally)
    projected = budget.projected_remaining(elapsed_s, elapsed_s + ahead_s)

    assert projected is not None
    assert budget.remaining is not None
    assert projected >= budget.remaining
    assert (projected == budget.remaining) == (ahead_s == 0 or budget.consumed == 0)


def test_a_week_into_the_month_both_readings_of_the_budget_are_given() -> None:
    """100k requests a week, 4.28 weeks a month: 10k allowed so far, 42.8k if traffic goes on."""
    objective = Objective.from_percent(90)
    budget = Budget(objective, Tally(good=95_000, total=100_000))

    assert budget.allowed_events == 10_000
    assert budget.remaining == Fraction(1, 2)
    assert budget.projected_remaining(7 * DAY_S, 30 * DAY_S) == 1 - Fraction(5_000) / (
        10_000 * Fraction(30, 7)
    )


@pytest.mark.parametrize(
    ("percent", "minutes"),
    [("99", "432"), ("99.5", "216"), ("99.9", "43.2"), ("99.95", "21.6"), ("99.99", "4.32")],
)
def test_the_budget_of_thirty_days_in_minutes_is_as_in_the_book(percent: str, minutes: str) -> None:
    assert allowed_s(Objective.from_percent(percent), 30 * DAY_S) == Fraction(minutes) * 60


@pytest.mark.parametrize(
    ("percent", "minutes"),
    [("99", "403.2"), ("99.5", "201.6"), ("99.9", "40.32"), ("99.95", "20.16"), ("99.99", "4.032")],
)
def test_the_budget_of_four_weeks_in_minutes_is_as_in_the_book(percent: str, minutes: str) -> None:
    assert allowed_s(Objective.from_percent(percent), 28 * DAY_S) == Fraction(minutes) * 60


def test_low_traffic_example_of_openslo_allows_five_minutes_and_two_seconds_a_week() -> None:
    assert allowed_s(Objective.from_percent("99.95"), 7 * DAY_S) == Fraction("302.4")


def test_two_weeks_at_95_percent_allow_sixteen_hours_and_48_minutes() -> None:
    assert allowed_s(Objective.from_percent(95), 14 * DAY_S) == 1_008 * 60


def test_a_removed_day_dilates_the_share_of_an_hours_outage() -> None:
    """60 minutes down in 7 days: 0.595 % of the week, 0.694 % once a day of it is excluded."""
    raw = Tally(
        good=10_020 * 60, total=10_080 * 60, observed_s=10_080 * 60,
        excluded_good=1_440 * 60, excluded_total=1_440 * 60, excluded_s=1_440 * 60,
    )  # fmt: skip

    assert raw.sli == 1 - Fraction(60, 10_080)
    assert raw.corrected.sli == 1 - Fraction(60, 8_640)


def test_a_gap_counts_neither_as_down_nor_as_up() -> None:
    """30 days, 28.8 minutes down, one day not measured: 99.9310 %, not 96.600 or 99.9333 %."""
    observed_s = 29 * DAY_S
    down_s = Fraction("28.8") * 60

    sli = Tally(good=int(observed_s - down_s), total=observed_s, observed_s=observed_s).sli

    assert sli is not None
    assert f"{float(sli):.6f}" == "0.999310"


@pytest.mark.parametrize(
    ("remaining", "burn_rate", "hours"),
    [
        (Fraction(1), Fraction("14.4"), Fraction(50)),
        (Fraction(1), Fraction(1), Fraction(720)),
        (Fraction(1, 2), Fraction(6), Fraction(60)),
        (Fraction(0), Fraction(5), Fraction(0)),
        (Fraction(0), Fraction(0), Fraction(0)),
        (Fraction(-1, 5), Fraction(0), Fraction(0)),
        (Fraction(1, 2), Fraction(0), None),
        (None, Fraction(1), None),
        (Fraction(1, 2), None, None),
    ],
)
def test_the_budget_ends_after_what_is_left_at_that_burn(
    remaining: Fraction | None, burn_rate: Fraction | None, hours: Fraction | None
) -> None:
    ends_s = exhausts_in_s(remaining, burn_rate, 30 * DAY_S)

    assert ends_s == (None if hours is None else hours * 3_600)

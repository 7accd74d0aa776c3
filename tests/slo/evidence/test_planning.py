"""How much longer to look is told by the tests that will judge."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.comparison import Comparison, Count, Interval, Scale, Side
from slo.evidence.planning import days_without_event, events_needed, more_days, more_days_of_rate
from slo.evidence.rates import compared_rates

DAY_S = 86_400


@pytest.mark.parametrize(("events", "days", "needed"), [(5, 61, 67), (15, 182, 51), (3, 182, 441)])
def test_without_any_event_so_many_days_are_needed(events: int, days: int, needed: int) -> None:
    found = days_without_event(events, days)

    assert found is not None
    assert math.ceil(found) == needed


@given(st.integers(1, 40), st.integers(10, 800))
def test_at_the_planned_day_and_not_before_no_event_is_told(events: int, days: int) -> None:
    needed = days_without_event(events, days)
    assert needed is not None
    before = Count(events, days * DAY_S)
    late = compared_rates(before, Count(0, needed * 1.001 * DAY_S))
    early = compared_rates(before, Count(0, needed * 0.999 * DAY_S))

    assert late.p_value is not None
    assert early.p_value is not None
    assert late.p_value < 0.05 < early.p_value


def test_where_nothing_happened_before_nothing_can_be_planned() -> None:
    assert days_without_event(0, 100) is None
    assert days_without_event(5, 0) is None


@given(st.floats(0.01, 0.99), st.sampled_from([0.05, 0.01]))
def test_the_events_needed_can_tell_and_one_fewer_cannot(share: float, alpha: float) -> None:
    needed, rarest = events_needed(share, alpha), min(share, 1 - share)

    assert 2 * rarest**needed < alpha
    assert needed == 1 or 2 * rarest ** (needed - 1) >= alpha


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_one_period_has_no_time_no_number_of_events_would_do(share: float) -> None:
    assert events_needed(share) == 100_000


def test_six_events_are_needed_in_equal_times(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())["rates"]

    assert events_needed(0.5) == 6
    assert oracle["zero_after_5"]["p_doubled"] > 0.05 > oracle["zero_after_6"]["p_doubled"]


@given(st.integers(1, 30), st.integers(0, 12))
def test_the_days_more_are_the_first_on_which_the_test_tells(before: int, after: int) -> None:
    first, second = Count(before, 182 * DAY_S), Count(after, 61 * DAY_S)
    more = more_days_of_rate(first, second)
    if more is None:
        return

    def p_after(days: int) -> float:
        length = 61 + days
        grown = Count(round(after * length / 61), length * DAY_S)
        return compared_rates(first, grown).p_value or 1.0

    assert p_after(more) < 0.05
    assert all(p_after(day) >= 0.05 for day in range(more))


def test_equal_rates_are_never_told_apart_and_a_told_change_needs_no_more() -> None:
    assert more_days_of_rate(Count(10, 182 * DAY_S), Count(10, 182 * DAY_S)) is None
    assert more_days_of_rate(Count(15, 182 * DAY_S), Count(3, 182 * DAY_S)) == 0
    assert more_days_of_rate(Count(15, 0), Count(3, 182 * DAY_S)) is None


def sides(
    before: tuple[float | None, float | None], after: tuple[float | None, float | None]
) -> Comparison:
    return Comparison(
        before=Side(estimate=10, n=9, interval=Interval(*before)),
        after=Side(estimate=8, n=9, interval=Interval(*after)),
        scale=Scale.DIFFERENCE,
        change=-2,
    )


def test_an_interval_narrows_with_the_root_of_its_days() -> None:
    # 1^2 + 3^2 * 60 / t = 2^2 at t = 180 days: 120 more.
    assert more_days(sides((9, 11), (5, 11)), days_after=60) == 120
    assert more_days(sides((9, 11), (7, 9)), days_after=60) == 0


def test_where_the_days_before_are_too_few_no_days_after_would_do() -> None:
    assert more_days(sides((7, 13), (7, 9)), days_after=60) is None
    assert more_days(sides((9, None), (7, 9)), days_after=60) is None


def test_without_a_change_or_an_interval_nothing_is_planned() -> None:
    for change in (None, 0.0, math.inf):
        found = sides((9, 11), (7, 9))
        flat = Comparison(
            before=found.before, after=found.after, scale=Scale.DIFFERENCE, change=change
        )
        assert more_days(flat, days_after=60) is None
    single = Side(estimate=3.9, n=1)
    reading = Comparison(before=single, after=single, scale=Scale.RATIO, change=2.0)
    assert more_days(reading, days_after=60) is None


def test_ratios_are_planned_on_logarithms() -> None:
    side = Side(estimate=1, n=9, interval=Interval(1 / math.e, math.e))
    found = Comparison(before=side, after=side, scale=Scale.RATIO, change=math.exp(-math.sqrt(2)))

    # 1 + 1 * 60 / t = 2 at t = 60: none more.
    assert more_days(found, days_after=60) in {0, 1}

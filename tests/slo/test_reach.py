"""What a row needs before it fires is told by the same comparison by which it fires."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.burn import default_policy, firing
from slo.objective import Objective
from slo.policy import BurnRow, Severity
from slo.reach import Reach, reaches
from slo.tally import Tally

DAYS_30 = 30 * 86_400
PAGE = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)


def reach(percent: str, events_per_s: Fraction | None = None, *, least: int = 0) -> Reach:
    row = BurnRow(PAGE.severity, PAGE.share, PAGE.long_s, PAGE.short_s, least)
    (one,) = reaches((row,), Objective.from_percent(percent), DAYS_30, events_per_s)
    return one


def test_a_page_of_14_4_at_90_percent_can_never_fire_and_at_95_needs_72_percent() -> None:
    """MATH.md section 1: the largest burn is 1/B, 10 at 90 % and 20 at 95 %."""
    assert not reach("90").is_reachable
    assert reach("95").is_reachable
    assert reach("95").share == Fraction(72, 100)


@pytest.mark.parametrize("percent", ["50", "90", "95", "99", "99.9", "99.999"])
def test_no_default_row_needs_more_than_half_of_all_events_bad(percent: str) -> None:
    objective = Objective.from_percent(percent)

    found = reaches(default_policy(objective, DAYS_30), objective, DAYS_30, None)

    assert all(one.share <= Fraction(1, 2) for one in found)
    assert all(one.is_possible for one in found)


def test_unknown_traffic_leaves_the_counts_open_and_forbids_nothing() -> None:
    one = reach("99.9", least=1_000_000)

    assert (one.events, one.least_bad, one.is_single) == (None, None, False)
    assert one.is_possible


def test_at_a_few_requests_an_hour_one_failed_request_pages() -> None:
    """12 an hour at 99.9 %: 14.4 x 0.1 % of them is 0.17, so one is enough."""
    assert reach("99.9", Fraction(12, 3_600)).is_single
    assert reach("99.9", Fraction(1, 36_000)).is_single
    assert not reach("99.9", Fraction(12, 3_600), least=5).is_single


def test_a_window_that_holds_less_than_one_event_on_average_can_still_hold_one() -> None:
    assert reach("99.9", Fraction(1, 36_000)).is_possible
    assert not reach("99.9", Fraction(1, 36_000), least=2).is_possible


def test_a_guard_above_the_traffic_keeps_the_row_silent_for_ever() -> None:
    assert reach("99.9", Fraction(12, 3_600), least=12).is_possible
    assert not reach("99.9", Fraction(12, 3_600), least=13).is_possible


@given(
    st.sampled_from(["95", "99", "99.9", "99.99"]),
    st.integers(1, 100_000),
    st.integers(0, 200),
)
def test_the_fewest_bad_events_fire_and_one_less_does_not(
    percent: str, events: int, least: int
) -> None:
    objective = Objective.from_percent(percent)
    one = reach(percent, Fraction(events, 3_600), least=least)
    assert one.least_bad is not None

    def fires(bad: int) -> bool:
        tally = Tally(events - bad, events, 3_600)
        short = Tally(0, 1, 300)
        return bool(firing((one.row,), objective, {3_600: tally, 300: short}, DAYS_30))

    if one.least_bad <= events:
        assert fires(one.least_bad)
    assert not fires(min(one.least_bad - 1, events))


def test_each_window_of_a_row_holds_the_events_of_its_own_length() -> None:
    one = reach("99.9", Fraction(1, 10))

    assert (one.events, one.short_events) == (360, 30)

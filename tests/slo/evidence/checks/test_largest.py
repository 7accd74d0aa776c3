"""Whether a verdict on uptime stands without the one largest outage."""

from __future__ import annotations

import pytest

from slo.evidence.checks.largest import LeftOut, without_the_largest
from slo.evidence.comparison import Downtime
from slo.evidence.uptime import compared_uptime

HALF_YEAR_S = 182 * 86_400.0
MINUTES = (3, 5, 8, 11, 14, 18, 22, 27, 31, 36, 42, 49, 58, 71, 129.16)


def left_out(before: Downtime, after: Downtime) -> LeftOut | None:
    return without_the_largest(before, after, compared_uptime(before, after))


def half_year(*minutes: float) -> Downtime:
    return Downtime(tuple(60.0 * each for each in minutes), HALF_YEAR_S)


def test_the_case_studys_verdict_stands_without_its_largest_outage() -> None:
    found = left_out(half_year(*MINUTES), half_year(12, 24, 42.624))

    assert found is not None
    assert (found.outage_s, found.was_before) == (pytest.approx(129.16 * 60), True)
    assert found.comparison.before.n == 14
    assert found.comparison.p_value is not None
    assert 0.009 < found.comparison.p_value < 0.05
    assert not found.rests_on_it


def test_a_verdict_that_one_outage_makes_is_said_to_rest_on_it() -> None:
    # Six before and none after: 2 / 2^6 = .031; without the longest five: 2 / 2^5 = .0625.
    made = left_out(half_year(30, 10, 10, 10, 10, 10), half_year())

    assert made is not None
    assert made.comparison.p_value == pytest.approx(0.0625)
    assert made.rests_on_it


def test_the_largest_outage_may_lie_after_and_without_it_the_change_may_turn() -> None:
    found = left_out(half_year(10, 10), half_year(5, 240))

    assert found is not None
    assert (found.outage_s, found.was_before) == (240 * 60, False)
    assert found.comparison.change is not None
    assert found.comparison.change > 0
    assert not found.rests_on_it


def test_of_two_outages_equally_long_the_one_before_is_left_out() -> None:
    found = left_out(half_year(60, 5), half_year(60))

    assert found is not None
    assert found.was_before
    assert (found.comparison.before.n, found.comparison.after.n) == (1, 1)


def test_without_outages_there_is_nothing_to_leave_out() -> None:
    assert left_out(half_year(), half_year()) is None

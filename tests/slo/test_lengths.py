"""The lengths that figures are told in, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from slo.lengths import DAY_S, MONTH_S, THIRTY_DAYS_MIN, WEEK_S, YEAR_S, down_minutes


def test_four_hundred_years_have_ninety_seven_leap_days() -> None:
    assert 400 * YEAR_S == (400 * 365 + 97) * DAY_S
    assert 12 * MONTH_S == YEAR_S
    assert Fraction(4_348_125, 1_000_000) == MONTH_S / WEEK_S


def test_time_down_is_told_in_minutes_of_thirty_days() -> None:
    # The case study: 99.80 % and 99.97 % of the time up; a whole month down.
    assert down_minutes(1 - 0.998) == pytest.approx(86.4)
    assert down_minutes(1 - 0.9997) == pytest.approx(12.96)
    assert down_minutes(1) == THIRTY_DAYS_MIN == 43_200
    assert down_minutes(0) == 0

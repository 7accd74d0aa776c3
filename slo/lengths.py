"""How many seconds each length of time is, from the minute to the year, and time down in minutes.

A year is the mean one of the calendar, 365.2425 days, and a month a twelfth of it: weekly is 4.348
times a month. Time down is told in minutes of thirty days, whatever month it is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

Share = TypeVar("Share", float, Fraction)

MINUTE_S, QUARTER_S, HOUR_S, DAY_S = 60, 900, 3_600, 86_400
"""A minute, a quarter of an hour, an hour, and a day on which no clock is changed."""
WEEK_S = 7 * DAY_S
YEAR_S = Fraction(3_652_425, 10_000) * DAY_S
"""The mean year of the Gregorian calendar: 97 leap days in 400 years."""
MONTH_S = YEAR_S / 12
THIRTY_DAYS_MIN = 30 * 1_440


def down_minutes(share_down: Share) -> Share:
    """The minutes of thirty days that a share of time down is; of a fraction exactly.

    >>> round(down_minutes(0.002), 6), round(down_minutes(0.0003), 6)
    (86.4, 12.96)
    """
    return share_down * THIRTY_DAYS_MIN

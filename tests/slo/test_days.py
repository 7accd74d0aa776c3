"""A day begins with its first second, wherever and however clocks are put."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.days import midnight

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo)
DAYS = st.dates(date(1971, 1, 1), date(2199, 12, 31))


@given(DAYS, ZONES)
def test_a_day_begins_at_the_first_second_that_is_not_of_an_earlier_day(
    day: date, zone: ZoneInfo
) -> None:
    at = midnight(day, zone)

    assert datetime.fromtimestamp(at - 1, zone).date() < day
    assert datetime.fromtimestamp(at, zone).date() >= day


@given(DAYS, DAYS, ZONES)
def test_a_later_day_never_begins_before_an_earlier_one(
    one: date, other: date, zone: ZoneInfo
) -> None:
    assert midnight(min(one, other), zone) <= midnight(max(one, other), zone)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        # Clocks go forward at 02:00: the day begins by the old offset and has 23 hours.
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        # Back at 03:00: 25 hours.
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        # 30 December 2011 was left out: it begins where 31 December does.
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # Midnight itself comes twice in Havana, an hour apart: the first is meant.
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 1, 1), datetime(2025, 12, 31, 18, 15, tzinfo=UTC)),
    ],
)
def test_midnights_where_clocks_are_put_are_those_of_the_calendar(
    zone: str, day: date, begins: datetime
) -> None:
    assert midnight(day, ZoneInfo(zone)) == int(begins.timestamp())

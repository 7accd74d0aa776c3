"""Windows follow the calendar of their zone, to the second, whatever it does."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st

from slo.budget import allowed_s
from slo.objective import Objective
from slo.spans import (
    CalendarWindow,
    Period,
    RollingWindow,
    Span,
    epoch_s,
    length_label,
    moment,
    rfc3339,
)

ZONES = (
    "UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/New_York",
    "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca",
)  # fmt: skip
SINCE_2015 = st.integers(1_420_070_400, 2_000_000_000)


def at(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text))


def window(period: Period, zone: str) -> CalendarWindow:
    return CalendarWindow(period, ZoneInfo(zone))


def spans() -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, 1_000), st.integers(0, 1_000)).map(
        lambda ends: Span(min(ends), max(ends))
    )


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(60, 59)


@given(spans(), spans())
def test_a_clipped_span_holds_exactly_the_seconds_in_both(one: Span, other: Span) -> None:
    clipped = one.clipped_to(other)

    both = range(max(one.since, other.since), min(one.until, other.until))
    assert clipped.length_s == len(both)
    assert other.since <= clipped.since <= clipped.until <= other.until


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime(2026, 1, 1)

    with pytest.raises(ValueError, match="no time zone"):
        epoch_s(naive)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), st.integers(-14, 14))
def test_epoch_seconds_and_moments_are_each_others_inverse(naive: datetime, hours: int) -> None:
    aware = naive.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))

    assert moment(epoch_s(aware)) == aware


def test_a_span_between_two_aware_datetimes_counts_real_seconds() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    since, until = (epoch_s(datetime(2026, 3, day, tzinfo=berlin)) for day in (29, 30))

    assert Span(since, until).length_s == 23 * 3_600


@pytest.mark.parametrize(
    ("length_s", "label"),
    [(30 * DAY_S, "30d"), (DAY_S, "1d"), (7_200, "2h"), (300, "5m"), (90, "90s"), (3_601, "3601s")],
)
def test_a_length_is_named_in_the_largest_unit_that_divides_it(length_s: int, label: str) -> None:
    assert length_label(length_s) == label
    assert RollingWindow(length_s).kind == label


@given(st.integers(1, 10**8), SINCE_2015)
def test_a_rolling_window_is_as_long_as_it_says_and_has_wholly_elapsed(
    length_s: int, now: int
) -> None:
    rolling = RollingWindow(length_s)

    assert rolling.elapsed(now) == rolling.whole(now) == Span(now - length_s, now)


@pytest.mark.parametrize("length_s", [0, -60])
def test_a_rolling_window_without_length_is_refused(length_s: int) -> None:
    with pytest.raises(ValueError, match="longer than 0 s"):
        RollingWindow(length_s)


@given(st.sampled_from(Period), st.sampled_from(ZONES), SINCE_2015)
def test_calendar_windows_tile_time_without_gap_or_overlap(
    period: Period, zone: str, now: int
) -> None:
    calendar = window(period, zone)
    whole = calendar.whole(now)

    assert whole.since <= now < whole.until
    assert calendar.elapsed(now) == Span(whole.since, now)
    assert calendar.whole(whole.until).since == whole.until
    assert calendar.whole(whole.since - 1).until == whole.since
    assert calendar.whole(whole.until - 1) == whole


@given(st.sampled_from(Period), st.sampled_from(ZONES), SINCE_2015)
def test_calendar_windows_begin_at_local_midnight_on_a_quarter_hour(
    period: Period, zone: str, now: int
) -> None:
    since = window(period, zone).whole(now).since
    local = moment(since).astimezone(ZoneInfo(zone))

    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert since % 900 == 0


@pytest.mark.parametrize(
    ("zone", "within", "minutes"),
    [
        ("UTC", "2026-02-10T00:00Z", "20.16"),
        ("UTC", "2028-02-10T00:00Z", "20.88"),
        ("Europe/Berlin", "2026-03-10T00:00Z", "22.29"),
        ("Europe/Berlin", "2026-10-10T00:00Z", "22.35"),
        ("Europe/Berlin", "2026-01-10T00:00Z", "22.32"),
        ("Europe/Berlin", "2026-04-10T00:00Z", "21.6"),
    ],
)
def test_a_months_budget_at_99_95_percent_follows_its_real_length(
    zone: str, within: str, minutes: str
) -> None:
    month = window(Period.MONTH, zone).whole(at(within))

    budget_s = allowed_s(Objective.from_percent("99.95"), month.length_s)

    assert budget_s == Fraction(minutes) * 60


@pytest.mark.parametrize(
    ("period", "zone", "now", "since", "until"),
    [
        # Kathmandu is 5 h 45 min ahead: its months begin at 18:15 UTC.
        (Period.MONTH, "Asia/Kathmandu", "2026-07-31T18:14:59Z", "2026-06-30T18:15Z", "2026-07-31T18:15Z"),
        (Period.MONTH, "Asia/Kathmandu", "2026-07-31T18:15:00Z", "2026-07-31T18:15Z", "2026-08-31T18:15Z"),
        # Apia went from UTC-10 to UTC+14 by leaving out 30 December 2011: a month of 30 days.
        (Period.MONTH, "Pacific/Apia", "2011-12-15T00:00Z", "2011-12-01T10:00Z", "2011-12-31T10:00Z"),
        (Period.WEEK, "Pacific/Apia", "2011-12-28T12:00Z", "2011-12-26T10:00Z", "2012-01-01T10:00Z"),
        (Period.MONTH, "Pacific/Apia", "2026-03-01T00:00Z", "2026-02-28T11:00Z", "2026-03-31T11:00Z"),
        # Weeks are ISO weeks: Monday to Monday, over a new year and a change of clocks.
        (Period.WEEK, "UTC", "2026-01-01T00:00Z", "2025-12-29T00:00Z", "2026-01-05T00:00Z"),
        (Period.WEEK, "Europe/Berlin", "2026-10-25T12:00Z", "2026-10-18T22:00Z", "2026-10-25T23:00Z"),
        (Period.QUARTER, "UTC", "2026-11-22T00:00Z", "2026-10-01T00:00Z", "2027-01-01T00:00Z"),
        (Period.QUARTER, "UTC", "2026-03-31T23:59Z", "2026-01-01T00:00Z", "2026-04-01T00:00Z"),
        (Period.MONTH, "UTC", "2026-12-31T23:59Z", "2026-12-01T00:00Z", "2027-01-01T00:00Z"),
        (Period.YEAR, "America/New_York", "2026-01-01T04:59Z", "2025-01-01T05:00Z", "2026-01-01T05:00Z"),
    ],
)  # fmt: skip
def test_calendar_windows_are_those_of_the_local_calendar(
    period: Period, zone: str, now: str, since: str, until: str
) -> None:
    assert window(period, zone).whole(at(now)) == Span(at(since), at(until))


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)]
)
def test_a_local_day_is_23_24_or_25_hours_long(day: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    since = datetime.fromisoformat(day).replace(tzinfo=berlin)

    assert epoch_s(since + timedelta(days=1)) - epoch_s(since) == hours * 3_600


@pytest.mark.parametrize("period", Period)
def test_a_calendar_window_is_called_by_its_period(period: Period) -> None:
    assert window(period, "UTC").kind == period.value


def test_machines_get_rfc_3339_in_utc() -> None:
    assert rfc3339(0) == "1970-01-01T00:00:00Z"

"""A rule is followed in wall time and then placed in its zone; what would never end is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import InputError
from slo.recurrence import Recurrence
from slo.spans import Span, epoch_s

BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")


def at(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text))


def begins(
    rule: str, start: str, *, zone: ZoneInfo = BERLIN, span: Span | None = None
) -> list[str]:
    made = Recurrence(rule, datetime.fromisoformat(start), HOUR_S, zone)
    found = made.occurrences(span or Span(0, 2**32))
    return [datetime.fromtimestamp(one.since, UTC).strftime("%Y-%m-%dT%H:%MZ") for one in found]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "is no rule"),
        ("every sunday", "is no rule"),
        ("FREQ=WEEKLY\nEXDATE:20260101T000000", "is no rule"),
        ("FREQ=WEEKLY;" * 60, "is no rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "says one thing twice"),
        ("BYDAY=SU", "FREQ is one of"),
        ("FREQ=SECONDLY", "FREQ is one of"),
        ("FREQ=HOURLY", "name hours by BYHOUR"),
        ("FREQ=DAILY;BYSECOND=1", "BYSECOND is not followed"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL goes from 1"),
        ("FREQ=DAILY;COUNT=-1", "COUNT goes from 1"),
        ("FREQ=WEEKLY;BYDAY=XX", "invalid 'BYDAY'"),
        ("FREQ=DAILY;BYHOUR=24", "hour must be"),
        ("FREQ=DAILY;BYHOUR=1;BYMINUTE=" + ",".join(map(str, range(30))), "more than 24 times"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes round"),
        ("FREQ=DAILY;UNTIL=20261231", "UNTIL=20261231 is no moment"),
        ("FREQ=DAILY;UNTIL=20200101T000000", "never comes round"),
        ("FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30", "never comes round"),
        ("FREQ=MONTHLY;COUNT=5;BYMONTH=2;BYMONTHDAY=30", "never comes round"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101T000000", "COUNT and UNTIL are two ways to end"),
        ("FREQ=WEEKLY;BYDAY=2SU", "goes with FREQ=MONTHLY or YEARLY"),
        ("FREQ=DAILY;BYDAY=-1MO", "goes with FREQ=MONTHLY or YEARLY"),
    ],
)
def test_a_rule_that_means_nothing_or_never_ends_is_refused_with_what_is_wrong(
    rule: str, why: str
) -> None:
    with pytest.raises(InputError) as refused:
        Recurrence(rule, datetime(2026, 3, 1, 2), HOUR_S, BERLIN)

    assert why in refused.value.what


def test_at_most_24_times_a_day_are_followed_and_the_25th_must_be_on_the_next() -> None:
    # The first of them is at 02:00, so the 25th comes a day later to the second.
    hourly = "FREQ=DAILY;BYMINUTE=0;BYHOUR=" + ",".join(map(str, range(24)))

    assert len(begins(f"{hourly};COUNT=25", "2026-05-01T02:00")) == 25


@pytest.mark.parametrize("length_s", [0, -1, 32 * DAY_S])
def test_each_time_lasts_something_and_at_most_a_month(length_s: int) -> None:
    with pytest.raises(InputError, match="at most 31 days"):
        Recurrence("FREQ=DAILY", datetime(2026, 3, 1, 2), length_s, BERLIN)


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_first_time_lies_in_a_century_that_can_be_followed(year: int) -> None:
    with pytest.raises(InputError, match="between 2000 and 2100"):
        Recurrence("FREQ=DAILY", datetime(year, 3, 1, 2), HOUR_S, BERLIN)


def test_the_second_sunday_of_a_month_is_one_a_month() -> None:
    # 10 May and 14 June 2026 are second Sundays.
    assert begins("FREQ=MONTHLY;BYDAY=2SU;COUNT=2", "2026-05-01T04:00") == [
        "2026-05-10T02:00Z",
        "2026-06-14T02:00Z",
    ]


def test_a_rule_that_comes_every_leap_day_is_followed() -> None:
    assert begins("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2", "2026-03-01T04:00") == [
        "2028-02-29T03:00Z",
        "2032-02-29T03:00Z",
    ]


def test_a_first_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(InputError, match="wall time"):
        Recurrence("FREQ=DAILY", datetime(2026, 3, 1, 2, tzinfo=UTC), HOUR_S, BERLIN)


@given(st.text(alphabet="FREQ=DAILYWK;BMONTHU0123456789,+-SUCZ ", max_size=60))
def test_any_text_is_a_rule_or_is_refused_in_a_sentence(rule: str) -> None:
    try:
        made = Recurrence("FREQ=WEEKLY;" + rule, datetime(2026, 3, 1, 2), HOUR_S, BERLIN)
    except InputError:
        return
    found = list(made.occurrences(Span(0, at("2056-01-01T00:00Z"))))
    assert found
    assert {one.length_s for one in found} == {HOUR_S}


def test_two_in_the_night_stays_two_in_the_night_when_the_clocks_change() -> None:
    assert begins("FREQ=WEEKLY;BYDAY=SU;COUNT=3", "2026-03-22T04:00") == [
        "2026-03-22T03:00Z",
        "2026-03-29T02:00Z",
        "2026-04-05T02:00Z",
    ]


def test_a_wall_time_that_spring_leaves_out_comes_an_hour_later() -> None:
    assert begins("FREQ=DAILY;COUNT=3", "2026-03-28T02:30") == [
        "2026-03-28T01:30Z",
        "2026-03-29T01:30Z",
        "2026-03-30T00:30Z",
    ]


def test_a_wall_time_that_autumn_repeats_comes_the_first_time() -> None:
    assert begins("FREQ=DAILY;COUNT=2", "2026-10-24T02:30") == [
        "2026-10-24T00:30Z",
        "2026-10-25T00:30Z",
    ]


def test_a_day_that_a_zone_never_had_moves_its_time_to_the_next() -> None:
    """Samoa went from 29 to 31 December 2011: noon of the 30th falls on the 31st."""
    assert begins("FREQ=DAILY;COUNT=3", "2011-12-29T12:00", zone=APIA) == [
        "2011-12-29T22:00Z",
        "2011-12-30T22:00Z",
        "2011-12-30T22:00Z",
    ]


def test_an_end_in_utc_means_the_same_as_its_wall_time() -> None:
    start = "2026-06-01T02:00"

    assert begins("FREQ=DAILY;UNTIL=20260603T000000Z", start) == begins(
        "FREQ=DAILY;UNTIL=20260603T020000", start
    )
    assert len(begins("FREQ=DAILY;UNTIL=20260602T235959Z", start)) == 2


def test_what_began_before_a_span_and_reaches_into_it_is_found() -> None:
    span = Span(at("2026-06-07T00:30:00Z"), at("2026-06-07T00:40:00Z"))

    assert begins("FREQ=DAILY", "2026-06-01T02:00", span=span) == ["2026-06-07T00:00Z"]


@given(st.integers(0, 400), st.integers(1, 40), st.integers(1, 3 * DAY_S))
def test_a_span_finds_of_all_occurrences_those_that_meet_it(
    since_day: int, days: int, length_s: int
) -> None:
    nightly = Recurrence("FREQ=DAILY;INTERVAL=2", datetime(2026, 1, 1, 2), length_s, BERLIN)
    span = Span(nightly.since + since_day * DAY_S, nightly.since + (since_day + days) * DAY_S)

    by_hand = [
        Span(begin, begin + length_s)
        for step in range(300)
        for begin in [at_two(step * 2)]
        if begin < span.until and begin + length_s > span.since
    ]

    assert list(nightly.occurrences(span)) == by_hand


def at_two(days: int) -> int:
    local = datetime(2026, 1, 1, 2) + timedelta(days=days)
    return epoch_s(local.replace(tzinfo=BERLIN))

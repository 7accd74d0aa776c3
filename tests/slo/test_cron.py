"""A schedule comes round exactly when crontab(5) says, whatever a zone does to its clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.cron import Cron
from slo.spans import epoch_s, moment

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/New_York")


def at(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text))


def fires(cron: str, zone: ZoneInfo, since: str, until: str) -> list[str]:
    found, after = [], at(since)
    while (fire := Cron.parse(cron).first_at(after, zone)) is not None and fire < at(until):
        found.append(f"{moment(fire):%Y-%m-%dT%H:%MZ}")
        after = fire + 1
    return found


def test_a_time_that_the_spring_night_leaves_out_comes_once_and_an_hour_later() -> None:
    # 29 March 2026: clocks in Berlin go from 02:00 CET (01:00 UTC) to 03:00 CEST.
    found = fires("30 2 * * *", BERLIN, "2026-03-28T00:00+01:00", "2026-03-31T00:00+02:00")

    assert found == ["2026-03-28T01:30Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z"]


def test_a_time_that_the_autumn_night_repeats_comes_once_and_the_first_time() -> None:
    # 25 October 2026: 02:30 CEST is 00:30 UTC, and 02:30 CET an hour later is 01:30 UTC.
    found = fires("30 2 * * *", BERLIN, "2026-10-24T00:00+02:00", "2026-10-27T00:00+01:00")

    assert found == ["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"]


def test_a_zone_five_hours_and_three_quarters_ahead_has_its_own_mornings() -> None:
    found = fires(
        "0 7 * * mon", ZoneInfo("Asia/Kathmandu"), "2026-11-16T00:00Z", "2026-12-01T00:00Z"
    )

    assert found == ["2026-11-16T01:15Z", "2026-11-23T01:15Z", "2026-11-30T01:15Z"]


@pytest.mark.parametrize("sunday", ["0", "7", "sun"])
def test_sunday_is_nought_and_seven(sunday: str) -> None:
    found = fires(f"0 6 * * {sunday}", ZoneInfo("UTC"), "2026-11-16T00:00Z", "2026-11-24T00:00Z")

    assert found == ["2026-11-22T06:00Z"]


def test_either_of_two_restricted_days_is_enough_as_in_every_crontab() -> None:
    found = fires("0 0 1 * fri", ZoneInfo("UTC"), "2026-11-01T00:00Z", "2026-11-14T00:00Z")

    assert [fire[:10] for fire in found] == ["2026-11-01", "2026-11-06", "2026-11-13"]


def test_ranges_lists_and_steps_mean_what_they_mean_in_a_crontab() -> None:
    cron = Cron.parse("*/20 8-10,22 1-31/15 jan,mar mon-fri")

    assert cron.minutes == {0, 20, 40}
    assert cron.hours == {8, 9, 10, 22}
    assert cron.days == {1, 16, 31}
    assert cron.months == {1, 3}
    assert cron.weekdays == {1, 2, 3, 4, 5}


def test_a_day_that_no_month_has_never_comes_and_a_leap_day_does() -> None:
    now = at("2026-11-22T00:00Z")

    assert Cron.parse("0 0 31 2 *").first_at(now, BERLIN) is None
    assert Cron.parse("0 0 29 2 *").first_at(now, ZoneInfo("UTC")) == at("2028-02-29T00:00Z")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 7 * *", "five fields"),
        ("60 7 * * *", '"60" is no minute: it goes from 0 to 59'),
        ("0 24 * * *", '"24" is no hour'),
        ("0 7 0 * *", '"0" is no day of the month'),
        ("0 7 * 13 *", '"13" is no month'),
        ("0 7 * * monday", '"monday" is no day of the week'),
        ("0 7 * * monday", "its names are sun, mon, tue, wed, thu, fri, sat"),
        ("0 7 * * fri-mon", '"fri-mon" ends before it begins; write "5-7,0-1"'),
        ("50-10 7 * * *", '"50-10" ends before it begins; write "50-59,0-10"'),
        ("0 7 1-32 * *", '"1-32" is no day of the month: it goes from 1 to 31'),
        ("*/0 7 * * *", '"*/0" goes in steps of "0": a step goes from 1 to 59'),
        ("*/99 7 * * *", '"*/99" goes in steps of "99": a step goes from 1 to 59'),
        ("0 */24 * * *", "a step goes from 1 to 23"),
        ("*/x 7 * * *", '"*/x" goes in steps of "x"'),
        ("*/ 7 * * *", '"*/" goes in steps of ""'),
        ("٣ 7 * * *", "is no minute"),
        ("@daily", "five fields"),
    ],
)
def test_a_field_that_means_nothing_is_refused_by_its_name(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Cron.parse(text)


@given(
    st.integers(at("2015-01-01T00:00Z"), at("2035-01-01T00:00Z")),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_a_daily_schedule_comes_once_a_local_day_and_never_further_than_two_days_off(
    since: int, zone_name: str, hour: int, minute: int
) -> None:
    zone = ZoneInfo(zone_name)
    cron = Cron.parse(f"{minute} {hour} * * *")
    first = cron.first_at(since, zone)
    assert first is not None
    second = cron.first_at(first + 1, zone)
    assert second is not None

    assert since <= first <= since + 2 * 86_400
    days = [moment(one).astimezone(zone).date() for one in (first, second)]
    assert days[1] - days[0] == timedelta(days=1)
    assert moment(first).tzinfo is UTC


def test_the_way_out_of_days_that_run_backwards_is_what_was_meant() -> None:
    assert Cron.parse("0 7 * * 5-7,0-1").weekdays == {5, 6, 0, 1}
    assert Cron.parse("*/59 7 * * *").minutes == {0, 59}


def test_a_leap_day_is_waited_for_through_the_century_that_has_none() -> None:
    # 2100 is no leap year: after 2096 the next one is 2104.
    cron = Cron.parse("0 0 29 2 *")

    assert cron.first_at(at("2096-02-29T00:01Z"), ZoneInfo("UTC")) == at("2104-02-29T00:00Z")


@pytest.mark.parametrize(
    ("cron", "day"),
    [
        # From 2 December 2026 on the 1st is a Fri, Mon, Mon and, in April, a Thu (4).
        ("0 0 1 * */2", "2027-04-01"),
        # The 11th, 21st, 31st and 1st are a Fri only on 11 December.
        ("0 0 */10 * fri", "2026-12-11"),
    ],
)
def test_a_kind_of_day_in_steps_restricts_the_other_instead_of_adding_to_it(
    cron: str, day: str
) -> None:
    first = Cron.parse(cron).first_at(at("2026-12-02T00:00Z"), ZoneInfo("UTC"))

    assert first == at(f"{day}T00:00Z")


def test_a_time_that_was_left_out_before_midnight_comes_after_it() -> None:
    # 19 June 2009: clocks in Dhaka go from 23:00 (17:00 UTC) to midnight; half past comes 17:30.
    dhaka = ZoneInfo("Asia/Dhaka")

    first = Cron.parse("30 23 * * *").first_at(at("2009-06-19T17:10Z"), dhaka)

    assert first == at("2009-06-19T17:30Z")


def test_a_later_hour_comes_first_where_clocks_leave_out_more_than_an_earlier_one() -> None:
    # 22 October 2016: clocks in Casey go from 00:00 (16:00 UTC) to 03:00. One and two o'clock
    # come three hours later than they are called: 04:00 (17:00 UTC) and 05:00.
    casey = ZoneInfo("Antarctica/Casey")

    first = Cron.parse("0 1,2,3 * * *").first_at(at("2016-10-21T16:00Z"), casey)

    assert first == at("2016-10-21T16:00Z")


SHIFTS = {
    "Antarctica/Casey": "2016-10-21T16:00Z",
    "Antarctica/Troll": "2026-03-29T01:00Z",
    "Asia/Dhaka": "2009-06-19T17:00Z",
    "Australia/Lord_Howe": "2026-10-03T15:30Z",
    "America/St_Johns": "2010-03-14T03:31Z",
    "Pacific/Apia": "2011-12-30T10:00Z",
}


@given(
    st.sampled_from(sorted(SHIFTS)),
    st.integers(-30 * 60, 30 * 60),
    st.sets(st.integers(0, 23), min_size=1, max_size=6),
    st.sets(st.integers(0, 59), min_size=1, max_size=4),
)
def test_no_wall_time_near_a_shift_of_the_clocks_is_passed_over(
    zone_name: str, minutes_off: int, hours: set[int], minutes: set[int]
) -> None:
    zone, since = ZoneInfo(zone_name), at(SHIFTS[zone_name]) + minutes_off * 60
    fields = (",".join(map(str, sorted(numbers))) for numbers in (minutes, hours))

    first = Cron.parse(f"{' '.join(fields)} * * *").first_at(since, zone)

    day = moment(since).astimezone(zone).replace(hour=0, minute=0, second=0, fold=0)
    walls = (
        (day + timedelta(days=off)).replace(hour=hour, minute=minute)
        for off in range(-3, 4)
        for hour in hours
        for minute in minutes
    )
    assert first == min(wall for wall in map(epoch_s, walls) if wall >= since)

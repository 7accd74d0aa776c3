"""Over which days a measure is compared: half-open local days, own cutovers, nothing after the look."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from told_builders import DAY_S, day, days, metric, migration

from dashboard.config.migration_def import MovedService
from dashboard.views.migration.days import day_range, period_words
from dashboard.views.migration.windows import (
    each_day,
    local_days,
    look_at,
    windows,
)
from slo.days import midnight_of
from slo.spans import Span, epoch_s

BERLIN = ZoneInfo("Europe/Berlin")
AFTER_ALL = day("2027-06-01")


def test_a_measure_of_all_services_is_compared_over_the_periods_as_they_are() -> None:
    one = migration()
    found = windows(one, metric(), AFTER_ALL)

    assert (found.before, found.after) == (one.before, one.after)


def test_nothing_reaches_past_the_look() -> None:
    found = windows(migration(), metric(), day("2026-06-03"))

    assert found.after == days("2026-05-24", "2026-06-03")


def test_before_the_period_after_has_begun_there_is_nothing_to_compare() -> None:
    found = windows(migration(), metric(), day("2026-05-24"))

    assert (found.has_begun, found.is_comparable, found.after.length_s) == (True, False, 0)


def test_before_everything_both_periods_are_empty_and_nothing_fails() -> None:
    found = windows(migration(), metric(), day("2020-01-01"))

    assert (found.before.length_s, found.after.length_s, found.has_begun) == (0, 0, False)


def test_a_look_after_the_planned_one_is_the_planned_one() -> None:
    one = migration()

    assert look_at(one, AFTER_ALL) == one.evaluate_at
    assert look_at(one, one.evaluate_at - 1) == one.evaluate_at - 1


def _moved(settle_s: int = 14 * DAY_S, zone: ZoneInfo = BERLIN) -> MovedService:
    return MovedService(name="checkout", cutover=day("2026-04-20", zone), settle_s=settle_s)


def test_a_moved_service_has_as_many_local_days_around_its_own_cutover() -> None:
    one = migration(
        zone=BERLIN,
        before=days("2025-10-06", "2026-04-06", BERLIN),
        after=days("2026-05-24", "2026-11-22", BERLIN),
        services=(_moved(),),
    )
    found = windows(one, metric(service="checkout"), AFTER_ALL)

    # 182 local days each: before has both changes of the clock, after only the longer day.
    assert found.before == days("2025-10-20", "2026-04-20", BERLIN)
    assert found.after == days("2026-05-04", "2026-11-02", BERLIN)
    assert found.before.length_s == 182 * DAY_S
    assert found.after.length_s == 182 * DAY_S + 3_600


def test_a_settling_time_that_is_no_whole_days_begins_in_the_middle_of_one() -> None:
    one = migration(services=(_moved(36 * 3_600, ZoneInfo("UTC")),))
    found = windows(one, metric(service="checkout"), AFTER_ALL)

    assert found.after.since == day("2026-04-21") + 12 * 3_600
    assert found.after.until == day("2026-10-20")


def test_a_service_without_a_cutover_of_its_own_has_the_migrations_periods() -> None:
    one = migration(services=(MovedService(name="checkout"),))

    assert windows(one, metric(service="checkout"), AFTER_ALL).after == one.after


def test_a_moved_service_after_the_look_is_cut_at_it() -> None:
    one = migration(services=(MovedService(name="checkout", cutover=day("2026-10-01")),))
    found = windows(one, metric(service="checkout"), AFTER_ALL)

    assert found.after == days("2026-10-01", "2026-11-22")


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [("2025-03-29", "2025-03-31", 2), ("2025-10-25", "2025-10-27", 2), ("2025-01-01", "2026-01-01", 365)],
)  # fmt: skip
def test_days_are_local_ones_whatever_the_clock_does(since: str, until: str, count: int) -> None:
    span = days(since, until, BERLIN)

    assert local_days(span, BERLIN) == count == len(each_day(span, BERLIN))


def test_days_touch_and_hold_the_whole_span() -> None:
    span = days("2025-03-28", "2025-04-02", BERLIN)
    found = each_day(span, BERLIN)

    assert [one.length_s for one in found] == [DAY_S, DAY_S, DAY_S - 3_600, DAY_S, DAY_S]
    assert (found[0].since, found[-1].until) == (span.since, span.until)


def test_a_part_of_a_day_is_that_day() -> None:
    noon = epoch_s(datetime(2026, 4, 6, 12, tzinfo=UTC))

    assert each_day(Span(noon, noon + 60), ZoneInfo("UTC")) == (days("2026-04-06", "2026-04-07"),)


def test_midnights_are_of_the_calendar_and_not_of_86400_seconds() -> None:
    assert midnight_of(day("2025-03-30", BERLIN), BERLIN, days=1) == day("2025-03-31", BERLIN)


def test_periods_name_the_last_day_that_counts_in_their_own_zone() -> None:
    span = days("2025-10-06", "2026-04-06", BERLIN)

    assert period_words(span, BERLIN) == "6 Oct 2025 to 5 Apr 2026 (182 d)"
    assert day_range(days("2026-04-06", "2026-04-07", BERLIN), BERLIN) == "6 Apr 2026"

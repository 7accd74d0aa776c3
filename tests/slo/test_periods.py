"""A report is about a whole calendar period of its zone, named so that nobody mixes two up."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from slo.periods import ReportPeriod, last_complete
from slo.spans import epoch_s, moment

BERLIN, KATHMANDU, UTC = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Kathmandu", "UTC"))


def at(text: str) -> int:
    return epoch_s(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("kind", "moment_", "label", "since", "until"),
    [
        ("day", "2026-11-23T07:00Z", "2026-11-22", "2026-11-22T00:00Z", "2026-11-23T00:00Z"),
        ("week", "2026-11-23T00:00Z", "2026-W47", "2026-11-16T00:00Z", "2026-11-23T00:00Z"),
        ("week", "2026-11-22T23:59Z", "2026-W46", "2026-11-09T00:00Z", "2026-11-16T00:00Z"),
        ("month", "2027-01-05T00:00Z", "2026-12", "2026-12-01T00:00Z", "2027-01-01T00:00Z"),
        ("quarter", "2027-01-01T00:00Z", "2026-Q4", "2026-10-01T00:00Z", "2027-01-01T00:00Z"),
        # ISO 8601: 1 January 2027 is a Friday, so its week is the 53rd of 2026.
        ("week", "2027-01-04T00:00Z", "2026-W53", "2026-12-28T00:00Z", "2027-01-04T00:00Z"),
        # And 1 January 2025 is a Wednesday: its week is the first of 2025, and begins in 2024.
        ("week", "2025-01-06T00:00Z", "2025-W01", "2024-12-30T00:00Z", "2025-01-06T00:00Z"),
    ],
)
def test_the_period_is_the_last_that_had_ended(
    kind: str, moment_: str, label: str, since: str, until: str
) -> None:
    period = last_complete(ReportPeriod(kind), UTC, at(moment_))

    assert period.label == label
    assert (period.span.since, period.span.until) == (at(since), at(until))


def test_a_week_in_which_clocks_change_is_an_hour_shorter_or_longer() -> None:
    spring = last_complete(ReportPeriod.WEEK, BERLIN, at("2026-03-30T12:00Z"))
    autumn = last_complete(ReportPeriod.WEEK, BERLIN, at("2026-10-26T12:00Z"))

    assert spring.span.length_s == 7 * 86_400 - 3_600
    assert autumn.span.length_s == 7 * 86_400 + 3_600


def test_a_day_of_kathmandu_begins_at_a_quarter_past_six_in_the_evening_of_utc() -> None:
    period = last_complete(ReportPeriod.DAY, KATHMANDU, at("2026-11-23T07:00Z"))

    assert period.label == "2026-11-22"
    assert moment(period.span.since).isoformat() == "2026-11-21T18:15:00+00:00"


@pytest.mark.parametrize("kind", ReportPeriod)
@pytest.mark.parametrize("zone", [UTC, BERLIN, KATHMANDU], ids=str)
def test_periods_follow_each_other_without_a_hole(kind: ReportPeriod, zone: ZoneInfo) -> None:
    period = last_complete(kind, zone, at("2026-11-23T07:00Z"))

    for _ in range(30):
        assert period.before.span.until == period.span.since
        assert period.before.following == period
        period = period.before

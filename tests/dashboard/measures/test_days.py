"""Local days and whole weeks: every moment in one day, days of 23 and 25 hours, no part of a week."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from delivery_builders import at, span
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.days import days_of
from slo.spans import Span

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
FIRST = at("2000-01-01")


@given(
    since=st.integers(FIRST, FIRST + 10**9),
    length_s=st.integers(0, 400 * 86_400),
    zone=st.sampled_from(ZONES),
)
def test_the_days_of_a_span_hold_every_second_of_it_once(
    since: int, length_s: int, zone: str
) -> None:
    whole = Span(since, since + length_s)
    days = days_of(whole, ZoneInfo(zone))

    spans = days.spans
    assert sum(day.length_s for day in spans) == length_s
    assert len(days) == len(spans) == len(days.begins)
    for day, begins in zip(spans, days.begins, strict=True):
        assert day.length_s > 0
        assert begins <= day.since
    if length_s:
        ends = np.array([whole.since, whole.until - 1])
        assert days.of(ends).tolist() == [0, len(days) - 1]


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [("2026-03-28T23:00", "2026-03-29T22:00", 23), ("2026-10-24T22:00", "2026-10-25T23:00", 25)],
)
def test_a_day_on_which_clocks_change_is_one_day(begin: str, end: str, hours: int) -> None:
    days = days_of(span(begin, end), ZoneInfo("Europe/Berlin"))

    assert (len(days), days.spans[0].length_s) == (1, hours * 3_600)


def test_weeks_are_seven_whole_days_and_what_is_left_is_none() -> None:
    whole = days_of(span("2026-01-01", "2026-01-16"), ZoneInfo("UTC"))
    begun = days_of(span("2026-01-01T01:00", "2026-01-15T23:00"), ZoneInfo("UTC"))
    few = days_of(span("2026-01-01T01:00", "2026-01-08T23:00"), ZoneInfo("UTC"))

    assert [*whole.weeks()] == [slice(0, 7), slice(7, 14)]
    assert [*begun.weeks()] == [slice(1, 8)]
    assert [*few.weeks()] == []

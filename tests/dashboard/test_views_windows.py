"""Several windows of one SLO at once, out of a real store: each by its own zone and length."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, states, steady
from verdict_builders import an_slo, judged, one_judged, stored

from dashboard.views.compliance.windows import windows_block
from dashboard.views.explained.windows import window_steps
from dashboard.views.slos.window_view import WindowView
from slo.indicator import Uptime
from slo.judgement import State
from slo.objective import Slo
from slo.spans import CalendarWindow, Period, RollingWindow, Span, Window, epoch_s, moment

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
WEEK, MONTH = RollingWindow(7 * DAY_S), CalendarWindow(Period.MONTH, UTC)


def several(percent: str, first: Window, *further: Window) -> Slo:
    return replace(an_slo(percent, window=first), further=further)


def beside(url: str, slo: Slo, as_of: int = NOON) -> tuple[WindowView, ...]:
    return one_judged(url, slo, as_of=as_of).further


def local(text: str, zone: ZoneInfo) -> int:
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=zone))


def calendar(period: Period, zone: str) -> CalendarWindow:
    return CalendarWindow(period, ZoneInfo(zone))


def test_nothing_stored_is_not_measured_over_any_window(tmp_path: Path) -> None:
    view = one_judged(stored(tmp_path), several("99", WEEK, MONTH))

    (month,) = view.further
    assert (month.tally, month.sli, month.budget_remaining, month.projected_remaining) == (
        None,
    ) * 4
    assert month.state is State.NO_DATA
    assert [row[2].note for row in windows_block(view).rows] == ["not measured", "not measured"]
    assert dict(window_steps(view))["window month"].endswith(": not measured")


def test_each_window_has_the_figures_that_it_would_have_alone(tmp_path: Path) -> None:
    url = stored(
        tmp_path,
        steady(6 * 1_440, bad=3, since=NOON - 8 * DAY_S),
        steady(2 * 1_440, bad=0, since=NOON - 2 * DAY_S),
    )
    windows = (RollingWindow(DAY_S), WEEK, RollingWindow(30 * DAY_S), MONTH)

    first, *further = windows
    view = one_judged(url, several("99", first, *further))
    alone = judged(url, *(an_slo("99", name=f"{n}", window=one) for n, one in enumerate(further)))

    for one, whole in zip(view.further, alone, strict=True):
        assert (one.span, one.whole, one.tally) == (whole.span, whole.whole, whole.tally)
        assert (one.sli, one.budget_remaining) == (whole.sli, whole.budget_remaining)
        assert (one.projected_remaining, one.coverage) == (
            whole.projected_remaining,
            whole.coverage,
        )
        assert one.budget_left_s == whole.budget_left_s
    assert [one.budget_remaining for one in view.further] == [-Fraction(8, 7), -Fraction(5, 4), 1]


def test_only_the_first_window_decides_what_fires_and_what_is_spent(tmp_path: Path) -> None:
    url = stored(
        tmp_path,
        steady(2 * 1_440, bad=9, since=NOON - 9 * DAY_S),
        steady(7 * 1_440, bad=0, since=NOON - 7 * DAY_S),
    )

    week_first = one_judged(url, several("99", WEEK, RollingWindow(30 * DAY_S)))
    month_first = one_judged(url, several("99", RollingWindow(30 * DAY_S), WEEK))

    assert (week_first.judgement.level.value, month_first.judgement.level.value) == (
        "healthy",
        "spent",
    )
    assert week_first.policy == one_judged(url, an_slo("99", window=WEEK)).policy


def test_partly_elapsed_a_month_says_what_is_left_so_far_and_of_the_whole(tmp_path: Path) -> None:
    """Half a day into January with half of the events' budget spent: 1 - 1/2 x 0.5/31."""
    url = stored(tmp_path, minutes([199] * 720, [200] * 720, since=NOON - 12 * HOUR_S))

    view = one_judged(url, several("99", WEEK, MONTH))

    (month,) = view.further
    assert (month.span, month.whole.length_s) == (Span(NOON - 12 * HOUR_S, NOON), 31 * DAY_S)
    assert (month.budget_remaining, month.projected_remaining) == (
        Fraction(1, 2),
        1 - Fraction(1, 124),
    )
    row = windows_block(view).rows[1]
    assert (row[0].words, row[2].words, row[2].note) == (
        "this month",
        "50 %",
        "99 % of the whole month",
    )
    assert (row[3].words, row[3].note) == ("720", "more failed requests")


def test_what_is_overspent_is_rounded_away_from_zero_and_marked(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([19] * 721, [20] * 721, since=NOON - 721 * 60))

    row = windows_block(one_judged(url, several("99", MONTH, WEEK))).rows[1]

    assert (row[2].words, row[2].mark) == ("−400 %", "spent")
    assert (row[3].words, row[3].note) == ("577", "failed requests too many")


def test_the_arithmetic_of_each_window_is_told_with_its_numbers(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([199] * 720, [200] * 720, since=NOON - 12 * HOUR_S))

    told = dict(window_steps(one_judged(url, several("99", WEEK, MONTH))))

    assert told["window month"] == (
        "1 Jan 00:00 to 1 Jan 2026 12:00 UTC: 1 − bad / total / budget = 1 − 720 / 144,000 / 0.01 "
        "= 0.5"
    )
    assert told["projected month"].startswith(
        "1 − spent × elapsed / period = 1 − 0.5 × 43,200 / 2,678,400 ≈ 0.991935484"
    )


@pytest.mark.parametrize(
    ("window", "at", "begins", "length_h", "allowed_s"),
    [
        (calendar(Period.MONTH, "Europe/Berlin"), "2026-03-20", "2026-02-28T23:00", 743, "1337.4"),
        (calendar(Period.MONTH, "Europe/Berlin"), "2026-10-31", "2026-09-30T22:00", 745, "1341"),
        (
            calendar(Period.QUARTER, "Europe/Berlin"),
            "2026-03-31",
            "2025-12-31T23:00",
            2_159,
            "3886.2",
        ),
        (calendar(Period.YEAR, "Europe/Berlin"), "2026-12-31", "2025-12-31T23:00", 8_760, "15768"),
        (calendar(Period.MONTH, "Asia/Kathmandu"), "2026-02-10", "2026-01-31T18:15", 672, "1209.6"),
        (calendar(Period.WEEK, "Asia/Kathmandu"), "2026-02-10", "2026-02-08T18:15", 168, "302.4"),
        (calendar(Period.MONTH, "Pacific/Apia"), "2011-12-31", "2011-12-01T10:00", 720, "1296"),
        (calendar(Period.WEEK, "Pacific/Apia"), "2011-12-31", "2011-12-26T10:00", 144, "259.2"),
    ],
)
def test_the_minutes_of_a_budget_are_those_between_two_local_midnights(
    tmp_path: Path, window: CalendarWindow, at: str, begins: str, length_h: int, allowed_s: str
) -> None:
    """99.95 % of each: Apia had no 30 Dec 2011, so its last week of that year has six days."""
    noon = local(f"{at}T12:00", window.zone)
    up = states("u" * 25, since=noon - DAY_S, every_s=HOUR_S, valid_s=HOUR_S)
    url = stored(tmp_path, up, indicators=(Uptime("probe", HOUR_S),))
    slo = replace(several("99.95", WEEK, window), indicator=Uptime("probe", HOUR_S))

    (view,) = beside(url, slo, noon)

    assert f"{moment(view.whole.since):%Y-%m-%dT%H:%M}" == begins
    assert view.whole.length_s == length_h * HOUR_S
    assert view.budget_left_s == Fraction(allowed_s)


def test_the_day_that_a_clock_skips_and_the_hour_it_shows_twice_are_counted_once(
    tmp_path: Path,
) -> None:
    """Berlin's 25 Oct 2026 has 25 hours, 29 Mar 2026 has 23, Apia's 29 to 31 Dec 2011 has two days."""
    found = [
        local(until, ZoneInfo(zone)) - local(since, ZoneInfo(zone))
        for zone, since, until in (
            ("Europe/Berlin", "2026-10-25", "2026-10-26"),
            ("Europe/Berlin", "2026-03-29", "2026-03-30"),
            ("Pacific/Apia", "2011-12-29", "2011-12-31"),
            ("Pacific/Apia", "2011-12-29", "2012-01-01"),
        )
    ]

    assert [length // HOUR_S for length in found] == [25, 23, 24, 48]
    since = local("2026-10-25", BERLIN)
    url = stored(tmp_path, steady(25 * 60, bad=1, since=since))
    day_one = several("99", RollingWindow(found[0]), CalendarWindow(Period.MONTH, BERLIN))
    (month,) = beside(url, day_one, since + found[0])
    assert month.tally is not None
    assert month.tally.total == 25 * 60 * 100

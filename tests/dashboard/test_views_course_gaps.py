"""Where a chart of a budget says that nothing was measured."""

from __future__ import annotations

from pathlib import Path

from builders import DAY_S, HOUR_S, NOON, steady
from verdict_builders import an_slo, course_of, stored

from dashboard.views.counted.zoom import Zoom
from slo.indicator import Uptime
from slo.spans import RollingWindow, Span

DAYS_2 = RollingWindow(2 * DAY_S)


def test_an_hour_without_data_is_a_gap_in_which_nothing_is_known(tmp_path: Path) -> None:
    hole = Span(NOON - 2 * HOUR_S, NOON - HOUR_S)
    before = steady(10 * 60, bad=1, since=hole.since - 10 * HOUR_S)
    after = steady(60, bad=1, since=hole.until)
    url = stored(tmp_path, before, after)

    _, course = course_of(url, an_slo("95", window=RollingWindow(6 * HOUR_S)), Zoom.HOURS_3)

    assert course.gaps == (hole,)
    known = dict(course.known)
    assert hole.since in known
    assert not [at for at in known if hole.since + 300 < at <= hole.until]
    assert hole.until + 60 in known


def test_what_was_before_the_first_measurement_is_not_measured(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - HOUR_S))

    _, course = course_of(url, an_slo(window=DAYS_2))

    assert course.gaps == (Span(NOON - 2 * DAY_S, NOON - HOUR_S),)
    assert course.known[0][0] == NOON - HOUR_S + 900


def test_a_silent_source_leaves_a_gap_up_to_the_present(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(24 * 60, bad=1, since=NOON - DAY_S))

    view, course = course_of(url, an_slo("95", window=DAYS_2), Zoom.HOURS_3, as_of=NOON + HOUR_S)

    assert view.stale
    assert course.gaps[-1] == Span(NOON, NOON + HOUR_S)
    assert course.axis.until == NOON + HOUR_S


def test_an_hour_that_was_not_measured_stays_a_gap_while_the_source_is_silent(
    tmp_path: Path,
) -> None:
    before, last = steady(20 * 60, since=NOON - 21 * HOUR_S), steady(20, since=NOON)
    silent = Span(NOON + 1_200, NOON + 3 * HOUR_S)
    view, course = course_of(stored(tmp_path, before, last), an_slo(), as_of=silent.until)

    assert (view.stale, course.grid.step_s) == (True, HOUR_S)
    assert course.gaps[1:] == (Span(NOON - HOUR_S, NOON), silent)


def test_two_minutes_after_a_chart_begins_are_no_gap_where_a_figure_stands_as_it_does(
    tmp_path: Path,
) -> None:
    since = NOON - 3 * HOUR_S
    before, after = steady(10, since=since - 600), steady(178, since=since + 120)
    window = RollingWindow(6 * HOUR_S)
    _, course = course_of(stored(tmp_path, before, after), an_slo(window=window), Zoom.HOURS_3)

    assert course.grid.step_s == 60
    assert course.gaps == ()


def test_what_was_never_measured_has_one_gap_and_no_point(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - HOUR_S))
    other = an_slo(name="other", indicator=Uptime(probe="nothing"))

    _, course = course_of(url, other)

    assert course.known == ()
    assert [gap.length_s for gap in course.gaps] == [30 * DAY_S]
    assert course.cliffs == ()


def test_before_the_first_measurement_even_two_minutes_are_a_gap_and_later_they_are_none(
    tmp_path: Path,
) -> None:
    since = NOON - 3 * HOUR_S
    first, later = steady(60, since=since + 120), steady(116, since=since + 3_840)
    window = RollingWindow(6 * HOUR_S)
    _, course = course_of(stored(tmp_path, first, later), an_slo(window=window), Zoom.HOURS_3)

    assert course.grid.step_s == 60
    assert course.gaps == (Span(since, since + 120),)

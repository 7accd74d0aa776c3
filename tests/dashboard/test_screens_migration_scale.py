"""In which unit a measure is drawn: a clock's steps, the time down, the count of a week, dots."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from drawn_migration import BEFORE, DAY_S, measured, the_mock_up

from dashboard.charts.migration_course import measure_figure
from dashboard.measures.contract import Measured, Unit
from dashboard.views.pages.migration_course import MeasureCourse, course_of
from dashboard.views.rounding import seconds_words

COURSES = the_mock_up().courses


def course(found: Measured, values: list[float | None]) -> MeasureCourse:
    """The course of a measure with these days."""
    page = the_mock_up()
    days = tuple((BEFORE.since + i * DAY_S, value) for i, value in enumerate(values))
    row = replace(page.report.rows[0], measured=replace(found, days=days))
    made = course_of(row, page.told.rows[0], page.report.migration)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("top_s", "ticks"),
    [
        (0.9, ["0 ms", "200 ms", "400 ms", "600 ms", "800 ms"]),
        (50, ["0 s", "15 s", "30 s", "45 s"]),
        (40 * 60, ["0 min", "10 min", "20 min", "30 min", "40 min"]),
        (100 * 3_600, ["0 h", "24 h", "48 h", "72 h", "96 h"]),
        (30 * 86_400, ["0 d", "10 d", "20 d", "30 d"]),
    ],
)
def test_an_axis_of_time_is_parted_as_a_clock_is(top_s: float, ticks: list[str]) -> None:
    made = course(measured(1.0, 1.0, Unit.SECONDS), [1.0, 1.0])

    assert [words for _, words in made.ticks(top_s)] == ticks


def test_uptime_is_drawn_as_the_time_down_that_it_leaves_with_its_own_levels_in_words() -> None:
    made = COURSES["uptime"]

    assert made.title == "Uptime, all services, time down by day"
    assert made.before is not None
    assert math.isclose(made.before.value, 2.88)  # 0.2 % of 1,440 minutes
    assert made.before.words == "before 2.9 min a day, 99.80 %"
    assert made.goal is not None
    assert math.isclose(made.goal.value, 0.72)
    assert made.goal.words == "goal ≤ 43 s a day, ≥ 99.95 %"
    assert made.worded(57.6) == "57.6 min down"


def test_a_rate_is_drawn_as_the_count_of_whole_weeks_and_its_levels_a_week_too() -> None:
    made = COURSES["trains"]
    found = [point for point in made.points if point[1] is not None]

    assert made.title == "Release trains, count a week"
    assert {round(value or 0.0, 6) for _, value in found} == {0.0, 1.0}
    assert all(later - at == 7 * DAY_S for (at, _), (later, _) in pairwise(found))
    assert made.before is not None
    assert made.before.words == "before 0.23 a week, 1.0 a month"
    assert all(float(words).is_integer() for _, words in made.ticks(9.0))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 s"), (0.9, "900 ms"), (7_199.0, "120 min"), (7_200.0, "2 h")]
)
def test_a_length_is_said_in_the_unit_of_its_size(seconds: float, words: str) -> None:
    assert seconds_words(seconds) == words


def test_what_has_a_value_now_and_then_is_drawn_as_dots_that_are_seen() -> None:
    monthly: list[float | None] = [41.2 if i % 30 == 0 else None for i in range(182)]
    made = course(measured(41.2, 45.7, Unit.NUMBER, label="k€"), monthly)

    (dots, *_) = measure_figure(made)["data"]

    assert dots["mode"] == "markers"
    assert dots["marker"]["size"] >= 6
    assert len(dots["y"]) == 7

"""What the chart of one measure draws: its days with their gaps, two levels, the goal, the cutover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from drawn_migration import AFTER, BEFORE, BETWEEN, DAY_S, measured, the_mock_up
from hostile_words import HOSTILE

from dashboard.charts.migration_course import measure_figure
from dashboard.config.migration_def import MovedService
from dashboard.measures.contract import Measured, Unit
from dashboard.views.pages.migration_course import MeasureCourse, course_of
from dashboard.views.pages.migration_words import course_alt
from slo.evidence.comparison import Comparison, Scale, Side

COURSES = the_mock_up().courses


def texts(figure: dict[str, Any]) -> list[str]:
    """The words in the picture."""
    return [
        label["text"].replace("\N{NO-BREAK SPACE}", " ")
        for label in figure["layout"]["annotations"]
    ]


def course(found: Measured, name: str = "api-p95", *, zone: str = "UTC") -> MeasureCourse:
    """The course of a measure with other figures."""
    page = the_mock_up()
    place = [row.metric.id for row in page.report.rows].index(name)
    row = replace(page.report.rows[place], measured=found)
    migration = replace(page.report.migration, zone=ZoneInfo(zone))
    made = course_of(row, page.told.rows[place], migration)
    assert made is not None
    return made


def days(values: Sequence[float | None]) -> tuple[tuple[int, float | None], ...]:
    return tuple((BEFORE.since + i * DAY_S, value) for i, value in enumerate(values))


def test_only_measures_with_values_by_day_can_be_drawn() -> None:
    assert set(COURSES) == {"api-p95", "uptime", "trains", "search"}


@pytest.mark.parametrize("name", COURSES)
def test_the_axis_begins_at_zero_and_holds_all_that_is_drawn(name: str) -> None:
    figure = measure_figure(COURSES[name])

    low, high = figure["layout"]["yaxis"]["range"]
    drawn = [y for trace in figure["data"] for y in trace["y"] if y is not None]
    assert low == 0
    assert max(drawn) <= high
    assert 2 <= len(figure["layout"]["yaxis"]["tickvals"]) <= 6


def test_both_levels_are_drawn_over_their_own_periods_and_named_first() -> None:
    figure = measure_figure(COURSES["api-p95"])

    levels = [trace for trace in figure["data"] if trace.get("hoverinfo") == "skip"]
    assert [(one["x"][0], one["x"][-1], one["y"][0]) for one in levels] == [
        (BEFORE.since * 1_000, BEFORE.until * 1_000, 0.82),
        (AFTER.since * 1_000, AFTER.until * 1_000, 0.49),
    ]
    assert texts(figure)[:2] == ["<b>before 820 ms</b>", "<b>after 490 ms</b>"]


def test_what_is_left_out_is_shaded_and_the_goal_dashed() -> None:
    shapes = measure_figure(COURSES["api-p95"])["layout"]["shapes"]

    (band,) = [shape for shape in shapes if shape["type"] == "rect"]
    (goal,) = [shape for shape in shapes if shape["line"].get("dash") == "dash"]
    assert (band["x0"], band["x1"]) == (BETWEEN.since * 1_000, BETWEEN.until * 1_000)
    assert goal["y0"] == 0.5


def test_a_day_that_was_not_measured_is_a_gap_and_so_is_one_that_is_not_there() -> None:
    there = course(replace(measured(1.0, 1.0, Unit.SECONDS), days=days([1.0, None, 1.0, 1.0])))
    absent = (*days([1.0]), (BEFORE.since + 5 * DAY_S, 1.0), (BEFORE.since + 6 * DAY_S, 1.0))
    gone = course(replace(measured(1.0, 1.0, Unit.SECONDS), days=absent))

    assert [value for _, value in there.points] == [1.0, None, 1.0, 1.0]
    assert [value for _, value in gone.points] == [1.0, None, 1.0, 1.0]
    assert measure_figure(there)["data"][0]["connectgaps"] is False


def test_a_single_measured_day_between_gaps_is_a_dot() -> None:
    made = course(replace(measured(1.0, 1.0, Unit.SECONDS), days=days([1.0, None, 2.0, None])))

    dots = [trace for trace in measure_figure(made)["data"] if trace["mode"] == "markers"]
    assert dots[0]["y"] == [1.0, 2.0]


def test_twenty_years_of_days_become_fifteen_hundred_points_and_no_extreme_is_lost() -> None:
    values: list[float | None] = [1.0 + (i % 7) / 10 for i in range(7_300)]
    values[4_321], values[5_000] = 99.0, None
    made = measure_figure(course(replace(measured(1.0, 1.0, Unit.SECONDS), days=days(values))))

    line = made["data"][0]
    assert len(line["y"]) <= 1_500
    assert max(y for y in line["y"] if y is not None) == 99.0
    assert None in line["y"]
    assert len(line["text"]) == len(line["y"])


def test_one_day_far_above_all_others_is_cut_with_its_value_and_its_day() -> None:
    values = [0.5 + (i % 3) / 100 for i in range(200)]
    values[135] = 5.4  # 135 days after 6 Oct
    made = course(replace(measured(0.5, 0.5, Unit.SECONDS), days=days(values)))

    figure = measure_figure(made)

    assert figure["layout"]["yaxis"]["range"][1] < 1.5
    assert "5.4 s, 18 Feb" in texts(figure)
    assert "highest 5.4 s, 18 Feb" in course_alt(made)
    (mark,) = [t for t in figure["data"] if t.get("marker", {}).get("symbol") == "triangle-up"]
    assert mark["x"] == [(BEFORE.since + 135 * DAY_S) * 1_000]


@pytest.mark.parametrize(("noise", "has_medians"), [(0.02, False), (0.9, True)])
def test_days_too_noisy_for_an_eye_have_the_median_of_each_week(
    noise: float, has_medians: bool
) -> None:
    values = [1.0 + noise * (i % 2) for i in range(70)]
    made = course(replace(measured(1.0, 1.0, Unit.SECONDS), days=days(values)))

    assert len(made.medians) == (10 if has_medians else 0)
    assert ("the median of each week" in made.note) is has_medians


def test_a_measure_without_values_can_be_chosen_and_comes_after_those_that_can_be_drawn() -> None:
    page = the_mock_up()

    assert len(page.choices) == len(page.report.rows)
    assert list(page.choices)[: len(COURSES)] == list(COURSES)


def test_the_days_of_a_zone_stand_at_its_own_dates() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    midnight = BEFORE.since - 2 * 3_600  # summer time
    found = replace(
        measured(1.0, 1.0, Unit.SECONDS), days=((midnight, 1.0), (midnight + DAY_S, 2.0))
    )

    made = course(found, zone=berlin.key)

    assert [at for at, _ in made.points] == [BEFORE.since, BEFORE.since + DAY_S]


def test_a_break_is_drawn_and_named_only_on_the_measures_that_it_is_of() -> None:
    assert "measured anew: the probe moved" in texts(measure_figure(COURSES["uptime"]))
    assert "measured anew" not in "".join(texts(measure_figure(COURSES["api-p95"])))
    assert "the probe moved" in course_alt(COURSES["uptime"])


def test_a_service_with_a_cutover_of_its_own_shows_it() -> None:
    page = the_mock_up()
    row = page.report.rows[0]
    cutover = BETWEEN.since + 20 * DAY_S
    own = replace(page.report.migration, services=(MovedService(name="checkout", cutover=cutover),))
    of_checkout = replace(row, metric=replace(row.metric, service="checkout"))

    made = course_of(of_checkout, page.told.rows[0], own)

    assert made is not None
    assert made.cutover == cutover
    assert made.left_words == "cutover, left out"


def test_a_side_without_an_estimate_has_no_level_and_the_label_of_the_other_stands() -> None:
    none = Comparison(
        before=Side(estimate=None, n=0),
        after=Side(estimate=0.49, n=9),
        scale=Scale.RATIO,
        change=None,
    )
    figure = measure_figure(course(replace(measured(0.82, 0.49, Unit.SECONDS), comparison=none)))

    assert texts(figure)[:2] == ["", "<b>after 490 ms</b>"]


def test_values_that_are_all_zero_make_a_picture() -> None:
    made = course(replace(measured(0.0, 0.0, Unit.NUMBER), days=days([0.0, 0.0])))

    bare_of_a_goal = measure_figure(replace(made, goal=None))

    assert bare_of_a_goal["layout"]["yaxis"]["range"] == [0, 1.0]


@pytest.mark.parametrize("name", HOSTILE)
def test_words_of_a_configuration_are_no_markup_of_the_picture_and_no_longer_than_it_bears(
    name: str,
) -> None:
    made = COURSES["api-p95"]
    assert made.goal is not None
    hostile = replace(made, goal=replace(made.goal, words=name), breaks=((BEFORE.since, name),))

    said = texts(measure_figure(hostile))[2:]

    assert not any("<" in words for words in said)
    assert all(len(words.replace("&lt;", "<").replace("&gt;", ">")) <= 60 for words in said)


def test_the_words_of_the_goal_go_where_no_level_has_its_own() -> None:
    made = COURSES["api-p95"]
    assert made.before is not None
    near = replace(made, before=replace(made.before, value=0.51))

    places = [
        [label["xanchor"] for label in figure["layout"]["annotations"] if "goal" in label["text"]]
        for figure in map(measure_figure, (made, near, COURSES["uptime"]))
    ]

    assert places == [["left"], ["right"], ["left"]]
    assert "goal ≤ 43 s a day, ≥ 99.95 %" in course_alt(COURSES["uptime"])


def test_events_and_outages_are_bars_and_what_has_a_value_each_day_is_a_line() -> None:
    kinds = {name: measure_figure(made)["data"][0]["type"] for name, made in COURSES.items()}

    assert kinds == {
        "api-p95": "scatter",
        "uptime": "bar",
        "trains": "bar",
        "search": "scatter",
    }


def test_between_bars_what_was_not_measured_is_shaded_for_a_bar_of_nothing_is_no_gap() -> None:
    values = [1.0, None, 0.99, None, 1.0]
    found = replace(measured(0.998, 0.9997, Unit.RATIO, is_uptime=True), days=days(values))

    made = course(found, "uptime")

    assert [(hole.since - BEFORE.since) / DAY_S for hole in made.holes] == [0.5, 2.5]
    bands = [x for x in measure_figure(made)["layout"]["shapes"] if x["type"] == "rect"]
    assert len(bands) == 1 + 2
    assert COURSES["api-p95"].holes == ()

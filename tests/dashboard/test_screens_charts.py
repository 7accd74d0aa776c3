"""The pictures as plotly gets them: nothing that was measured is missing, no word is markup."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from page_builders import AS_OF, a_view

from dashboard.charts import plot
from dashboard.charts.budget_course import budget_figure
from dashboard.charts.course import course_figure
from dashboard.views.counted.burning import BadShares, Burning
from dashboard.views.counted.course import CourseView
from dashboard.views.counted.zoom import Grid
from dashboard.views.pages.objective_words import lowest_words
from slo.facts import EventKind, EventRow
from slo.onset import Since
from slo.spans import Span

SPAN = Span(AS_OF - 600, AS_OF)
HOT = {"5m": "25", "1h": "23", "30m": "4", "6h": "4"}


def burning(*shares: float | None) -> Burning:
    """An objective that fires, the shares of its last minutes given."""
    view = a_view(burns=HOT)
    return Burning(
        view=view,
        whole=view,
        onset=Since(SPAN.since + 300),
        fires=None,
        share=None,
        share_s=300,
        short=view.burns[0],
        long=view.burns[0],
        gone_in_s=None,
        course=BadShares(SPAN, 60, shares, ()),
    )


def test_a_minute_alone_between_two_gaps_is_a_dot_in_the_colour_of_its_time() -> None:
    drawn = course_figure(burning(0.0, 0.0, None, 0.25, None, 0.5, 0.5, None, 0.75, None))

    dots = [one for one in drawn["data"] if one["mode"] == "markers"]
    assert [(one["y"], one["marker"]["color"]) for one in dots] == [
        ([0.25], plot.LINE),
        ([0.75], plot.RED),
    ]


def test_a_course_without_a_bad_event_has_an_axis_all_the_same() -> None:
    axis = course_figure(burning(*[0.0] * 10))["layout"]["yaxis"]

    assert axis["tickvals"][0] == 0.0 < axis["tickvals"][1]
    assert axis["range"][0] == 0.0 < axis["range"][1]


def test_the_labels_of_a_course_stand_above_it_on_the_side_where_there_is_room() -> None:
    found = replace(burning(*[0.5] * 10), onset=Since(SPAN.since + 60))

    (label,) = course_figure(found)["layout"]["annotations"]
    assert (label["yref"], label["y"], label["yanchor"]) == ("paper", 1, "bottom")
    assert (label["xanchor"], label["text"]) == ("left", "from 15:33")


def test_the_onset_stands_a_line_above_the_deployments_so_that_they_never_collide() -> None:
    deploy = EventRow(
        kind=EventKind.DEPLOYMENT, key="d", at=SPAN.since + 240, observed_at=AS_OF, fields={}
    )
    alone = course_figure(burning(*[0.5] * 10))["layout"]
    beside = course_figure(replace(burning(*[0.5] * 10), deploys=(deploy,)))["layout"]

    deployed, onset = beside["annotations"]
    line_px = onset["yshift"] - deployed["yshift"]
    assert onset["text"].startswith("from ")
    assert line_px > onset["font"]["size"]
    assert beside["margin"]["t"] == alone["margin"]["t"] + line_px
    assert beside["height"] == alone["height"] + line_px


def test_a_word_is_no_markup_and_its_quotes_are_quotes() -> None:
    assert plot.safe("\"<b>&\u202e'") == "\"&lt;b&gt;&amp;\N{REPLACEMENT CHARACTER}'"


def test_what_never_failed_is_said_to_be_whole_and_the_lowest_has_its_moment_in_utc() -> None:
    view = a_view()
    whole, less = (AS_OF, Fraction(1)), (AS_OF - 3_600, Fraction(99_941, 100_000))

    assert lowest_words(view, [whole, (AS_OF - 60, None)]) == "100 % throughout"
    assert lowest_words(view, [whole, less]) == "lowest 99.941 % at 22 Nov 14:42 UTC"
    assert lowest_words(view, [(AS_OF, None)]) == "not measured"


@pytest.mark.parametrize(
    ("left", "is_below"),
    [
        ([0.5] * 40, False),
        ([0.4] * 39 + [0.5], False),
        ([0.5] * 39 + [0.4], True),
        ([0.5] * 20 + [0.4] * 20, False),
        ([0.5] * 39 + [0.02], False),
        ([0.5] * 30 + [-0.25] + [0.5] * 8 + [0.1], False),
        ([0.5] * 30 + [-0.25] + [0.5] * 8 + [0.2], True),
    ],
)
def test_the_last_points_label_lies_on_no_fall_that_came_down_to_it_nor_on_the_line_of_zero(
    left: list[float], is_below: bool
) -> None:
    points = tuple((AS_OF - (39 - i) * 3_600, one) for i, one in enumerate(left))
    axis = Span(points[0][0], AS_OF)
    course = CourseView(
        grid=Grid(axis, 3_600, 3_600),
        axis=axis,
        points=points,
        shares=(),
        gaps=(),
        cliffs=(),
        now=points[-1],
    )

    label = budget_figure(a_view(), course, ())["layout"]["annotations"][0]

    assert (label["x"], label["y"]) == (AS_OF * 1_000, left[-1])
    assert (label["yshift"] < 0) is is_below

"""The pictures as plotly gets them: nothing that was measured is missing, no word is markup."""

from __future__ import annotations

from dataclasses import replace

from page_builders import AS_OF, a_view

from dashboard.charts import plot
from dashboard.charts.course import course_figure
from dashboard.views.burning import Burning, Course
from slo.onset import Since
from slo.spans import Span

SPAN = Span(AS_OF - 600, AS_OF)
HOT = {"5m": "25", "1h": "23", "30m": "4", "6h": "4"}


def burning(*shares: float | None) -> Burning:
    """An objective that fires, the shares of its last minutes given."""
    view = a_view(burns=HOT)
    return Burning(
        view=view,
        onset=Since(SPAN.since + 300),
        fires=None,
        share=None,
        share_s=300,
        short=view.burns[0],
        long=view.burns[0],
        gone_in_s=None,
        course=Course(SPAN, 60, shares, ()),
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


def test_a_word_is_no_markup_and_its_quotes_are_quotes() -> None:
    assert plot.safe("\"<b>&\u202e'") == "\"&lt;b&gt;&amp;\N{REPLACEMENT CHARACTER}'"

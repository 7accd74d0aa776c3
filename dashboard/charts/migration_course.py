"""How one measure went day by day: both periods' levels drawn, what is left out shaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.charts import plot
from dashboard.charts.migration_labels import FOOT_PX, HEIGHT_PX, TOP_PX, course_labels
from dashboard.charts.plot import Figure
from dashboard.views.pages.migration_course import Level, MeasureCourse, Point
from dashboard.views.pages.migration_scale import Drawn
from slo.thinning import thinned

# Room above the highest value: for the words of a level above bars and dots too.
_ROOM = {Drawn.LINE: 1.14, Drawn.BARS: 1.3, Drawn.DOTS: 1.3}
_DOT_PX = 6
_HOVER = "%{x|%-d %b %Y}  <b>%{text}</b><extra></extra>"
_STOPS = [
    {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
]


def measure_figure(course: MeasureCourse) -> Figure:
    """The values with their gaps, a level for each period, the goal dashed; the axis from zero.

    Of its labels the two levels stand first: a phone has room for no more.
    """
    top = course.most * _ROOM[course.shape] or 1.0
    ticks = course.ticks(top)
    drawn = plot.figure(
        [trace for trace in _traces(course, top) if trace["x"]],
        axis=course.axis,
        ticks=[at for at, _ in ticks],
        height_px=HEIGHT_PX,
        top=top,
        shapes=_shapes(course),
        labels=course_labels(course, top),
    )
    drawn["layout"]["yaxis"] |= {"ticktext": [plot.safe(words) for _, words in ticks]}
    # The year stands once, below the first of its months: so narrow labels fit a phone.
    drawn["layout"]["xaxis"] |= {"tickformatstops": _STOPS, "tickangle": 0}
    drawn["layout"]["margin"] |= {"l": 66, "t": TOP_PX, "b": FOOT_PX}
    return drawn


def _traces(course: MeasureCourse, top: float) -> list[Figure]:
    places = thinned([value for _, value in course.points]).tolist()
    kept = [course.points[place] for place in places]
    levels = [_level(one) for one in course.levels]
    return [*_values(course, kept), *_medians(course), *levels, _cut(course, top)]


def _values(course: MeasureCourse, kept: Sequence[Point]) -> list[Figure]:
    if course.shape is Drawn.BARS:
        return [_told(_bars(kept, course.bar_s), kept, course.worded)]
    if course.shape is Drawn.DOTS:
        known = [point for point in kept if point[1] is not None]
        dots = plot.dots(known, hover=_HOVER)
        dots["marker"] = {**dots["marker"], "size": _DOT_PX, "opacity": 0.85}
        return [_told(dots, known, course.worded)]
    alone = plot.lonely(kept)
    line = _told(plot.line(kept, hover=_HOVER), kept, course.worded)
    if course.medians:
        line["opacity"] = 0.45
    return [line, _told(plot.dots(alone, hover=_HOVER), alone, course.worded)]


def _medians(course: MeasureCourse) -> list[Figure]:
    """The middle of each week where single days say little."""
    trace = plot.line(course.medians, hover=_HOVER)
    texts = _texts(course.medians, lambda value: f"week: {course.worded(value)}")
    return [{**trace, "line": {"color": plot.LINE, "width": 2}, "text": texts}]


def _cut(course: MeasureCourse, top: float) -> Figure:
    """A mark at the upper edge for each value that the axis does not hold."""
    trace = plot.dots([(at, top) for at, _ in course.cut], colour=plot.GREY, hover=_HOVER)
    marker = {**trace["marker"], "symbol": "triangle-up", "size": 9}
    return {
        **trace,
        "marker": marker,
        "cliponaxis": False,
        "text": _texts(course.cut, course.worded),
    }


def _bars(points: Sequence[Point], wide_s: int) -> Figure:
    """A bar for each day or week: what happens now and then is no line."""
    return {
        "type": "bar",
        "x": [at * 1_000 for at, _ in points],
        "y": [value for _, value in points],
        "width": wide_s * 1_000,
        "marker": {"color": plot.LINE, "opacity": 0.75, "line": {"width": 0}},
        "hovertemplate": _HOVER,
        "textposition": "none",
    }


def _told(trace: Figure, points: Sequence[Point], worded: Callable[[float], str]) -> Figure:
    """The trace with each value in words for a pointer."""
    thin = {"line": {**trace["line"], "width": 1.1}} if "line" in trace else {}
    return {**trace, **thin, "text": _texts(points, worded)}


def _texts(points: Sequence[Point], worded: Callable[[float], str]) -> list[str]:
    return ["" if value is None else plot.safe(worded(value)) for _, value in points]


def _level(one: Level) -> Figure:
    ends = [(one.span.since, one.value), (one.span.until, one.value)]
    trace = plot.line(ends, colour=plot.GREY)
    line = {"color": plot.GREY, "width": 2.4}
    return {**trace, "line": line, "hoverinfo": "skip", "hovertemplate": None}


def _shapes(course: MeasureCourse) -> list[Figure]:
    goal = [] if course.goal is None else [plot.level(course.goal.value, plot.GREY, 1.3, "dash")]
    left_out = [] if course.left_out is None else [course.left_out]
    return [
        plot.level(0.0, plot.GREY, 1.4, "solid"),
        *plot.bands([*left_out, *course.holes]),
        *goal,
        *(plot.moment(at) for at, _ in course.breaks),
        *([] if course.cutover is None else [plot.moment(course.cutover)]),
    ]

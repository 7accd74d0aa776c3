"""How one measure went day by day: both periods' levels drawn, what is left out shaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from dashboard.charts import plot
from dashboard.charts.plot import Figure
from dashboard.views.pages.migration_course import Level, MeasureCourse
from dashboard.views.words import cut_words
from slo.spans import Span
from slo.thinning import thinned

_HEIGHT_PX = 264
_MOST_PARTS = 4.5
_STEPS = (1, 2, 2.5, 5, 10)
_HOVER = "%{x|%-d %b %Y}  <b>%{text}</b><extra></extra>"
_STOPS = [
    {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
]
# A label is no longer than this many letters.
_LONGEST = 40
# Room above the highest value, for the words of a level.
_ROOM = 1.12


def measure_figure(course: MeasureCourse) -> Figure:
    """The values with their gaps, a level for each period, the goal dashed; the axis from zero.

    Of its labels the two levels stand first: a phone has room for no more.
    """
    top = _top(course)
    step = _step(top)
    ticks = [step * place for place in range(math.floor(top / step + 1e-9) + 1)]
    drawn = plot.figure(
        [trace for trace in _traces(course) if trace["x"]],
        axis=course.axis,
        ticks=ticks,
        height_px=_HEIGHT_PX,
        top=top,
        shapes=_shapes(course),
        labels=_labels(course),
    )
    drawn["layout"]["yaxis"] |= {"ticktext": [course.ticked(tick) for tick in ticks]}
    # The year stands once, below the first of its months: so narrow labels fit a phone.
    drawn["layout"]["xaxis"] |= {"tickformatstops": _STOPS, "tickangle": 0}
    drawn["layout"]["margin"] |= {"l": 66, "b": 40}
    return drawn


def _step(top: float) -> float:
    """The smallest 1, 2, 2.5 or 5 of a power of ten that parts the axis into few enough."""
    power = 10.0 ** math.floor(math.log10(top / _MOST_PARTS))
    return next(power * one for one in _STEPS if top / (power * one) <= _MOST_PARTS)


def _top(course: MeasureCourse) -> float:
    """The highest of what is drawn, with room above it."""
    known = [value for _, value in course.points if value is not None]
    drawn = [*known, *(one.value for one in course.levels)]
    if course.goal is not None:
        drawn.append(course.goal.value)
    return max(drawn, default=0.0) * _ROOM or 1.0


def _traces(course: MeasureCourse) -> list[Figure]:
    places = thinned([value for _, value in course.points]).tolist()
    kept = [course.points[place] for place in places]
    alone = plot.lonely(kept)
    return [
        _told(plot.line(kept, hover=_HOVER), kept, course.worded),
        _told(plot.dots(alone, hover=_HOVER), alone, course.worded),
        *(_level(one) for one in course.levels),
    ]


def _told(
    trace: Figure, points: Sequence[tuple[int, float | None]], worded: Callable[[float], str]
) -> Figure:
    """The trace with each value in words for a pointer."""
    thin = {"line": {**trace["line"], "width": 1.1}} if "line" in trace else {}
    texts = ["" if value is None else plot.safe(worded(value)) for _, value in points]
    return {**trace, **thin, "text": texts}


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
        *plot.bands(left_out),
        *goal,
        *(plot.moment(at) for at, _ in course.breaks),
        *([] if course.cutover is None else [plot.moment(course.cutover)]),
    ]


def _labels(course: MeasureCourse) -> list[Figure]:
    before, after = course.before, course.after
    said = [_level_label(course, one, other) for one, other in ((before, after), (after, before))]
    if course.left_out is not None:
        middle = (course.left_out.since + course.left_out.until) // 2
        said.append(_above(course.axis, middle, course.left_words))
    if course.goal is not None:
        words = cut_words(course.goal.words, _LONGEST)
        made = plot.label(course.axis.since, course.goal.value, words, right=True, below=None)
        said.append({**made, "yanchor": "bottom"})
    return [*said, *(_above(course.axis, at, words) for at, words in course.breaks)]


def _level_label(course: MeasureCourse, one: Level | None, other: Level | None) -> Figure:
    """The words of a level: at its outer end, on the side that the other level leaves free."""
    if one is None:
        return {**plot.label(course.axis.since, 0.0, "", right=None, below=None), "text": ""}
    below = other is not None and one.value < other.value and one.value > _top(course) / 4
    is_first = one is course.before
    at = one.span.since if is_first else one.span.until
    made = plot.label(at, one.value, one.words, right=is_first, below=below)
    words = f"<b>{plot.safe(cut_words(one.words, _LONGEST))}</b>"
    return {**made, "text": words, "yshift": -20 if below else 20}


def _above(axis: Span, at: int, words: str) -> Figure:
    """A label above the drawing, turned inwards near an edge."""
    place = (at - axis.since) / max(axis.length_s, 1)
    made = plot.label(at, 1, cut_words(words, _LONGEST), right=None, below=None)
    anchor = "left" if place < 1 / 6 else "right" if place > 5 / 6 else "center"
    return {**made, "yref": "paper", "yanchor": "bottom", "xanchor": anchor}

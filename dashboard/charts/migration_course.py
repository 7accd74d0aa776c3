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
# So far from their lines stand the words of a level and of a goal; a line of words is so high.
_LEVEL_PX, _GOAL_PX, _LINE_PX = 20, 12, 18
_TOP_PX, _FOOT_PX = 22, 40
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
    drawn["layout"]["margin"] |= {"l": 66, "t": _TOP_PX, "b": _FOOT_PX}
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
    levels = [_level(one) for one in course.levels]
    if course.bar_s:
        return [_told(_bars(kept, course.bar_s), kept, course.worded), *levels]
    alone = plot.lonely(kept)
    return [
        _told(plot.line(kept, hover=_HOVER), kept, course.worded),
        _told(plot.dots(alone, hover=_HOVER), alone, course.worded),
        *levels,
    ]


def _bars(points: Sequence[tuple[int, float | None]], wide_s: int) -> Figure:
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
        *plot.bands([*left_out, *course.holes]),
        *goal,
        *(plot.moment(at) for at, _ in course.breaks),
        *([] if course.cutover is None else [plot.moment(course.cutover)]),
    ]


def _labels(course: MeasureCourse) -> list[Figure]:
    said = [_level_label(course, one) for one in (course.before, course.after)]
    if course.left_out is not None:
        middle = (course.left_out.since + course.left_out.until) // 2
        said.append(_above(course.axis, middle, course.left_words))
    said += _goal_label(course)
    return [*said, *(_above(course.axis, at, words) for at, words in course.breaks)]


def _goal_label(course: MeasureCourse) -> list[Figure]:
    """The goal's words at the end of its line that a level's leave free; none where both do not."""
    if course.goal is None:
        return []
    pixel = _top(course) / (_HEIGHT_PX - _TOP_PX - _FOOT_PX)
    stands_px = course.goal.value / pixel + _GOAL_PX
    for level, at, right in (
        (course.before, course.axis.since, True),
        (course.after, course.axis.until, False),
    ):
        if (
            level is None
            or abs(level.value / pixel + _shift_px(course, level) - stands_px) > _LINE_PX
        ):
            words = cut_words(course.goal.words, _LONGEST)
            made = plot.label(at, course.goal.value, words, right=right, below=None)
            return [{**made, "yshift": _GOAL_PX}]
    return []


def _shift_px(course: MeasureCourse, one: Level) -> int:
    """The words of a level stand above its line; below it where that is the lower one, with room."""
    other = course.after if one is course.before else course.before
    is_lower = other is not None and one.value < other.value
    return -_LEVEL_PX if is_lower and one.value > _top(course) / 4 else _LEVEL_PX


def _level_label(course: MeasureCourse, one: Level | None) -> Figure:
    """The words of a level at its outer end; empty where it is unknown, to keep their places."""
    if one is None:
        return {**plot.label(course.axis.since, 0.0, "", right=None, below=None), "text": ""}
    is_first = one is course.before
    at = one.span.since if is_first else one.span.until
    made = plot.label(at, one.value, one.words, right=is_first, below=None)
    words = f"<b>{plot.safe(cut_words(one.words, _LONGEST))}</b>"
    return {**made, "text": words, "yshift": _shift_px(course, one)}


def _above(axis: Span, at: int, words: str) -> Figure:
    """A label above the drawing, turned inwards near an edge."""
    place = (at - axis.since) / max(axis.length_s, 1)
    made = plot.label(at, 1, cut_words(words, _LONGEST), right=None, below=None)
    anchor = "left" if place < 1 / 6 else "right" if place > 5 / 6 else "center"
    return {**made, "yref": "paper", "yanchor": "bottom", "xanchor": anchor}

"""How a budget's course looks, and the charts below it: figures as plain dicts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.charts import plot
from dashboard.charts.plot import Figure
from dashboard.views.attribution.falls import Cause
from dashboard.views.counted.course import CourseView
from dashboard.views.counted.quantiles import Quantiles
from dashboard.views.pages.objective_words import mark_words, now_words
from dashboard.views.slos.slo_view import SloView
from slo.objective import duration_text

_ON_A_PHONE = 2
_NO_LABEL: Figure = {
    "text": "",
    "showarrow": False,
    "x": 0,
    "xref": "paper",
    "y": 0,
    "yref": "paper",
}
_TALL_PX, _FLAT_PX = 264, 148
_STEPS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0)
_MOST_TICKS = 6
# A label of an earlier moment than this share of the axis stands to its right.
_EARLY = 0.3
# Of two labels nearer than these shares of width and height one stands lower.
_NEAR, _LEVEL = 0.25, 0.07
# A gap wider than this share of the axis is named; so near the edge its name ends at its middle.
_SEEN, _EDGE = 0.01, 0.05
# A label so near the end stands lower, out of the last point's way.
_LAST = 0.1
# A last point lower than this share of the height has no room for its label below.
_FOOT, _ABOVE_PX, _OFF_PX = 0.1, 12, 16
# Of the height so much is drawn on; a label reaches so far up and down.
_DRAWN_PX, _HALF_PX = 216, 10


def budget_figure(view: SloView, course: CourseView, causes: Sequence[Cause]) -> Figure:
    """The budget left over time: zero drawn, gaps grey, falls labelled, the last point named.

    Labels are hidden by their places: the first is the last point's, the next two are the short
    ones of the deepest falls, for a phone alone; what follows is for a desk.
    """
    floor = min([0.0, *(left for _, left in course.known)])
    step = next((step for step in _STEPS if (1.0 - floor) / step <= _MOST_TICKS), 1.0 - floor)
    lowest = math.floor(floor / step + 1e-9) * step
    traces = [
        plot.dashed(course.even),
        plot.dashed(course.ahead, colour=plot.LINE, dash="dot"),
        plot.line(course.points),
        plot.dots(plot.lonely(course.points)),
        _marks(course, causes),
    ]
    return plot.figure(
        [trace for trace in traces if trace["x"]],
        axis=course.axis,
        ticks=_ticks(lowest, step, 1.0),
        height_px=_TALL_PX,
        top=1.0 + 0.03 * (1.0 - lowest),
        shapes=[*plot.bands(course.gaps), plot.level(0.0, plot.GREY, 1.4, "solid")],
        labels=[
            _now_label(view, course, lowest),
            *_short_labels(course, causes),
            *_labels(course, causes, short=False),
            *_band_label(course),
        ],
    )


def shares_figure(view: SloView, course: CourseView) -> Figure:
    """The SLI of each part of the stretch against the target, whose line is dashed and named."""
    half = course.grid.share_s // 2
    points = [(at + half, None if share is None else float(share)) for at, share in course.shares]
    target = float(view.slo.objective.target)
    floor = min([target, *(share for _, share in points if share is not None)])
    reach = (1.0 - floor) * 1.15
    step = plot.nice(reach / 3)
    lowest = max(0.0, math.floor((1.0 - reach) / step + 1e-9) * step)
    words = f"target {view.objective_percent:f} %"
    return plot.figure(
        [plot.line(points), plot.dots(plot.lonely(points))],
        axis=course.axis,
        ticks=_ticks(lowest, step, 1.0),
        height_px=_FLAT_PX,
        top=1.0 + 0.06 * (1.0 - lowest),
        shapes=[*plot.bands(course.gaps), _threshold(target)],
        labels=[plot.label(course.axis.since, target, words, right=True, below=True)],
    )


def quantiles_figure(found: Quantiles, course: CourseView) -> Figure:
    """The percentile of each part of the stretch, the threshold dashed."""
    known = [value for _, value in found.points if value is not None]
    highest = max([found.threshold_ms, *known]) * 1.1
    step = plot.nice(highest / 3)
    ticks = _ticks(0.0, step, math.ceil(highest / step) * step)
    words = f"threshold {duration_text(found.threshold_ms / 1_000)}"
    # The line begins on one side of the threshold, its words stand on the other.
    over = next(iter(known), 0.0) > found.threshold_ms
    drawn = plot.figure(
        [plot.line(found.points), plot.dots(plot.lonely(found.points))],
        axis=course.axis,
        ticks=ticks,
        height_px=_FLAT_PX,
        top=ticks[-1],
        shapes=[*plot.bands(course.gaps), _threshold(found.threshold_ms)],
        labels=[plot.label(course.axis.since, found.threshold_ms, words, right=True, below=over)],
    )
    drawn["layout"]["yaxis"]["ticktext"] = [duration_text(tick / 1_000) for tick in ticks]
    for trace in drawn["data"]:
        trace["hovertemplate"] = "%{x|%d %b %H:%M} UTC  <b>%{y:.3~g} ms</b><extra></extra>"
    return drawn


def _threshold(value: float) -> Figure:
    """What is promised, dashed over the line: one that runs along it hides it not."""
    return {**plot.level(value, plot.GREY, 1.3, "dash"), "layer": "above"}


def _ticks(lowest: float, step: float, highest: float) -> list[float]:
    return [lowest + step * i for i in range(round((highest - lowest) / step) + 1)]


def _marks(course: CourseView, causes: Sequence[Cause]) -> Figure:
    """A ring on each labelled fall."""
    points = [(cause.cliff.middle, _left_at(course, cause.cliff.middle)) for cause in causes]
    trace = plot.dots([point for point in points if point[1] is not None])
    ring = {"color": "rgba(0,0,0,0)", "size": 7, "line": {"color": plot.LINE, "width": 1.6}}
    # A fall that ends now is whole, over the edge.
    skipped = {"hoverinfo": "skip", "hovertemplate": None, "cliponaxis": False}
    return {**trace, **skipped, "marker": ring}


def _left_at(course: CourseView, moment: int) -> float | None:
    """Where the line stands at a moment: the last known point up to it."""
    before = [left for at, left in course.known if at <= moment]
    return before[-1] if before else None


def _band_label(course: CourseView) -> list[Figure]:
    """The longest gap is named, if it can be seen at all."""
    longest = max(course.gaps, key=lambda gap: gap.length_s, default=None)
    room = course.axis.length_s
    if longest is None or longest.length_s < room * _SEEN:
        return []
    middle = (max(longest.since, course.axis.since) + min(longest.until, course.axis.until)) // 2
    made = plot.label(middle, 0.12, "not measured", right=None, below=None)
    at_edge = course.axis.until - middle < room * _EDGE
    return [{**made, "yref": "paper", "xanchor": "right" if at_edge else "center"}]


def _now_label(view: SloView, course: CourseView, lowest: float) -> Figure:
    """The last point's: above it, or below where the line came down to it just before.

    Where there is no room below, it stands above the label of that fall.
    """
    at, left = course.now or (0, None)
    if left is None:
        return _NO_LABEL
    early = at - course.axis.since < course.axis.length_s * _EARLY
    below = _fell(course) and left - lowest > (1.0 - lowest) * _FOOT and not _on_zero(left, lowest)
    made = plot.label(at, left, "", right=True if early else None, below=below)
    words = f"<b>{plot.safe(now_words(view))}</b>"
    above = _ABOVE_PX + (_OFF_PX if _fell(course) else 0)
    return {**made, "text": words, "yshift": -_OFF_PX if below else above}


def _on_zero(left: float, lowest: float) -> bool:
    """Whether a label below that point would stand on the line of zero, and read as zero."""
    pixel = (1.0 - lowest) / _DRAWN_PX
    return abs(left - _OFF_PX * pixel) < _HALF_PX * pixel


def _fell(course: CourseView) -> bool:
    """Whether the line comes down to its last point within the width of a label."""
    if not course.known:
        return False
    at, left = course.known[-1]
    near = [one for when, one in course.known if at - when < course.axis.length_s * _LAST]
    return max(near) - left > _height(course) * _LEVEL / 3


def _height(course: CourseView) -> float:
    return 1.0 - min([0.0, *(left for _, left in course.known)])


def _short_labels(course: CourseView, causes: Sequence[Cause]) -> list[Figure]:
    """The labels of the deepest falls as a phone has room for them: exactly two."""
    made = _labels(course, causes[:_ON_A_PHONE], short=True)
    return [*made, *([_NO_LABEL] * (_ON_A_PHONE - len(made)))]


def _labels(course: CourseView, causes: Sequence[Cause], *, short: bool) -> list[Figure]:
    """The falls by depth: where the line came from above there is room to the left."""
    made: list[Figure] = []
    height = _height(course)
    for cause in causes:
        at = cause.cliff.middle
        left = _left_at(course, at)
        if left is None:
            continue
        from_start, to_end = at - course.axis.since, course.axis.until - at
        crowded = any(
            abs(at * 1_000 - other["x"]) < course.axis.length_s * 1_000 * _NEAR
            and abs(left - other["y"]) < height * _LEVEL
            for other in made
        )
        lower = crowded or (to_end < course.axis.length_s * _LAST and not _fell(course))
        right = from_start < course.axis.length_s * _EARLY
        words = mark_words(cause, short=short)
        made.append(plot.label(at, left, words, right=right, below=True if lower else None))
    return made

"""How a burn went, minute by minute: a line that keeps its gaps, deployments, the onset."""

from __future__ import annotations

from dashboard.charts import plot
from dashboard.charts.plot import Figure
from dashboard.views.alerts.burning_words import deploy_mark
from dashboard.views.counted.burning import Burning
from dashboard.views.happened.happenings import version_of
from dashboard.views.words import clock_words
from slo.facts import EventRow
from slo.spans import Span

_HEIGHT_PX, _LINE_PX = 230, 15
_HOVER = "%{x|%H:%M} UTC  <b>%{y:.3~p}</b><extra></extra>"
# Labels stand at least this part of the width apart.
_APART = 5
# An axis of shares shows a hundredth of a percent at least.
_LEAST = 1e-4


def course_figure(found: Burning) -> Figure:
    """The figure; of its labels the two that a phone has room for stand first."""
    high = max((share for share in found.course.shares if share is not None), default=0.0)
    step = plot.nice(max(high, _LEAST) * 1.1 / 4)
    labels = _labels(found)
    drawn = plot.figure(
        _lines(found),
        axis=found.course.span,
        ticks=[step * i for i in range(5)],
        height_px=_HEIGHT_PX,
        top=max(high, _LEAST) * 1.1,
        shapes=_shapes(found),
        labels=labels,
    )
    layout, above_px = drawn["layout"], max((one["yshift"] for one in labels), default=0)
    layout["hovermode"] = "x"
    layout["height"] += above_px
    layout["margin"]["t"] += above_px
    return drawn


def _lines(found: Burning) -> list[Figure]:
    """The line, red from the onset on; the two share the minute before it."""
    course, onset = found.course, found.onset
    points = [(course.span.since + i * course.bin_s, one) for i, one in enumerate(course.shares)]
    ends = len(points)
    cut = next((i for i, (at, _) in enumerate(points) if onset and at >= onset.at), ends)
    alone = plot.lonely(points)
    cut_at = points[cut][0] if cut < ends else course.span.until
    parts = (
        plot.line(points[: cut + 1], hover=_HOVER),
        plot.line(points[cut:], colour=plot.RED, hover=_HOVER),
        plot.dots([one for one in alone if one[0] < cut_at], hover=_HOVER),
        plot.dots([one for one in alone if one[0] >= cut_at], colour=plot.RED, hover=_HOVER),
    )
    return [part for part in parts if part["x"]]


def _shapes(found: Burning) -> list[Figure]:
    """What was not measured and the time since the onset, shaded; each deployment a line."""
    span, onset = found.course.span, found.onset
    since = [] if onset is None else [Span(max(onset.at, span.since), span.until)]
    return [
        plot.level(0.0, plot.GREY, 1.0, "solid"),
        *plot.bands([*found.course.holes, *since]),
        *(plot.moment(deploy.at) for deploy in found.deploys),
    ]


def _labels(found: Burning) -> list[Figure]:
    """The suspect and the onset first: a phone shows no more than two.

    The onset stands a line above the deployments, which are often near it.
    """
    span, onset = found.course.span, found.onset
    ordered = sorted(found.deploys, key=lambda one: (one != found.suspect, -one.at))
    kept: list[EventRow] = []
    for deploy in ordered:
        if all(abs(deploy.at - one.at) * _APART > span.length_s for one in kept):
            kept.append(deploy)
    said = [
        _label(span, one.at, deploy_mark(one, version_of(one), found.view.service)) for one in kept
    ]
    if onset is not None and onset.at >= span.since:
        words = f"from {clock_words(onset.at).removesuffix(' UTC')}"
        is_late = (span.until - onset.at) * _APART < 2 * span.length_s
        began = _label(span, span.until if is_late else onset.at, words)
        said[1:1] = [{**began, "yshift": _LINE_PX if kept else 0}]
    return said


def _label(span: Span, at: int, words: str) -> Figure:
    """A label above the drawing, on the side where there is room."""
    is_late = (at - span.since) * 2 > span.length_s
    made = plot.label(at, 1, words, right=not is_late, below=None)
    return {**made, "xshift": 0, "yref": "paper", "yanchor": "bottom"}

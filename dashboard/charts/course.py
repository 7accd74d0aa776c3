"""How a burn went, minute by minute: a line that keeps its gaps, deployments, the onset."""

from __future__ import annotations

from typing import Any

from dashboard.charts.theme import STATES
from dashboard.views.burning import Burning
from dashboard.views.burning_words import course_words, deploy_mark
from dashboard.views.happenings import version_of
from dashboard.views.words import clock_words
from slo.facts import EventRow
from slo.spans import Span

HEIGHT_PX = 230
_GREY = "#8a94a3"
_MS = 1_000
# Labels stand at least this part of the width apart.
_APART = 5


def course_figure(found: Burning) -> dict[str, Any]:
    """The figure, in plotly's own words; what has two names is labelled first."""
    return {"data": _lines(found), "layout": _layout(found)}


def course_alt(found: Burning) -> str:
    """The figure for who cannot see it."""
    return course_words(found)


def _lines(found: Burning) -> list[dict[str, Any]]:
    """The line, red from the onset on; the two share the minute before it."""
    course, onset = found.course, found.onset
    at = [course.span.since + i * course.bin_s for i in range(len(course.shares))]
    percent = [None if share is None else 100 * share for share in course.shares]
    cut = next((i for i, one in enumerate(at) if onset is not None and one >= onset.at), len(at))
    pieces = [(STATES["bar"], slice(0, cut + 1 if cut < len(at) else cut))]
    if cut < len(at):
        pieces.append((STATES["red"], slice(cut, None)))
    return [_line(at[part], percent[part], colour) for colour, part in pieces]


def _line(at: list[int], percent: list[float | None], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [one * _MS for one in at],
        "y": percent,
        "connectgaps": False,
        "line": {"color": colour, "width": 1.6},
        "hovertemplate": "%{x|%H:%M} UTC, %{y:.3g} %<extra></extra>",
        "showlegend": False,
    }


def _layout(found: Burning) -> dict[str, Any]:
    course = found.course
    high = max((share for share in course.shares if share is not None), default=0.0)
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 44, "r": 2, "t": 22, "b": 22},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "x",
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis
        | {
            "type": "date",
            "range": [course.span.since * _MS, course.span.until * _MS],
            "tickformat": "%H:%M",
            "nticks": 7,
            "tickfont": {"size": 12},
        },
        "yaxis": axis
        | {
            "range": [0, max(110 * high, 0.01)],
            "ticksuffix": " %",
            "nticks": 5,
            "tickfont": {"size": 12},
            "showgrid": True,
            "zeroline": True,
            "zerolinecolor": _GREY,
        },
        "shapes": _shapes(found),
        "annotations": _annotations(found),
    }


def _shapes(found: Burning) -> list[dict[str, Any]]:
    until = found.course.span.until
    bands = [_band(hole, 0.16) for hole in found.course.holes]
    if found.onset is not None:
        since = max(found.onset.at, found.course.span.since)
        bands.append(_band(Span(since, until), 0.14))
    return [*bands, *(_mark(deploy) for deploy in found.deploys)]


def _band(span: Span, opacity: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": span.since * _MS,
        "x1": span.until * _MS,
        "y0": 0,
        "y1": 1,
        "fillcolor": _GREY,
        "opacity": opacity,
        "line": {"width": 0},
    }


def _mark(deploy: EventRow) -> dict[str, Any]:
    at = deploy.at * _MS
    line = {"color": _GREY, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "line": line,
    }


def _annotations(found: Burning) -> list[dict[str, Any]]:
    """The suspect and the onset first: a phone shows no more than two."""
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
        said[1:1] = [_label(span, span.until if is_late else onset.at, words, STATES["red"])]
    return said


def _label(span: Span, at: int, words: str, colour: str | None = None) -> dict[str, Any]:
    """A label above the drawing, on the side where there is room."""
    is_late = (at - span.since) * 2 > span.length_s
    said: dict[str, Any] = {
        "x": at * _MS,
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "right" if is_late else "left",
        "text": _plain(words),
        "showarrow": False,
        "font": {"size": 12} | ({"color": colour} if colour else {}),
    }
    return said


def _plain(words: str) -> str:
    """The words without what plotly would read as markup."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

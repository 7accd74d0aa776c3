"""The parts of a plotly figure as plain dicts, in tones that read on both grounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from dashboard.charts.markup import plain
from dashboard.charts.theme import STATES
from slo.spans import Span

Figure = dict[str, Any]
Points = Iterable[tuple[int, float | None]]

LINE, RED, GREY = STATES["bar"], STATES["red"], "#7f8998"
_BAND, _GRID = "rgba(127,137,152,.17)", "rgba(127,137,152,.22)"
_HOVER = "%{x|%d %b %H:%M} UTC  <b>%{y:.1%}</b><extra></extra>"


def figure(  # noqa: PLR0913 - keyword-only: the parts of one picture
    traces: Sequence[Figure],
    *,
    axis: Span,
    ticks: Sequence[float],
    height_px: int,
    top: float,
    shapes: list[Figure],
    labels: list[Figure],
) -> Figure:
    """A picture over a stretch of time: nothing in it moves, and its ground is the page's."""
    still = {"zeroline": False, "fixedrange": True, "title": {"text": ""}}
    upright = {
        **still,
        "range": [ticks[0], top],
        "tickvals": list(ticks),
        "ticktext": [_percent(tick) for tick in ticks],
        "gridcolor": _GRID,
        "tickfont": {"size": 12},
    }
    layout = {
        "height": height_px,
        "margin": {"l": 54, "r": 8, "t": 22, "b": 26, "autoexpand": False},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12},
        "shapes": shapes,
        "annotations": labels,
        "xaxis": {**still, **_flat(axis)},
        "yaxis": upright,
    }
    return {"data": list(traces), "layout": layout}


def _flat(axis: Span) -> Figure:
    """The axis of time, in UTC."""
    return {
        "type": "date",
        "range": [axis.since * 1_000, axis.until * 1_000],
        "showgrid": False,
        "nticks": 7,
        "tickformatstops": _STOPS,
        "ticks": "",
        "tickfont": {"size": 12},
    }


_STOPS = [
    {"dtickrange": [None, 3_600_000 * 12], "value": "%H:%M"},
    {"dtickrange": [3_600_000 * 12, "M1"], "value": "%-d %b"},
    {"dtickrange": ["M1", None], "value": "%b %Y"},
]


def _percent(share: float) -> str:
    """A tick of an axis of shares, with as many decimals as it needs."""
    shown = f"{abs(share) * 100:.4f}".rstrip("0").rstrip(".")
    return f"{'−' if share < 0 and shown != '0' else ''}{shown}\N{NO-BREAK SPACE}%"


def nice(least: float) -> float:
    """The next 1, 2 or 5 of a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * unit for unit in (1, 2, 5, 10) if power * unit >= least * (1 - 1e-9))


def line(points: Points, *, colour: str = LINE, hover: str = _HOVER) -> Figure:
    """A line that keeps its gaps."""
    known = list(points)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [at * 1_000 for at, _ in known],
        "y": [value for _, value in known],
        "connectgaps": False,
        "line": {"color": colour, "width": 1.8},
        "hovertemplate": hover,
    }


def lonely(points: Points) -> list[tuple[int, float | None]]:
    """Known points between two gaps, which no line would show."""
    held = [(0, None), *points, (0, None)]
    return [
        held[i]
        for i in range(1, len(held) - 1)
        if held[i][1] is not None and held[i - 1][1] is None and held[i + 1][1] is None
    ]


def dots(
    points: Sequence[tuple[int, float | None]], *, colour: str = LINE, hover: str = _HOVER
) -> Figure:
    """A dot at each point."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [at * 1_000 for at, _ in points],
        "y": [value for _, value in points],
        "marker": {"color": colour, "size": 4},
        "hovertemplate": hover,
    }


def dashed(
    points: Sequence[tuple[int, float | None]], *, colour: str = GREY, dash: str = "dash"
) -> Figure:
    """A thin broken line: what would be, not what was."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [at * 1_000 for at, _ in points],
        "y": [value for _, value in points],
        "line": {"color": colour, "width": 1.3, "dash": dash},
        "hoverinfo": "skip",
    }


def level(value: float, colour: str, width: float, dash: str) -> Figure:
    """A line across the picture at one value, behind what is drawn."""
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": colour, "width": width, "dash": dash},
        "layer": "below",
    }


def bands(gaps: Sequence[Span]) -> list[Figure]:
    """Grey where nothing was measured."""
    return [
        {
            "type": "rect",
            "yref": "paper",
            "x0": gap.since * 1_000,
            "x1": gap.until * 1_000,
            "y0": 0,
            "y1": 1,
            "fillcolor": _BAND,
            "line": {"width": 0},
            "layer": "below",
        }
        for gap in gaps
    ]


def moment(at: int) -> Figure:
    """A dotted line upright at one moment."""
    return {
        "type": "line",
        "yref": "paper",
        "x0": at * 1_000,
        "x1": at * 1_000,
        "y0": 0,
        "y1": 1,
        "line": {"color": GREY, "width": 1, "dash": "dot"},
    }


def label(at: int, value: float, words: str, *, right: bool | None, below: bool | None) -> Figure:
    """Words beside a point: right or left of it, above, below or level with it."""
    anchor = "right" if right is None or not right else "left"
    shift = {True: 7, False: -7, None: 0}[right]
    return {
        "x": at * 1_000,
        "y": value,
        "text": safe(words),
        "showarrow": False,
        "xanchor": anchor,
        "xshift": shift,
        "yshift": {True: -11, False: 10, None: 0}[below],
        "font": {"size": 12},
    }


def safe(words: str) -> str:
    """Words in which plotly finds no markup of its own."""
    return escape(plain(words), quote=False)

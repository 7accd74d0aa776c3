"""How a backtest looks: the verdict, and when each incident and page was, a lane a kind."""

from __future__ import annotations

from dashboard.charts.markup import Markup, element
from dashboard.charts.plot import GREY, LINE, Figure, figure, safe
from dashboard.views.pages.backtest import BacktestPage, Lane
from dashboard.views.words import duration_words, moment_words

_LANE_PX, _FRAME_PX, _LEFT_PX, _LETTER_PX, _NARROW = 34, 34, 78, 7, 22


def backtest_head(page: BacktestPage) -> Markup:
    """The verdict in a sentence, of which span it speaks, what it is held against."""
    made_up = element("p", element("span", page.generated, class_="made"), class_="fresh")
    fresh = made_up if page.generated else None
    head = element("div", element("h1", page.headline), fresh, class_="bl head")
    return element("div", head, element("p", page.scope, class_="g sub"), class_="bl leaf hero")


def lanes_figure(page: BacktestPage) -> Figure:
    """A lane for what was recorded and one for the pages of each policy, over one axis of time."""
    lanes = page.lanes[::-1]
    drawn = figure(
        [_lane(one, place) for place, one in enumerate(lanes)],
        axis=page.span,
        ticks=[*range(len(lanes))],
        height_px=_FRAME_PX + _LANE_PX * len(lanes),
        top=len(lanes) - 0.5,
        shapes=[],
        labels=[],
    )
    names = [safe(one.name) for one in lanes]
    upright = drawn["layout"]["yaxis"]
    upright |= {"ticktext": names, "range": [-0.5, len(lanes) - 0.5]}
    longest = max(map(len, names))
    left = max(_LEFT_PX, min(longest, _NARROW) * _LETTER_PX + 12)
    drawn["layout"]["xaxis"] |= {"nticks": 5, "tickangle": 0}
    drawn["layout"]["margin"] |= {"l": left, "t": 6}
    return drawn


def _lane(lane: Lane, place: int) -> Figure:
    """Thick strokes from beginning to end; a mark at the beginning keeps a short one visible."""
    at: list[int | None] = []
    said: list[str] = []
    for span in lane.spans:
        words = f"{moment_words(span.since)}, {duration_words(span.length_s)}"
        at += [span.since * 1_000, span.until * 1_000, None]
        said += [words, words, ""]
    colour = LINE if lane.is_alert else GREY
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": at,
        "y": [place if one is not None else None for one in at],
        "text": said,
        "connectgaps": False,
        "line": {"color": colour, "width": 12},
        "marker": {
            "color": colour,
            "size": 12,
            "symbol": "line-ns",
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{text}<extra></extra>",
    }

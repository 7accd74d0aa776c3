"""Which stretch of time a chart shows, and on which bins it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from collectors.store.stored import StoredSeries
from dashboard.views.slos.slo_view import SloView
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, QUARTER_S, WEEK_S
from slo.spans import CalendarWindow, RollingWindow, Span

_POINTS = 1_500
_HOURS = 9_000
_SHARES_S = (
    *(one * MINUTE_S for one in (1, 5, 15, 30)),
    *(one * HOUR_S for one in (1, 3, 6)),
    *(DAY_S, WEEK_S),
)
_SHARES = 180
_FEWEST = 6
# A share of fewer events jumps between all and nothing.
_EVENTS = 20


class Zoom(StrEnum):
    """The stretches that a visitor can ask for."""

    HOURS_3 = "3h"
    HOURS_24 = "24h"
    WINDOW = "window"


_LENGTHS_S = {Zoom.HOURS_3: 3 * HOUR_S, Zoom.HOURS_24: 24 * HOUR_S}


@dataclass(frozen=True, slots=True)
class Grid:
    """The stretch, its ends on bins of `step_s`; `share_s` is the width of one SLI."""

    span: Span
    step_s: int
    share_s: int


def zooms(view: SloView) -> tuple[Zoom, ...]:
    """The stretches shorter than the window so far, and the window itself."""
    length_s = view.span.length_s
    return tuple(one for one in Zoom if _LENGTHS_S.get(one, 0) < length_s)


def grid(view: SloView, zoom: Zoom, stored: Iterable[StoredSeries]) -> Grid:
    """The finest bins that keep the chart readable, that the series have and that fit the window."""
    ids = frozenset(view.series_ids)
    mine = [one for one in stored if one.id in ids]
    length_s = min(_LENGTHS_S.get(zoom, view.span.length_s), view.span.length_s)
    minutes_since = max((one.minutes_since or 0 for one in mine), default=0)
    earliest = view.span.until - length_s - view.span.length_s
    finest = QUARTER_S if minutes_since > earliest else view.bin_s
    step_s = max(one for one in _levels(length_s, finest) if _fits(view, one))
    until = view.span.until - view.span.until % step_s
    since = view.span.since if view.first.is_calendar and zoom is Zoom.WINDOW else until - length_s
    since = min(since - since % step_s, until)
    return Grid(Span(since, until), step_s, _share_s(view, step_s, length_s))


def _share_s(view: SloView, step_s: int, length_s: int) -> int:
    """The narrowest part whose SLI says something, as long as that leaves a line to be drawn."""
    fitting = [s for s in _SHARES_S if s % step_s == 0 and length_s <= s * _SHARES]
    first, *wider = fitting or [_SHARES_S[-1]]
    offered = [first, *(s for s in wider if s * _FEWEST <= length_s)]
    return next((s for s in offered if _events(view, s) >= _EVENTS), offered[-1])


def _events(view: SloView, length_s: int) -> float:
    """How many events so long a part has, by the window's own traffic."""
    if view.tally is None or not view.tally.observed_s:
        return _EVENTS
    return view.tally.total / view.tally.observed_s * view.members * length_s


def _levels(length_s: int, finest: int) -> tuple[int, ...]:
    """The width wished for and the finer ones that will do if it does not fit."""
    wished = next(
        (s for s in (MINUTE_S, QUARTER_S) if s >= finest and length_s <= s * _POINTS), HOUR_S
    )
    if length_s > _HOURS * HOUR_S:
        wished = DAY_S
    return tuple(s for s in (MINUTE_S, QUARTER_S, HOUR_S, DAY_S) if finest <= s <= wished) or (
        finest,
    )


def _fits(view: SloView, step_s: int) -> bool:
    """Whether windows begin on such bins, as far as finer ones would tell it."""
    if step_s <= view.bin_s:
        return True
    match view.slo.window:
        case RollingWindow(length_s=length_s):
            return length_s % step_s == 0
        case CalendarWindow():
            return view.whole.since % step_s == 0
        case _:
            return False

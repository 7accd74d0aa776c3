"""How the budget of one SLO went: read from the store, judged at each moment as it was then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from collectors.store.together import Weighed
from dashboard.views.counted.figures import Origin
from dashboard.views.counted.stretch import Minutes, Stretch
from dashboard.views.counted.zoom import Grid, Zoom, grid
from dashboard.views.slos.slo_view import SloView
from slo.cliffs import Cliff, cliffs
from slo.course import Course
from slo.facts import SeriesKind
from slo.freshness import stale_after_s
from slo.spans import Span, united
from slo.tally import Tally
from slo.thinning import thinned

# A line that falls by so much more or less than a fall weighs now, in shares of it, tells another.
_SEEN = 0.1

Point = tuple[int, float | None]
"""A moment and the share of the budget that was left; None where that is not known."""
Known = tuple[int, float]
"""One of which it is."""
Share = tuple[int, Fraction | None]
"""The first second of a part of the stretch, and its SLI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """The budget left over a stretch, in shares, and the SLI of each part of it.

    For a rolling window each point is what was left of the window before it; for a calendar's
    it is what was left of the whole period's budget, and `even` the line that spends it evenly,
    `ahead` what the pace so far leads to. `gaps` were not measured; `now` is the last point.
    `axis` may reach past `grid`: to the end of the period, or of what is late.
    """

    grid: Grid
    axis: Span
    points: tuple[Point, ...]
    shares: tuple[Share, ...]
    gaps: tuple[Span, ...]
    cliffs: tuple[Cliff, ...]
    now: Known | None = None
    even: tuple[Known, ...] = ()
    ahead: tuple[Known, ...] = ()

    @property
    def known(self) -> tuple[Known, ...]:
        """The points that are known."""
        return tuple((at, left) for at, left in self.points if left is not None)


def course_view(
    reader: Minutes, view: SloView, zoom: Zoom, origin: Origin | None = None
) -> CourseView:
    """The course over the stretch, and its last point as the view has it."""
    bins = grid(view, zoom, reader.series(view.slo.source or None, SeriesKind.TALLY))
    stretch = Stretch.read(reader, view, bins, _held_s(view, origin))
    line, now = stretch.course(), _now(view)
    return CourseView(
        grid=bins,
        axis=_axis(stretch, zoom),
        points=_points(view, line, now),
        shares=_shares(stretch),
        gaps=_gaps(stretch),
        cliffs=_falls(stretch, _to_now(stretch, line, now)),
        now=now,
        even=_even(view),
        ahead=_ahead(view, now),
    )


def _held_s(view: SloView, origin: Origin | None) -> int:
    """How long the last figure stands while nothing comes: until it would be called stale."""
    every_s = 0 if origin is None else origin.every_s
    return stale_after_s(every_s, bin_s=view.bin_s)


def _axis(stretch: Stretch, zoom: Zoom) -> Span:
    view, span = stretch.view, stretch.grid.span
    until = max(span.until, view.span.until)
    if zoom is Zoom.WINDOW and view.whole.until > until:
        return Span(span.since, view.whole.until)
    return Span(span.since, max(until, view.as_of) if view.stale else until)


def _now(view: SloView) -> Known | None:
    """The last point, exactly as the strip of figures has it."""
    left = view.first.of_whole
    return None if left is None else (view.span.until, float(left))


def _even(view: SloView) -> tuple[Known, ...]:
    if not view.first.is_calendar:
        return ()
    return (view.whole.since, 1.0), (view.whole.until, 0.0)


def _ahead(view: SloView, now: Known | None) -> tuple[Known, ...]:
    """At the pace so far the whole period ends with what is left of the events so far."""
    if now is None or view.projected_remaining is None or view.budget_remaining is None:
        return ()
    return now, (view.whole.until, float(view.budget_remaining))


def _points(view: SloView, line: Course, now: Known | None) -> tuple[Point, ...]:
    pairs: list[Point] = [*zip(line.at.tolist(), line.points, strict=True)]
    if view.first.is_calendar and pairs[0][0] == view.whole.since:
        pairs[0] = (view.whole.since, 1.0)
    if now is not None:
        pairs = [*(pair for pair in pairs if pair[0] < now[0]), now]
    return tuple(pairs[place] for place in thinned([left for _, left in pairs]).tolist())


def _to_now(stretch: Stretch, line: Course, now: Known | None) -> Course:
    """The course up to the last point: its share of what was spent is that of the bad events."""
    begun, tally = stretch.begun, stretch.view.tally
    if now is None or begun is None or tally is None:
        return line
    spent = (1.0 - now[1]) * begun.bad / tally.bad if tally.bad else 0.0
    return line.to(now[0], now[1], spent)


def _falls(stretch: Stretch, line: Course) -> tuple[Cliff, ...]:
    """The falls by what their bad events weigh now, as in the attribution: the deepest first.

    While a history is young the line falls by more than that: there were fewer events then, and
    the fall says so.
    """
    view = stretch.view
    falls = cliffs(line, view.whole.length_s)
    if view.tally is None or not view.tally.total:
        return falls
    edges = np.array([(fall.since, fall.until) for fall in falls], np.int64).reshape(-1, 2)
    bad, _ = stretch.counted.up_to(edges)
    shares = (np.diff(bad)[:, 0] * _weight(view, view.tally)).tolist()
    found = (_as_of_now(fall, share) for fall, share in zip(falls, shares, strict=True))
    return tuple(sorted(found, key=lambda one: -one.share))


def _weight(view: SloView, tally: Tally) -> float:
    """The share of the budget that a bad event takes; of a calendar's, of the whole period's."""
    weight = 1 / (tally.total * float(view.slo.objective.error_budget))
    if view.projected_remaining is None:
        return weight
    return weight * view.span.length_s / view.whole.length_s


def _as_of_now(fall: Cliff, share: float) -> Cliff:
    """The fall as a share of the budget of now, and what the line fell by where one sees that."""
    is_seen = abs(fall.share - share) > share * _SEEN
    return replace(fall, share=share, drawn=fall.share if is_seen else None)


def _shares(stretch: Stretch) -> tuple[Share, ...]:
    """The SLI of each part of the stretch; None where nothing happened in it."""
    share_s, since, until = stretch.grid.share_s, stretch.grid.span.since, stretch.view.span.until
    edges = np.arange(since - since % share_s, until + share_s, share_s, dtype=np.int64)
    if isinstance(stretch.view.together, Weighed):
        return _weighed_shares(stretch, edges.tolist())
    bad, total = (np.diff(sums).tolist() for sums in stretch.counted.up_to(edges))
    return tuple(
        (at, Tally(good=all_of - failed, total=all_of).sli)
        for at, failed, all_of in zip(edges[:-1].tolist(), bad, total, strict=True)
    )


def _weighed_shares(stretch: Stretch, edges: Sequence[int]) -> tuple[Share, ...]:
    """The same of a weighted burn: in each part every member has its whole weight."""
    view = stretch.view
    spans = [Span(at, min(end, view.span.until)) for at, end in pairwise(edges)]
    tallies = stretch.counts.tallies(view.together, spans)
    return tuple(
        (span.since, None if tally is None else tally.sli)
        for span, tally in zip(spans, tallies, strict=True)
    )


def _gaps(stretch: Stretch) -> tuple[Span, ...]:
    """The stretches in which nothing was measured for longer than a figure stands.

    What is late is the last of them, up to the present.
    """
    view = stretch.view
    late = [Span(view.span.until, view.as_of)] if view.stale else []
    return united([*_holes(stretch), *late])


def _holes(stretch: Stretch) -> Iterator[Span]:
    """Those between bins; before the first measurement no figure stands at all."""
    span, at = stretch.grid.span, stretch.entering.at
    begins, ends = [*at.tolist(), span.until], (at + stretch.grid.step_s).tolist()
    yield Span(span.since, max(span.since, begins[0]))
    for ended, begun in zip(ends, begins[1:], strict=True):
        since = max(ended, span.since)
        if begun > since and begun - ended > stretch.held_s:
            yield Span(since, begun)

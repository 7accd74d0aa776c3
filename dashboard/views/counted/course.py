"""How the budget of one SLO went: read from the store, judged at each moment as it was then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

import numpy as np

from collectors.store.stored import HasSeries
from collectors.store.together import Together, Weighed, Weight
from collectors.store.windows import WindowAsk
from dashboard.views.counted.corrected import Columns, under
from dashboard.views.counted.figures import Origin
from dashboard.views.counted.zoom import Grid, Zoom, grid
from dashboard.views.slos.slo_view import SloView
from slo.cliffs import Cliff, cliffs
from slo.course import Course, Sliding, Steps, course, weighed
from slo.facts import SeriesKind
from slo.freshness import stale_after_s
from slo.spans import CalendarWindow, Span
from slo.tally import Tally
from slo.thinning import thinned

# A line that falls by so much more or less than a fall weighs now, in shares of it, tells another.
_SEEN = 0.1

Point = tuple[int, float | None]
"""A moment and the share of the budget that was left."""
Share = tuple[int, Fraction | None]
"""The first second of a part of the stretch, and its SLI."""


class Minutes(HasSeries, Protocol):
    """The part of the store's reader that courses are made of."""

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """The tally of each ask over each of its spans."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> Columns:
        """The bins of one level in a span."""


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
    now: Point | None = None
    even: tuple[Point, ...] = ()
    ahead: tuple[Point, ...] = ()

    @property
    def known(self) -> tuple[tuple[int, float], ...]:
        """The points that are known."""
        return tuple((at, left) for at, left in self.points if left is not None)


def course_view(
    reader: Minutes, view: SloView, zoom: Zoom, origin: Origin | None = None
) -> CourseView:
    """The course over the stretch, and its last point as the view has it."""
    stretch = grid(view, zoom, reader.series(view.slo.source or None, SeriesKind.TALLY))
    held_s = _held_s(view, origin)
    begin = _begin(view, stretch, held_s)
    entering = _bins(reader, view, stretch.step_s, Span(begin, stretch.span.until))
    gone = _gone(reader, view, stretch, entering, held_s)
    now, begun = _now(view), _begun(reader, view, stretch)
    counted = _with(entering, stretch, begun)
    falls = cliffs(_to_now(view, gone, now, begun), view.whole.length_s)
    return CourseView(
        grid=stretch,
        axis=_axis(view, stretch, zoom),
        points=_points(view, gone, now),
        shares=_shares(reader, view, stretch, counted),
        gaps=_gaps(view, entering, stretch, held_s),
        cliffs=_weighed(view, falls, counted),
        now=now,
        even=_even(view),
        ahead=_ahead(view, now),
    )


def _held_s(view: SloView, origin: Origin | None) -> int:
    """How long the last figure stands while nothing comes: until it would be called stale."""
    every_s = 0 if origin is None else origin.every_s
    return stale_after_s(every_s, bin_s=view.bin_s)


def _begin(view: SloView, stretch: Grid, held_s: int) -> int:
    """Where reading begins: early enough to know what the first point stands on."""
    begin = stretch.span.since - held_s
    begin -= begin % stretch.step_s
    fixed = isinstance(view.slo.window, CalendarWindow)
    return max(begin, min(view.span.since, stretch.span.since)) if fixed else begin


def _bins(reader: Minutes, view: SloView, step_s: int, span: Span) -> Steps:
    """The bins that were measured, corrected as the SLO has it: a correction is no hole."""
    rows = reader.tally_rows(view.together_in_bins, step_s, span)
    counts = under(rows, view.slo.treatment)
    measured = (rows.observed_s > 0) | (counts.total > 0)
    return Steps(step_s, rows.at[measured], counts.good[measured], counts.total[measured])


def _gone(reader: Minutes, view: SloView, stretch: Grid, entering: Steps, held_s: int) -> Course:
    """The course of what its series say together; of a weighted burn those of the members."""
    if not isinstance(view.together, Weighed):
        return _course(reader, view, stretch, entering, held_s)
    span, weights = Span(_begin(view, stretch, held_s), stretch.span.until), view.together.weights
    each = []
    for member in _weighed_members(view, weights):
        bins = _bins(reader, member, stretch.step_s, span)
        each.append(_gone(reader, member, stretch, bins, held_s))
    return weighed(each, [one.share for one in weights])


def _weighed_members(view: SloView, weights: Sequence[Weight]) -> Iterator[SloView]:
    """The view as each part of a weighted burn would have it, with its counts of the window."""
    counted = view.tally.weighed if view.tally is not None else [None] * len(weights)
    for one, of in zip(weights, counted, strict=True):
        first = replace(view.first, tally=None if of is None else of.tally)
        yield replace(view, together=one.part, members=one.expected, first=first)


def _course(reader: Minutes, view: SloView, stretch: Grid, entering: Steps, held_s: int) -> Course:
    begin = _begin(view, stretch, held_s)
    fixed = isinstance(view.slo.window, CalendarWindow)
    length_s = view.whole.length_s
    base = Span(min(view.whole.since, begin), begin) if fixed else Span(begin - length_s, begin)
    ((before,),) = reader.windows([WindowAsk(view.together_in_bins, (base,))])
    held = Tally() if before is None else before.under(view.slo.treatment)
    nothing = Steps(stretch.step_s, *(np.zeros(0, kind) for kind in (np.int64, float, float)))
    leaving = (
        nothing
        if fixed
        else _bins(
            reader, view, stretch.step_s, Span(begin - length_s, stretch.span.until - length_s)
        )
    )
    moments = np.arange(stretch.span.since, stretch.span.until + 1, stretch.step_s, dtype=np.int64)
    sliding = Sliding(
        held.bad,
        held.total,
        observed_s=held.observed_s // view.members,
        length_s=None if fixed else length_s,
        since=view.whole.since,
        whole_s=length_s,
    )
    return course(view.slo.objective, moments, sliding, entering, leaving, held_s)


def _begun(reader: Minutes, view: SloView, stretch: Grid) -> Tally | None:
    """What was counted since the grid's last bin; a bin that has only begun is none of it."""
    since, until = stretch.span.until, view.span.until
    if since >= until:
        return None
    ((read,),) = reader.windows([WindowAsk(view.together_in_bins, (Span(since, until),))])
    tally = None if read is None else read.under(view.slo.treatment)
    return tally if tally is not None and (tally.total or tally.observed_s) else None


def _with(entering: Steps, stretch: Grid, begun: Tally | None) -> Steps:
    if begun is None:
        return entering
    return entering.with_last(stretch.span.until, begun.good, begun.total)


def _to_now(view: SloView, gone: Course, now: Point | None, begun: Tally | None) -> Course:
    """The course up to the last point: its share of what was spent is that of the bad events."""
    if now is None or now[1] is None or begun is None or view.tally is None:
        return gone
    bad = view.tally.bad
    spent = (1.0 - now[1]) * begun.bad / bad if bad else 0.0
    return gone.to(now[0], now[1], spent)


def _weighed(view: SloView, falls: Sequence[Cliff], counted: Steps) -> tuple[Cliff, ...]:
    """The falls by what their bad events weigh now, as in the attribution: the deepest first.

    While a history is young the line falls by more than that: there were fewer events then, and
    the fall says so.
    """
    tally = view.tally
    if tally is None or not tally.total:
        return tuple(falls)
    weight = 1 / (tally.total * float(view.slo.objective.error_budget))
    if view.projected_remaining is not None:
        weight *= view.span.length_s / view.whole.length_s
    edges = np.array([(fall.since, fall.until) for fall in falls], np.int64).reshape(-1, 2)
    bad, _ = counted.up_to(edges)
    shares = (np.diff(bad)[:, 0] * weight).tolist()
    found = (_today(fall, share) for fall, share in zip(falls, shares, strict=True))
    return tuple(sorted(found, key=lambda one: -one.share))


def _today(fall: Cliff, share: float) -> Cliff:
    """The fall as a share of the budget of now, and what the line fell by where one sees that."""
    is_seen = abs(fall.share - share) > share * _SEEN
    return replace(fall, share=share, drawn=fall.share if is_seen else None)


def _now(view: SloView) -> Point | None:
    """The last point, exactly as the strip of figures has it."""
    projected = view.projected_remaining
    left = view.budget_remaining if projected is None else projected
    return None if left is None else (view.span.until, float(left))


def _even(view: SloView) -> tuple[Point, ...]:
    if not isinstance(view.slo.window, CalendarWindow):
        return ()
    return (view.whole.since, 1.0), (view.whole.until, 0.0)


def _ahead(view: SloView, now: Point | None) -> tuple[Point, ...]:
    """At the pace so far the whole period ends with what is left of the events so far."""
    if now is None or view.projected_remaining is None or view.budget_remaining is None:
        return ()
    return now, (view.whole.until, float(view.budget_remaining))


def _points(view: SloView, gone: Course, now: Point | None) -> tuple[Point, ...]:
    pairs: list[Point] = [*zip(gone.at.tolist(), gone.points, strict=True)]
    if isinstance(view.slo.window, CalendarWindow) and pairs[0][0] == view.whole.since:
        pairs[0] = (view.whole.since, 1.0)
    if now is not None:
        pairs = [*(pair for pair in pairs if pair[0] < now[0]), now]
    return tuple(pairs[place] for place in thinned([left for _, left in pairs]).tolist())


def _axis(view: SloView, stretch: Grid, zoom: Zoom) -> Span:
    until = max(stretch.span.until, view.span.until)
    if zoom is Zoom.WINDOW and view.whole.until > until:
        return Span(stretch.span.since, view.whole.until)
    return Span(stretch.span.since, max(until, view.as_of) if view.stale else until)


def _shares(reader: Minutes, view: SloView, stretch: Grid, entering: Steps) -> tuple[Share, ...]:
    """The SLI of each part of the stretch; None where nothing happened in it."""
    since, until = stretch.span.since - stretch.span.since % stretch.share_s, view.span.until
    edges = np.arange(since, until + stretch.share_s, stretch.share_s, dtype=np.int64)
    if isinstance(view.together, Weighed):
        return _weighed_shares(reader, view, edges.tolist())
    bad, total = (np.diff(sums).tolist() for sums in entering.up_to(edges))
    return tuple(
        (at, Tally(good=all_of - failed, total=all_of).sli)
        for at, failed, all_of in zip(edges[:-1].tolist(), bad, total, strict=True)
    )


def _weighed_shares(reader: Minutes, view: SloView, edges: Sequence[int]) -> tuple[Share, ...]:
    """The same of a weighted burn: in each part every member has its whole weight."""
    until = view.span.until
    spans = tuple(Span(at, max(at, min(end, until))) for at, end in pairwise(edges))
    (found,) = reader.windows([WindowAsk(view.together, spans)])
    tallies = (None if one is None else one.under(view.slo.treatment) for one in found)
    return tuple(
        (span.since, None if tally is None else tally.sli)
        for span, tally in zip(spans, tallies, strict=True)
    )


def _gaps(view: SloView, entering: Steps, stretch: Grid, held_s: int) -> tuple[Span, ...]:
    """The stretches in which nothing was measured for longer than a figure stands.

    Before the first measurement none stands at all.
    """
    span = stretch.span
    ends = [span.since, *(entering.at + stretch.step_s).tolist()]
    begins = [*entering.at.tolist(), span.until]
    holes = [
        Span(max(ended, span.since), begun)
        for ended, begun in zip(ends, begins, strict=True)
        if begun > max(ended, span.since) and (ended == span.since or begun - ended > held_s)
    ]
    if not view.stale:
        return tuple(holes)
    return (*(one for one in holes if one.until < span.until), Span(view.span.until, view.as_of))

"""The counts of an SLO's window in quarter hours, cut to the window, as corrections leave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from collectors.store.widths import MINUTE_S, QUARTER_S, floor
from collectors.store.windows import WindowAsk
from dashboard.views.counted.corrected import under
from dashboard.views.counted.stretch import Minutes
from dashboard.views.slos.slo_view import SloView
from slo.claims import Counted
from slo.spans import Span
from slo.tally import Tally

_Parts = list[tuple[int, int, float, float]]
"""First second, end, bad and all events of each bin."""


def quarters(
    reader: Minutes,
    view: SloView,
    *,
    before_s: int = 0,
    begun: Iterable[int] = (),
    ended: Iterable[int] = (),
) -> Counted:
    """The window and so many whole quarter hours before it.

    The first and the last of the window hold no more than lies within it, so that all of them
    sum to the counts of the view. Those in which something had `begun` or `ended` are cut there,
    by the minute; where minutes are not kept, all of a quarter hour counts from the last that had
    begun in it.
    """
    since, until = view.span.since, view.span.until
    first, last = floor(since, QUARTER_S), floor(until, QUARTER_S)
    rows = reader.tally_rows(view.together_in_bins, QUARTER_S, Span(first - before_s, until))
    counts = under(rows, view.slo.treatment)
    bad, total = counts.bad.copy(), counts.total.copy()
    for quarter in (first, last):
        inside = Span(quarter, quarter + QUARTER_S).clipped_to(view.span)
        place = np.flatnonzero(rows.at == quarter)
        if 0 < inside.length_s < QUARTER_S and len(place):
            cut = _tally(reader, view, inside)
            bad[place], total[place] = cut.bad, cut.total
    whole = Counted(rows.at, rows.at + QUARTER_S, bad, total)
    return _cut(reader, view, whole, _moments(begun), _moments(ended))


def _tally(reader: Minutes, view: SloView, span: Span) -> Tally:
    """The counts of a part of a quarter hour."""
    ((tally,),) = reader.windows([WindowAsk(view.together_in_bins, (span,))])
    return (tally or Tally()).under(view.slo.treatment)


def _moments(at: Iterable[int]) -> Mapping[int, list[int]]:
    """The minutes within each quarter hour, not at its beginning."""
    found: dict[int, list[int]] = {}
    for moment in sorted({floor(one, MINUTE_S) for one in at}):
        if moment % QUARTER_S:
            found.setdefault(floor(moment, QUARTER_S), []).append(moment)
    return found


def _cut(
    reader: Minutes,
    view: SloView,
    whole: Counted,
    begun: Mapping[int, list[int]],
    ended: Mapping[int, list[int]],
) -> Counted:
    """The quarter hours with parts in the place of those in which something begins or ends."""
    split = np.isin(whole.at, [*begun, *ended])
    if not split.any():
        return whole
    rows: _Parts = []
    for place in np.flatnonzero(split).tolist():
        at, counts = int(whole.at[place]), (float(whole.bad[place]), float(whole.total[place]))
        minutes = _minutes(reader, view, at, counts)
        edges = sorted({*begun.get(at, ()), *ended.get(at, ())})
        rows += _apart(at, edges, minutes) if minutes else _from(at, begun.get(at, ()), counts)
    table = np.array(rows, np.float64)
    columns = [whole.at, whole.until, whole.bad, whole.total]
    begins, ends, bad, total = (
        np.concatenate([column[~split], table[:, number]]) for number, column in enumerate(columns)
    )
    order = np.argsort(begins, kind="stable")
    begins, ends = (moments[order].astype(np.int64) for moments in (begins, ends))
    return Counted(begins, ends, bad[order], total[order])


def _minutes(
    reader: Minutes, view: SloView, at: int, counts: tuple[float, float]
) -> Sequence[tuple[int, float, float]]:
    """The minutes of a quarter hour that count; none where they do not come to what it holds."""
    span = Span(at, at + QUARTER_S)
    inside = span.clipped_to(view.span)
    if not inside.length_s:
        inside = span
    rows = reader.tally_rows(view.together_in_bins, MINUTE_S, inside)
    found = under(rows, view.slo.treatment)
    if not np.allclose((found.bad.sum(), found.total.sum()), counts):
        return ()
    return tuple(zip(rows.at.tolist(), found.bad.tolist(), found.total.tolist(), strict=True))


def _apart(
    at: int, edges: Sequence[int], minutes: Sequence[tuple[int, float, float]]
) -> Iterator[tuple[int, int, float, float]]:
    """The parts between the edges, each with its minutes."""
    ends = [*edges, at + QUARTER_S]
    for since, until in zip([at, *edges], ends, strict=True):
        mine = [one for one in minutes if since <= one[0] < until]
        yield since, until, sum(bad for _, bad, _ in mine), sum(total for *_, total in mine)


def _from(
    at: int, begun: Sequence[int], counts: tuple[float, float]
) -> Iterator[tuple[int, int, float, float]]:
    """All of it from the last moment at which something had begun."""
    first = max(begun, default=at)
    if first > at:
        yield at, first, 0.0, 0.0
    yield first, at + QUARTER_S, *counts

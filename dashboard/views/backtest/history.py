"""The history of an SLO as bins to replay: minutes as far back as they are kept, then quarters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from collectors.store.stored import StoredSeries
from dashboard.views.counted.binned import Rows as Minute
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.plan import reached
from dashboard.views.counted.series_index import RETIRED_S, Index, Series
from slo.bins import Bins
from slo.facts import Integers, SeriesKind
from slo.known_policies import Rows
from slo.objective import Slo
from slo.replay import Replay, joined, replay
from slo.spans import CalendarWindow, Span

QUARTER_S = 900


class Minutes(Minute, Protocol):
    """The part of the store's reader that histories are made of."""

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        """The series that are stored."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Bins of one width; those before `span` are there because windows look back at them."""

    bins: Bins
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What is kept of an SLO over a span; before `minutes_from` by the quarter hour alone."""

    slo: Slo
    span: Span
    pieces: tuple[Piece, ...]
    series: Series

    @property
    def bin_s(self) -> int:
        """The width of its narrowest bins."""
        return self.pieces[-1].bins.bin_s

    @property
    def minutes_from(self) -> int | None:
        """From when on its bins are the narrow ones; None where all are of one width."""
        first = next(one for one in self.pieces if one.bins.bin_s == self.bin_s)
        return first.span.since if first is not self.pieces[0] else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an SLO: the part that is asked for, in whole bins of its series.

    All of it begins at `since`, its minutes at `minutes_since`.
    """

    series: Series
    span: Span
    since: int
    minutes_since: int


def kept(reader: Minutes, slo: Slo, asked: Span | None, as_of: int) -> Kept | None:
    """What is kept over the span, or of all there is; None where nothing was measured in it."""
    stored = reader.series(slo.source, SeriesKind.TALLY)
    series = Index(stored).of(slo)
    if series.until is None or not series.lives:
        return None
    begins = min(life.since for life in series.lives)
    first = begins // QUARTER_S * QUARTER_S
    known = Span(first, max(first, reached(series, as_of)))
    span = known if asked is None else asked.clipped_to(known)
    since, until = -(-span.since // QUARTER_S) * QUARTER_S, span.until - span.until % series.bin_s
    if until <= max(since, begins):
        return None
    minutes = (one.minutes_since or first for one in stored if one.id in series.ids)
    return Kept(series, Span(since, until), first, max(minutes, default=first))


def history(
    reader: Minutes,
    slo: Slo,
    asked: Span | None,
    *,
    as_of: int,
    lead_s: int,
    is_corrected: bool = True,
) -> History | None:
    """The history over the span, or all there is; None where nothing was measured in it.

    `lead_s` is how far the longest window looks back; what is not corrected is as it was measured.
    """
    found = kept(reader, slo, asked, as_of)
    if found is None:
        return None
    series, span = found.series, found.span
    begin = max(span.since - lead_s, found.since)
    begin -= begin % QUARTER_S
    fine = _fine_from(begin, found.minutes_since, lead_s)
    pieces = [
        Piece(_bins(reader, slo, series, width_s, Span(at, part.until), is_corrected), part)
        for width_s, at, part in _parts(span, begin, fine, series.bin_s)
    ]
    if not pieces:
        return None
    return History(slo, Span(span.since, pieces[-1].span.until), tuple(pieces), series)


def replayed(found: History, rows: Rows) -> Replay:
    """The policy over the whole history; of a calendar window each period by its own factors."""
    parts = [
        _replayed(found, piece.bins, rows, stretch, whole_s).within(stretch)
        for piece in found.pieces
        for stretch, whole_s in _stretches(found.slo, piece.span)
    ]
    return joined([one.refined(found.bin_s) for one in parts])


def _parts(span: Span, begin: int, fine: int, bin_s: int) -> Iterator[tuple[int, int, Span]]:
    """The width of bins, where reading begins, and the part of the span that they are for.

    Minutes are used from `fine` on, where the windows of the first of them hold minutes alone,
    and quarter hours, whole ones, before that.
    """
    whole_until = span.until - span.until % QUARTER_S
    if bin_s == QUARTER_S or fine > whole_until:
        fine = span.until
    coarse = Span(span.since, max(span.since, min(fine, whole_until)))
    if coarse.length_s:
        yield QUARTER_S, begin, coarse
    if fine < span.until:
        since = max(span.since, fine)
        yield bin_s, max(since - (span.since - begin), begin), Span(since, span.until)


def _fine_from(begin: int, cut: int, lead_s: int) -> int:
    """From when on windows hold minutes alone, in whole quarter hours; `cut` is the first minute."""
    return begin if cut <= begin else -(-(cut + lead_s) // QUARTER_S) * QUARTER_S


def _widened(span: Span) -> Span:
    return Span(span.since - span.since % QUARTER_S, span.until)


def _bins(
    reader: Minutes,
    slo: Slo,
    series: Series,
    width_s: int,
    span: Span,
    is_corrected: bool,
) -> Bins:
    treatment = slo.treatment if is_corrected else None
    return bins_of(reader, series.ids, treatment, width_s, _widened(span))


def _stretches(slo: Slo, span: Span) -> Iterator[tuple[Span, int]]:
    """The parts of the span with the length of the window in force in each."""
    at = span.since
    while at < span.until:
        whole = slo.window.whole(at)
        until = span.until
        if isinstance(slo.window, CalendarWindow):
            until = min(whole.until, span.until)
        yield Span(at, until), whole.length_s
        at = until


def _replayed(found: History, bins: Bins, rows: Rows, stretch: Span, whole_s: int) -> Replay:
    last = (stretch.until - bins.since) // bins.bin_s
    held = Bins(bins.since, bins.bin_s, bins.table[:last])
    policy = rows(found.slo.objective, whole_s)
    members = _members(found.series, held)
    return replay(held, policy, found.slo.objective, whole_s, members)


def _members(series: Series, bins: Bins) -> Integers:
    """How many series were expected at the end of each bin, as `Series.members` has it."""
    moments = bins.since + bins.bin_s * np.arange(1, len(bins.table) + 1)
    count = np.zeros(len(moments), np.int64)
    for life in series.lives:
        count += (life.since < moments) & (life.until > moments - RETIRED_S)
    return np.maximum(count, 1)

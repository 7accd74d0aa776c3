"""The history of an SLO as bins to replay: minutes as far back as they are kept, then quarters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn, Protocol

from collectors.store.stored import HasSeries
from collectors.store.widths import QUARTER_S
from dashboard.views.counted.binned import Rows as Minute
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.plan import reached
from dashboard.views.counted.series_index import Index, Series
from dashboard.views.upkeep.scene import Scene
from slo.bins import Bins
from slo.errors import InputError
from slo.facts import SeriesKind
from slo.indicator import is_worst_member
from slo.objective import Slo
from slo.spans import Span


class Minutes(HasSeries, Minute, Protocol):
    """The part of the store's reader that histories are made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Bins of one width; those before `span` are there because windows look back at them."""

    bins: Bins
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What is kept of an SLO over a span; before `minutes_from` by the quarter hour alone.

    `parts` are its members, over the same bins; `late_s` is how old its data may be before it is
    frozen.
    """

    slo: Slo
    span: Span
    pieces: tuple[Piece, ...]
    series: Series
    parts: tuple[History, ...] = ()
    late_s: int = 0

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
    stored = reader.series(slo.source or None, SeriesKind.TALLY)
    index = Index(stored)
    series = replace(index.of(slo), until=_until(slo, index))
    if series.until is None or not series.lives:
        return None
    begins = min(life.since for life in series.lives)
    first = begins // QUARTER_S * QUARTER_S
    known = Span(first, max(first, reached(series, as_of)))
    span = known if asked is None else asked.clipped_to(known)
    since, until = -(-span.since // QUARTER_S) * QUARTER_S, span.until - span.until % series.bin_s
    if until <= max(since, begins):
        return None
    ids = frozenset(series.ids)
    minutes = (one.minutes_since or first for one in stored if one.id in ids)
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


def _until(slo: Slo, index: Index) -> int | None:
    """Where the data end; of the worst member where those of the last of them do."""
    if not is_worst_member(slo.indicator):
        return index.of(slo).until
    ends = (_until(one, index) for one in slo.composed)
    return max((one for one in ends if one is not None), default=None)


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
    return bins_of(reader, series.together, treatment, width_s, _widened(span))


def refuse_nothing(scene: Scene, slo: Slo, asked: Span | None) -> NoReturn:
    """Say that nothing is stored of the SLO, at all or in a span, and how to collect it.

    Raises:
        InputError: always.
    """
    span = "" if asked is None else " in that span"
    raise InputError(
        f"nothing is stored of {slo.name}{span}",
        where=f"{scene.config.path}, slo {slo.name}",
        mend="collect its source first (`burnline collect --once --since 90d`)",
    )

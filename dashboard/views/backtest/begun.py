"""What a page of a backtest began on: the counts of both windows, and since when it burnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from collectors.store.together import Together
from dashboard.views.backtest.history import History, Piece
from dashboard.views.backtest.replaying import Played, weighted
from slo.backtest import Backtest
from slo.bins import COUNTS, Bins
from slo.burn import factor
from slo.episodes import Episode
from slo.lengths import DAY_S
from slo.objective import Slo
from slo.onset import Since, burns_since
from slo.replay_weighed import Weighted
from slo.spans import Span
from slo.tally import Tally, Weighed, weighed

EXPLAINED = 5


@dataclass(frozen=True, slots=True)
class Burnt:
    """The counts of a window that ends when a page begins, under corrections as the SLO has them."""

    span: Span
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Why a page began: both windows of its row burnt over the factor.

    `slo` is what burnt, one of the worst where that is what pages, and `together` what it counts;
    `members` are the series that were expected to report then, `bin_s` the width of the bins.
    """

    page: Episode
    slo: Slo
    together: Together
    factor: Fraction
    long: Burnt
    short: Burnt
    members: int
    bin_s: int


def begun(played: Played, made: Backtest) -> Iterator[Begun]:
    """The latest pages, the latest first, each with the counts that it began on."""
    for page in made.pages[::-1][:EXPLAINED]:
        at, found = page.span.since, played.paged_by(page)
        number = _piece(found, at)
        if number is not None:
            yield Begun(
                page=page,
                slo=found.slo,
                together=found.series.together,
                factor=factor(page.row, _window_s(found, at)),
                long=_burnt(found, number, at, page.row.long_s),
                short=_burnt(found, number, at, page.row.short_s),
                members=found.series.members(at),
                bin_s=found.pieces[number].bins.bin_s,
            )


def onset(played: Played, page: Episode) -> Since | None:
    """Since when the budget burnt as fast as the row that paged asks, looked for over a day more."""
    at, found = page.span.since, played.paged_by(page)
    number = _piece(found, at)
    if number is None:
        return None
    members = _before(found, number, at, page.row.long_s + DAY_S)
    part = _together(members, page.row.long_s)
    return burns_since(part, found.slo.objective, factor(page.row, _window_s(found, at)))


def _piece(found: History, at: int) -> int | None:
    """The piece in which a page that begins then was found."""
    return next((n for n, one in enumerate(found.pieces) if at <= one.span.until), None)


def _window_s(found: History, at: int) -> int:
    return found.slo.window.whole(at - 1).length_s


def _before(found: History, number: int, at: int, length_s: int) -> list[Weighted]:
    """The last so many seconds before then of what has bins of its own, by its share."""
    return [*weighted(_cut(found, number, Span(at - length_s, at)), 0, at)]


def _cut(found: History, number: int, span: Span) -> History:
    """A part of one piece alone, with the same part of what it is made of."""
    bins = found.pieces[number].bins
    first = max((span.since - bins.since) // bins.bin_s, 0)
    table = bins.table[first : (span.until - bins.since) // bins.bin_s]
    piece = Piece(Bins(bins.since + first * bins.bin_s, bins.bin_s, table), span)
    parts = tuple(_cut(one, number, span) for one in found.parts)
    return replace(found, pieces=(piece,), parts=parts)


def _together(members: Sequence[Weighted], length_s: int) -> Bins:
    """The bins as one; of a weighted burn every event weighs what it does in the last window."""
    bins = members[0].bins
    if len(members) == 1:
        return bins
    table = np.zeros_like(bins.table)
    for one in members:
        events = _last(one.bins, length_s).total
        table += one.bins.table * (float(one.share) / events if events else 0.0)
    return Bins(bins.since, bins.bin_s, table)


def _burnt(found: History, number: int, at: int, length_s: int) -> Burnt:
    """The counts of the last whole bins; what lies before the first of them is not observed."""
    bin_s = found.pieces[number].bins.bin_s
    whole_s = -(-length_s // bin_s) * bin_s
    members = _before(found, number, at, whole_s)
    each = (Weighed(one.share, _count(one), _last(one.bins, length_s)) for one in members)
    tally = _last(members[0].bins, length_s) if len(members) == 1 else weighed(each)
    return Burnt(Span(at - whole_s, at), tally)


def _count(one: Weighted) -> int:
    """How many series were to report at the last moment."""
    return int(np.broadcast_to(one.expected, len(one.bins.table))[-1])


def _last(bins: Bins, length_s: int) -> Tally:
    count = -(-length_s // bins.bin_s)
    rows = bins.table[max(len(bins.table) - count, 0) :, COUNTS]
    good, total, observed_s = rows.sum(axis=0).tolist()
    return Tally(good, total, round(observed_s))

"""What a page of a backtest began on: the counts of both windows, and since when it burnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.backtest.history import History
from slo.backtest import Backtest
from slo.bins import Bins
from slo.burn import factor
from slo.episodes import Episode
from slo.onset import Since, burns_since
from slo.spans import Span
from slo.tally import Tally

EXPLAINED = 5
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Burnt:
    """The counts of a window that ends when a page begins, under corrections as the SLO has them."""

    span: Span
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Why a page began: both windows of its row burnt over the factor.

    `members` are the series that were expected to report then, `bin_s` the width of the bins.
    """

    page: Episode
    factor: Fraction
    long: Burnt
    short: Burnt
    members: int
    bin_s: int


def begun(found: History, made: Backtest) -> Iterator[Begun]:
    """The latest pages, the latest first, each with the counts that it began on."""
    for page in made.pages[::-1][:EXPLAINED]:
        at, bins = page.span.since, _bins(found, page.span.since)
        if bins is not None:
            yield Begun(
                page=page,
                factor=factor(page.row, _window_s(found, at)),
                long=_burnt(bins, at, page.row.long_s),
                short=_burnt(bins, at, page.row.short_s),
                members=found.series.members(at),
                bin_s=bins.bin_s,
            )


def onset(found: History, page: Episode) -> Since | None:
    """Since when the budget burnt as fast as the row that paged asks, looked for over a day more."""
    at = page.span.since
    bins = _bins(found, at)
    if bins is None:
        return None
    last = (at - bins.since) // bins.bin_s
    first = max(last - (page.row.long_s + _DAY_S) // bins.bin_s, 0)
    part = Bins(bins.since + first * bins.bin_s, bins.bin_s, bins.table[first:last])
    return burns_since(part, found.slo.objective, factor(page.row, _window_s(found, at)))


def _bins(found: History, at: int) -> Bins | None:
    """The bins in which a page that begins then was found."""
    return next((one.bins for one in found.pieces if at <= one.span.until), None)


def _window_s(found: History, at: int) -> int:
    return found.slo.window.whole(at - 1).length_s


def _burnt(bins: Bins, at: int, length_s: int) -> Burnt:
    """The counts of the last whole bins; what lies before the first of them is not observed."""
    last = (at - bins.since) // bins.bin_s
    count = -(-length_s // bins.bin_s)
    rows = bins.table[max(last - count, 0) : last].sum(axis=0).tolist()
    good, total, observed_s = rows[:3]
    return Burnt(Span(at - count * bins.bin_s, at), Tally(good, total, round(observed_s)))

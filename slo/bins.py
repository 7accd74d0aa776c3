"""Tallies of consecutive bins as columns: what replays, windows and beginnings are computed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from slo.facts import Integers, Reals
from slo.lengths import MINUTE_S
from slo.spans import Span, united
from slo.tally import Tally

_COLUMNS = ("good", "total", "observed_s", "partial_s", "estimated_s", "conflict_s")
GOOD, TOTAL, OBSERVED = 0, 1, 2
"""The counts among the columns of `Bins.table`."""
COUNTS, LESSER = slice(0, 3), slice(3, 6)
"""All of the counts, and the seconds of lesser quality."""
WIDTH = len(_COLUMNS)


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Tallies of consecutive bins from `since` on, a row for each; `table` is bins by columns.

    A bin that was not observed is a row of zeros.
    """

    since: int
    bin_s: int
    table: Reals

    @classmethod
    def of(cls, since: int, bin_s: int, tallies: Sequence[Tally | None]) -> Bins:
        """The bins of these tallies; None was not measured."""
        rows = [[getattr(tally or Tally(), name) for name in _COLUMNS] for tally in tallies]
        return cls(since, bin_s, np.array(rows, np.float64).reshape(-1, WIDTH))

    @classmethod
    def placed(
        cls, since: int, until: int, bin_s: int, at: Integers, columns: Mapping[str, Reals]
    ) -> Bins:
        """The bins of a span, of which those at `at` have rows: a column for each field."""
        table = np.zeros(((until - since) // bin_s, WIDTH))
        for number, name in enumerate(_COLUMNS):
            table[(at - since) // bin_s, number] = columns[name]
        return cls(since, bin_s, table)

    def widened(self, count: int) -> Bins:
        """The same counts in bins so many times as wide; a rest that fills none is left out.

        >>> bins = Bins.of(0, 60, [Tally(9, 10, 60), Tally(8, 10, 60), None])
        >>> bins.widened(2).bad.tolist(), bins.widened(2).bin_s
        ([3.0], 120)
        """
        whole = len(self.table) // count
        wide = self.table[: whole * count].reshape(whole, count, WIDTH).sum(axis=1)
        return Bins(self.since, self.bin_s * count, wide)

    @property
    def until(self) -> int:
        """Where the last bin ends."""
        return self.since + len(self.table) * self.bin_s

    @property
    def bad(self) -> Reals:
        """The bad events of each bin."""
        return self.table[:, TOTAL] - self.table[:, GOOD]

    @property
    def total(self) -> Reals:
        """All events of each bin."""
        return self.table[:, TOTAL]

    @property
    def measured(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which bins were observed, be it for a part of them."""
        return np.asarray((self.table[:, OBSERVED] > 0) | (self.table[:, TOTAL] > 0))


def downtime(down: Iterable[Span], observed: Span) -> Bins:
    """Minutes of a service that was down in those spans and up in the rest of what was observed.

    The events are its seconds; spans that overlap count once. What is observed is cut to whole ones.

    >>> downtime([Span(30, 90), Span(60, 100)], Span(0, 180)).bad.tolist()
    [30.0, 40.0, 0.0]
    """
    first = -(-observed.since // MINUTE_S) * MINUTE_S
    last = observed.until // MINUTE_S * MINUTE_S
    edges = np.arange(first, max(first, last) + 1, MINUTE_S)
    whole = united(one.clipped_to(Span(first, max(first, last))) for one in down)
    corners = np.array([first, *(at for one in whole for at in (one.since, one.until))], np.int64)
    lasted = np.array([at for one in whole for at in (0, one.length_s)], np.int64)
    spent = np.diff(np.interp(edges, corners, np.concatenate(([0], np.cumsum(lasted)))))
    table = np.zeros((len(spent), WIDTH))
    table[:, GOOD] = MINUTE_S - np.rint(spent)
    table[:, TOTAL] = table[:, OBSERVED] = MINUTE_S
    return Bins(first, MINUTE_S, table)

"""Since when a budget burns too fast, and since when that fires: out of the tallies of bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.burn import firing, policy_windows
from slo.facts import Integers, Reals
from slo.objective import Objective
from slo.policy import Policy, Severity
from slo.tally import Tally

_COLUMNS = ("good", "total", "observed_s", "partial_s", "estimated_s", "conflict_s")


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
        return cls(since, bin_s, np.array(rows, np.float64).reshape(-1, len(_COLUMNS)))

    @classmethod
    def placed(
        cls, since: int, until: int, bin_s: int, at: Integers, columns: Mapping[str, Reals]
    ) -> Bins:
        """The bins of a span, of which those at `at` have rows: a column for each field."""
        table = np.zeros(((until - since) // bin_s, len(_COLUMNS)))
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
        wide = self.table[: whole * count].reshape(whole, count, len(_COLUMNS)).sum(axis=1)
        return Bins(self.since, self.bin_s * count, wide)

    @property
    def until(self) -> int:
        """Where the last bin ends."""
        return self.since + len(self.table) * self.bin_s

    @property
    def bad(self) -> Reals:
        """The bad events of each bin."""
        return self.table[:, 1] - self.table[:, 0]

    @property
    def total(self) -> Reals:
        """All events of each bin."""
        return self.table[:, 1]

    @property
    def measured(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which bins were observed, be it for a part of them."""
        return np.asarray((self.table[:, 2] > 0) | (self.table[:, 1] > 0))


@dataclass(frozen=True, slots=True)
class Since:
    """A beginning; it `is_open` when what lies before it is not known, so it may be earlier."""

    at: int
    is_open: bool = False


def burns_since(bins: Bins, objective: Objective, factor: Fraction) -> Since | None:
    """The first bin since which more was bad than `factor` times what the budget allows.

    More by sums, not bin by bin: a good minute among bad ones does not begin it anew, a good
    stretch that outweighs the bad before it does. None when the last bins are not too bad. What
    was not measured weighs nothing.

    >>> bad = [Tally(90, 100, 60)] * 3
    >>> bins = Bins.of(0, 60, [Tally(100, 100, 60)] * 5 + bad + [Tally(100, 100, 60)] + bad)
    >>> burns_since(bins, Objective.from_percent(99), Fraction(2))
    Since(at=300, is_open=False)

    Source: Page (1954), "Continuous inspection schemes": the last moment at which the cumulative
    sum of the excess stood at zero.
    """
    excess = bins.bad - float(factor * objective.error_budget) * bins.total
    after = np.concatenate([np.cumsum(excess[::-1])[::-1], [0.0]])
    # Of equal sums the latest: what precedes it weighs nothing.
    first = len(after) - 1 - int(np.argmax(after[::-1]))
    if first == len(excess):
        return None
    before = first == 0 or not bins.measured[first - 1]
    return Since(bins.since + first * bins.bin_s, is_open=bool(before))


def fires_since(
    bins: Bins,
    policy: Policy,
    objective: Objective,
    severity: Severity,
    window_s: int,
    members: int = 1,
) -> Since | None:
    """The first moment since which rows of that severity have fired without a pause.

    `firing` replayed at the end of each bin, backwards from the last; None when it does not
    fire there. Open when it still fired at the earliest moment whose windows the bins hold.
    """
    sums = np.vstack([np.zeros(len(_COLUMNS)), np.cumsum(bins.table, axis=0)])
    lengths = policy_windows(policy)
    found = None
    for end in range(len(bins.table), max(lengths) // bins.bin_s - 1, -1):
        measured = {length: _last(sums, end, length // bins.bin_s) for length in lengths}
        fired = firing(policy, objective, measured, window_s, members)
        if not any(one.severity is severity for one in fired):
            return None if found is None else Since(found)
        found = bins.since + end * bins.bin_s
    return None if found is None else Since(found, is_open=True)


def _last(sums: Reals, end: int, count: int) -> Tally:
    """The tally of the last bins before one."""
    good, total, *seconds = (float(one) for one in sums[end] - sums[end - count])
    observed, partial, estimated, conflict = (round(one) for one in seconds)
    return Tally(
        good,
        total,
        observed,
        partial_s=partial,
        estimated_s=estimated,
        conflict_s=conflict,
    )

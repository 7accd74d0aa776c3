"""Which targets a history would have met: month by month, and over any window that it held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.bins import GOOD, OBSERVED, TOTAL, Bins
from slo.compliance import Compliance
from slo.coverage import ENOUGH
from slo.facts import Integers
from slo.objective import Objective
from slo.periods import NamedPeriod
from slo.replay_weighed import Weighted
from slo.tally import Tally, Weighed, weighed

LADDER = tuple(
    Objective.from_percent(one)
    for one in ("90", "95", "98", "99", "99.5", "99.9", "99.95", "99.99")
)
"""The targets that people choose between, ascending."""


@dataclass(frozen=True, slots=True)
class Month:
    """The counts of one month as far as it has gone.

    `covered` is the measured share of the time so far, `is_enough` says that half of the whole
    month was measured; `of` is the member that was the worst then, of which the counts are.
    """

    period: NamedPeriod
    tally: Tally | None
    covered: Fraction | None
    is_enough: bool = True
    of: str = ""

    @property
    def sli(self) -> Fraction | None:
        """Good over total; None without events."""
        return None if self.tally is None else self.tally.sli

    @property
    def counts(self) -> bool:
        """Whether anything is concluded from it: it had events, and half of it was measured."""
        return self.sli is not None and self.is_enough

    def met(self, objective: Objective) -> bool | None:
        """Whether its budget would not have been overspent; None where nothing happened."""
        return Compliance(((objective, self.tally),)).is_kept


@dataclass(frozen=True, slots=True)
class Lowest:
    """The least SLI of any window of that length in the history, and where the window ended.

    `of` is the member that it is of, where the worst of several counts.
    """

    window_s: int
    until: int
    sli: Fraction
    of: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """The months of a history, and the least of its windows; None where none was whole."""

    months: tuple[Month, ...]
    lowest: Lowest | None

    @property
    def judged(self) -> tuple[Month, ...]:
        """The months from which something is concluded."""
        return tuple(one for one in self.months if one.counts)

    def kept(self, objective: Objective) -> int:
        """How many of the judged months would have met that target."""
        return sum(one.met(objective) is True for one in self.judged)

    @property
    def supported(self) -> Objective | None:
        """The highest usual target that every judged month met, and every window.

        None where no month counts, or the lowest of the targets was missed too.
        """
        held = [one for one in LADDER if self._is_always_met(one)]
        return max(held, key=lambda one: one.target, default=None) if self.judged else None

    def _is_always_met(self, objective: Objective) -> bool:
        window = self.lowest is None or self.lowest.sli >= objective.target
        return window and self.kept(objective) == len(self.judged)


def advise(months: Sequence[Month], windows: Iterable[Lowest | None]) -> Advice:
    """What the history says of targets, by its months and the least of those windows."""
    known = (one for one in windows if one is not None)
    lowest = min(known, key=lambda one: (one.sli, one.until), default=None)
    return Advice(tuple(months), lowest)


def lowest_window(bins: Bins, window_s: int, expected: int | Integers) -> Lowest | None:
    """The window of that length with the least SLI, the earliest of equal ones.

    Looked at wherever a bin ends. Only windows inside the bins are, and of those the ones that
    were measured for a half of what the series that were `expected` at its end would have had;
    the observed seconds are those before corrections.
    None where there is none with events.

    >>> bins = Bins.of(0, 60, [Tally(9, 10, 60), Tally(7, 10, 60), Tally(10, 10, 60)])
    >>> lowest_window(bins, 120, 1)
    Lowest(window_s=120, until=120, sli=Fraction(4, 5), of='')
    """
    return lowest_weighed([Weighted(bins, Fraction(1), expected)], window_s)


def lowest_weighed(members: Sequence[Weighted], window_s: int) -> Lowest | None:
    """The same of a weighted burn; a window counts that every member was measured in.

    >>> one = Bins.of(0, 60, [Tally(9, 10, 60), Tally(7, 10, 60), Tally(10, 10, 60)])
    >>> other = Bins.of(0, 60, [Tally(1, 1, 60), Tally(1, 1, 60), Tally(0, 1, 60)])
    >>> half = Fraction(1, 2)
    >>> lowest_weighed([Weighted(one, half, 1), Weighted(other, half, 1)], 60)
    Lowest(window_s=60, until=180, sli=Fraction(1, 2), of='')
    """
    bins = members[0].bins
    count = max(-(-window_s // bins.bin_s), 1)
    if len(bins.table) < count:
        return None
    sums = np.cumsum(
        np.stack([np.vstack([0 * one.bins.table[:1], one.bins.table]) for one in members]), axis=1
    )
    windows = sums[:, count:] - sums[:, :-count]
    good, total, observed = (windows[:, :, n] for n in (GOOD, TOTAL, OBSERVED))
    shares = np.array([float(one.share) for one in members])[:, None]
    expected = np.stack(
        [np.broadcast_to(one.expected, len(bins.table))[count - 1 :] for one in members]
    )
    seen = (shares * observed / expected).sum(axis=0)
    held = (observed > 0).all(axis=0) & (total > 0).any(axis=0)
    held &= seen >= float(ENOUGH) * count * bins.bin_s
    if not held.any():
        return None
    bad = np.divide(total - good, total, out=np.zeros_like(total), where=total > 0)
    place = int(np.where(held, (shares * bad).sum(axis=0), -1.0).argmax())
    each = zip(members, windows[:, place].tolist(), strict=True)
    whole = weighed(Weighed(one.share, 1, Tally(of[GOOD], of[TOTAL], 1)) for one, of in each)
    assert whole.sli is not None, "a window without events is none of those held"
    return Lowest(window_s, bins.since + (place + count) * bins.bin_s, whole.sli)

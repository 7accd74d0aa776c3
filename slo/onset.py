"""Since when a budget burns too fast: out of the tallies of bins."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.bins import Bins
from slo.objective import Objective


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

    >>> from slo.tally import Tally
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

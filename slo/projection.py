"""What comes back to a rolling window, and when: bad events leave it as they once came.

Exact where events are seconds of time: so many leave, so many come. Of requests it is assumed
that as many come as leave, and that none of them fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.exact import exact_sum
from slo.facts import Integers, Reals
from slo.objective import Objective


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """The bad events of a rolling window by the bins in which they came, ascending.

    `total` are all events of the window, `step_s` the width of a bin; the window ends at `until`.
    """

    at: Integers
    bad: Reals
    step_s: int
    total: Fraction
    until: int
    window_s: int

    def gone_by(self, moment: int) -> Fraction:
        """The bad events of all bins that have left the window whole by then, exactly.

        >>> day = np.array([0, 60]), np.array([3.0, 4.0])
        >>> Leaving(*day, 60, Fraction(100), 3_600, 3_600).gone_by(3_660)
        Fraction(3, 1)
        """
        left = self.at + self.step_s + self.window_s <= moment
        return exact_sum(self.bad[left])


def left_at(objective: Objective, leaving: Leaving, moment: int) -> Fraction | None:
    """The share of the budget left at a later moment if nothing more is bad; None without events."""
    if not leaving.total:
        return None
    bad = exact_sum(leaving.bad) - leaving.gone_by(moment)
    return 1 - bad / leaving.total / objective.error_budget


def above_zero_at(objective: Objective, leaving: Leaving) -> int | None:
    """The first moment at which some of a spent budget is left again; None when it is not spent.

    Something is left again as soon as the bad events are fewer than the budget allows; exactly
    as many as it allows is spent.
    """
    allowed = objective.error_budget * leaving.total
    bad = exact_sum(leaving.bad)
    if not leaving.total or bad < allowed:
        return None
    for at, count in _by_bin(leaving):
        bad -= count
        if bad < allowed:
            return at + leaving.step_s + leaving.window_s
    return None


def _by_bin(leaving: Leaving) -> Iterable[tuple[int, Fraction]]:
    some = np.flatnonzero(leaving.bad > 0)
    pairs = zip(leaving.at[some].tolist(), leaving.bad[some].tolist(), strict=True)
    return ((at, Fraction(count)) for at, count in pairs)

"""How much longer one must look before a verdict is possible."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy

from slo.evidence.adjust import adjusted
from slo.evidence.comparison import Comparison, Count
from slo.evidence.exact import doubled_tails
from slo.evidence.terms import Multiple
from slo.facts import Reals
from slo.lengths import DAY_S

_MOST_DAYS = 3_650
_MOST_EVENTS = 100_000
_FAR = 1e-300
_HALVINGS = 60


def days_without_event(n_before: int, days_before: float, alpha: float = 0.05) -> float | None:
    """Days after in which even no event at all would be needed to tell a change; None without events.

    >>> [math.ceil(days_without_event(n, days)) for n, days in ((5, 61), (15, 182), (3, 182))]
    [67, 51, 441]

    Source: twice the lower tail of the exact conditional test with nothing after,
    2 * (t1 / (t1 + t2))^n1 = alpha, solved for t2.
    """
    if n_before <= 0 or days_before <= 0:
        return None
    return float(days_before * ((2 / alpha) ** (1 / n_before) - 1))


def events_needed(share_after: float, alpha: float = 0.05) -> int:
    """Events in both periods together below which no division of them can tell a change.

    >>> events_needed(0.5)
    6
    """
    rarest = min(share_after, 1 - share_after)
    if rarest <= 0:
        return _MOST_EVENTS
    needed = max(1, math.ceil(math.log(alpha / 2) / math.log(rarest)) - 1)
    while 2 * rarest**needed >= alpha:
        needed += 1
    return needed


def more_days_of_rate(
    before: Count, after: Count, *, alpha: float = 0.05, clusters: float = 1.0
) -> int | None:
    """Whole days more until the exact test tells a change, if events go on as they came after.

    0 where it does already; None where ten more years would not do.

    >>> half_year, quarter = 182 * DAY_S, 91 * DAY_S
    >>> more_days_of_rate(Count(5, half_year), Count(0, quarter))  # none until day 199
    108
    """
    if not (before.exposure_s and after.exposure_s):
        return None
    exposure_s = after.exposure_s + DAY_S * np.arange(_MOST_DAYS + 1.0)
    events = np.rint(after.n * exposure_s / after.exposure_s / clusters)
    share = exposure_s / (before.exposure_s + exposure_s)
    return _first_below(doubled_tails(events, events + round(before.n / clusters), share), alpha)


def more_days(comparison: Comparison, *, days_after: float, alpha: float = 0.05) -> int | None:
    """Whole days more until the row's own test tells the change seen, if all goes on as after.

    From the p-value itself: what speaks for a change grows with n1 n2 / (n1 + n2), of outages with
    the times observed in place of n. That before stays as it is. 0 where it suffices; None where
    that before alone is too little, ten years would not do, or there is no test or no change. An
    estimate for planning, never a verdict.

    Source: the normal limit of the test, z^2 in proportion to n1 n2 / (n1 + n2), solved for n2.
    """
    p_value, sizes = comparison.p_value, _sizes(comparison)
    if p_value is None or not comparison.change or min(sizes) <= 0 or days_after <= 0:
        return None
    first, second = sizes
    told, wanted = (float(scipy.special.ndtri(p / 2)) ** 2 for p in (max(p_value, _FAR), alpha))
    if p_value < alpha:
        return 0
    weight = first * second / (first + second) * wanted / told if told else math.inf
    if weight >= first:
        return None
    more = math.ceil(days_after * (first * weight / (first - weight) / second - 1))
    return None if more > _MOST_DAYS else max(1, more)


def alpha_within(
    p_values: Sequence[float | None], place: int, how: Multiple, alpha: float = 0.05
) -> float:
    """Below which p-value of its own one of several counts, the others as they are; at least 0.

    It need not be among the tested yet: it is counted with them.

    >>> round(alpha_within([0.001, 0.03, None], 1, Multiple.HOLM), 6)  # the first is told already
    0.05
    >>> round(alpha_within([0.2, 0.03, 0.5], 1, Multiple.HOLM), 6)
    0.016667

    Source: `slo.evidence.adjust`, solved by halving: what it gives never falls as p rises.
    """
    given, low, high = list(p_values), 0.0, alpha
    given[place] = high
    if _adjusted_at(given, place, how) <= alpha:
        return alpha
    for _ in range(_HALVINGS):
        given[place] = (low + high) / 2
        if _adjusted_at(given, place, how) < alpha:
            low = given[place] or 0.0
        else:
            high = given[place] or 0.0
    return low


def _adjusted_at(p_values: Sequence[float | None], place: int, how: Multiple) -> float:
    found = adjusted(p_values, how)[place]
    return 1.0 if found is None else found


def _sizes(comparison: Comparison) -> tuple[float, float]:
    """By what the test grows: times observed of outages, numbers of all else."""
    sides = (comparison.before, comparison.after)
    if all(side.exposure_s for side in sides):
        return sides[0].exposure_s, sides[1].exposure_s
    return float(sides[0].n), float(sides[1].n)


def _first_below(p_values: Reals, alpha: float) -> int | None:
    """The first day from which a change is told."""
    told = np.flatnonzero(p_values < alpha)
    return int(told[0]) if len(told) else None

"""How much longer one must look before a verdict is possible."""

from __future__ import annotations

import math

import numpy as np

from slo.evidence.comparison import Comparison, Count, Scale, Side
from slo.evidence.exact import doubled_tails
from slo.facts import Reals

_DAY_S = 86_400
_MOST_DAYS = 3_650
_MOST_EVENTS = 100_000


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

    >>> half_year, quarter = 182 * _DAY_S, 91 * _DAY_S
    >>> more_days_of_rate(Count(5, half_year), Count(0, quarter))  # none until day 199
    108
    """
    if not (before.exposure_s and after.exposure_s):
        return None
    exposure_s = after.exposure_s + _DAY_S * np.arange(_MOST_DAYS + 1.0)
    events = np.rint(after.n * exposure_s / after.exposure_s / clusters)
    share = exposure_s / (before.exposure_s + exposure_s)
    return _first_below(doubled_tails(events, events + round(before.n / clusters), share), alpha)


def more_days(comparison: Comparison, *, days_after: float) -> int | None:
    """Whole days more until a change like this one is told, if all goes on as it was after.

    By the intervals of the two sides: that after narrows with the root of its days, that before
    stays as it is. 0 where the two already suffice; None where that before alone is too wide, ten
    years would not do, there is no change, or a side has no interval (single readings, medians
    that are not reached). An estimate for planning, never a verdict.

    Source: the normal limit, w1^2 + w2^2 * t / t' = change^2 of half widths w, solved for t'.
    """
    change = _distance(comparison)
    halves = [_half_width(side, comparison.scale) for side in (comparison.before, comparison.after)]
    if not change or halves[0] is None or halves[1] is None or days_after <= 0:
        return None
    room = change * change - halves[0] ** 2
    if room <= 0:
        return None
    more = math.ceil(days_after * (halves[1] ** 2 / room - 1))
    return None if more > _MOST_DAYS else max(0, more)


def _first_below(p_values: Reals, alpha: float) -> int | None:
    """The first day from which a change is told."""
    told = np.flatnonzero(p_values < alpha)
    return int(told[0]) if len(told) else None


def _distance(comparison: Comparison) -> float | None:
    """The change on the scale on which errors add: logarithms of ratios, else differences."""
    change = comparison.change
    if change is None or not math.isfinite(change):
        return None
    if comparison.scale is Scale.DIFFERENCE:
        return change
    return math.log(change) if change > 0 else None


def _half_width(side: Side, scale: Scale) -> float | None:
    """Half of the side's interval, on the scale of the change; None without both its ends."""
    if side.interval is None or side.interval.low is None or side.interval.high is None:
        return None
    low, high = side.interval.low, side.interval.high
    if scale is Scale.DIFFERENCE:
        return (high - low) / 2
    return math.log(high / low) / 2 if low > 0 else None

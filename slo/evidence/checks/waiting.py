"""How many more days until a verdict can be expected, if all goes on as it did so far.

It takes the change seen so far for the true one, which flatters: a plan, never evidence.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy

from slo.evidence.comparison import Count
from slo.facts import Reals
from slo.lengths import DAY_S

WANTED = 0.8
"""The chance of a verdict that is waited for."""
_LONGEST_D = 3_650
_FAR = 1e-9
_QUICK = 100


def days_until_likely(power_after: Callable[[int], float]) -> int | None:
    """The fewest further days after which the power is as wanted; None beyond ten years.

    0 where it is so now. By doubling and halving: power that is not steady is met somewhere.

    >>> days_until_likely(lambda days: days / 100)
    80
    """
    if power_after(0) >= WANTED:
        return 0
    reached = 1
    while power_after(reached) < WANTED:
        if reached == _LONGEST_D:
            return None
        reached = min(2 * reached, _LONGEST_D)
    missed = reached // 2
    while reached - missed > max(1, reached // _QUICK):
        middle = (missed + reached) // 2
        missed, reached = (missed, middle) if power_after(middle) >= WANTED else (middle, reached)
    return reached


def days_for_rate(
    before: Count,
    after: Count,
    *,
    alpha: float = 0.05,
    clusters: float = 1.0,
) -> int | None:
    """Further days until the exact test of two rates is likely to tell them apart.

    The count before is over and stands; events after go on at their rate so far. With none after
    so far it is the planning line: the days in which none at all must come. None where nothing
    was observed, and where ten years would not do. Exact to one in a hundred.

    Source: conditional power, the chance to reject given what has been seen.
    """
    if min(before.exposure_s, after.exposure_s) <= 0:
        return None
    first, so_far = round(before.n / clusters), round(after.n / clusters)
    pace = after.n / clusters / after.exposure_s

    def power_after(days: int) -> float:
        time_s = after.exposure_s + days * DAY_S
        more = likely_counts(pace * days * DAY_S)
        events = first + so_far + more
        share = time_s / (before.exposure_s + time_s)
        later = so_far + more
        few = scipy.stats.binom.cdf(later, events, share)
        many = scipy.stats.binom.sf(later - 1, events, share)
        is_found = 2 * np.minimum(few, many) < alpha
        return float(scipy.stats.poisson.pmf(more, pace * days * DAY_S) @ is_found)

    return days_until_likely(power_after)


def likely_counts(mean: float) -> Reals:
    """All counts of a Poisson law but a billionth at either end; just 0 of a mean of zero."""
    if not mean:
        return np.zeros(1)
    ends = scipy.stats.poisson.ppf(_FAR, mean), scipy.stats.poisson.isf(_FAR, mean) + 1
    found: Reals = np.arange(*ends)
    return found

"""How many more days until a verdict can be expected, if all goes on as it did so far.

It takes the change seen so far for the true one, which flatters: a plan, never evidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import scipy

from slo.evidence.checks.power import duration_power, permuted_power
from slo.evidence.comparison import Count, Downtime

WANTED = 0.8
"""The chance of a verdict that is waited for."""
_DAY_S = 86_400
_LONGEST_D = 3_650
_FAR = 1e-9
_QUICK = 100
_PAIRS = 120


def days_until_likely(power_after: Callable[[int], float], wanted: float = WANTED) -> int | None:
    """The fewest further days after which the power is as wanted; None beyond ten years.

    0 where it is so now. By doubling and halving: power that is not steady is met somewhere.

    >>> days_until_likely(lambda days: days / 100)
    80
    """
    if power_after(0) >= wanted:
        return 0
    reached = 1
    while power_after(reached) < wanted:
        if reached == _LONGEST_D:
            return None
        reached = min(2 * reached, _LONGEST_D)
    missed = reached // 2
    while reached - missed > max(1, reached // _QUICK):
        middle = (missed + reached) // 2
        missed, reached = (missed, middle) if power_after(middle) >= wanted else (middle, reached)
    return reached


def days_for_rate(
    before: Count,
    after: Count,
    *,
    alpha: float = 0.05,
    wanted: float = WANTED,
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
        time_s = after.exposure_s + days * _DAY_S
        more = _likely_counts(pace * days * _DAY_S)
        events = first + so_far + more
        share = time_s / (before.exposure_s + time_s)
        later = so_far + more
        few = scipy.stats.binom.cdf(later, events, share)
        many = scipy.stats.binom.sf(later - 1, events, share)
        is_found = 2 * np.minimum(few, many) < alpha
        return float(scipy.stats.poisson.pmf(more, pace * days * _DAY_S) @ is_found)

    return days_until_likely(power_after, wanted)


def days_for_outages(
    before: Downtime,
    after: Downtime,
    *,
    alpha: float = 0.05,
    wanted: float = WANTED,
    seed: int = 1,
) -> int | None:
    """Further days until the permutation of outages is likely to tell the downtimes apart.

    What was seen so far stands; outages after go on as often as so far and last as all of both
    periods did. None without outages before or observation after, and where ten years would not
    do. The chance behind it has an error of some 5 points.
    """
    if not before.outages_s or min(before.observed_s, after.observed_s) <= 0:
        return None
    fixed = np.array([*before.outages_s, *after.outages_s], np.float64)[:, None]
    pace = len(after.outages_s) / after.observed_s * _DAY_S

    def power_after(days: int) -> float:
        rng = np.random.default_rng(seed)
        counts = rng.poisson(pace * days, _PAIRS)
        more = rng.choice(fixed[:, 0], (int(counts.max()), _PAIRS))
        more *= np.arange(len(more))[:, None] < counts
        lengths = np.vstack([np.broadcast_to(fixed, (len(fixed), _PAIRS)), more])
        seen = sum(after.outages_s) + more.sum(axis=0)
        time_s = after.observed_s + days * _DAY_S
        share = time_s / (before.observed_s + time_s)
        return permuted_power(lengths, seen, share, alpha=alpha, rng=rng)

    return days_until_likely(power_after, wanted)


def days_for_durations(
    sizes: tuple[int, int],
    days_after: float,
    ratio: float,
    log_spread: float,
    *,
    alpha: float = 0.05,
    wanted: float = WANTED,
) -> int | None:
    """Further days until the rank test of durations is likely to tell them apart.

    `sizes` are the durations before and after, of which those after came in `days_after` days and
    go on coming as often. None without any after, and where ten years would not do. The chance
    behind it has an error of some 5 points.
    """
    first, second = sizes
    if not second or days_after <= 0 or not ratio > 0:
        return None

    def power_after(days: int) -> float:
        later = min(math.floor(second * (1 + days / days_after)), _QUICK * first + second)
        return duration_power((first, later), ratio, log_spread, alpha=alpha)

    return days_until_likely(power_after, wanted)


def _likely_counts(mean: float) -> np.ndarray:
    """All counts of a Poisson law but a billionth at either end; just 0 of a mean of zero."""
    if not mean:
        return np.zeros(1)
    return np.arange(scipy.stats.poisson.ppf(_FAR, mean), scipy.stats.poisson.isf(_FAR, mean) + 1)

"""How likely a true change of a given size is found by the tests: power, by the size of the data.

rate_power       the exact test of two counts            closed form
duration_power   the Mann-Whitney test of durations      400 seeded pairs
"""

from __future__ import annotations

import math

import numpy as np
import scipy

from slo.evidence.checks.waiting import likely_counts
from slo.evidence.comparison import Count
from slo.evidence.ranks import best_rank_p, rank_test
from slo.facts import Reals

_ALPHA = 0.05
_PAIRS = 400
"""With so many pairs a power is known to 5 points (two standard errors at one half)."""


def rate_power(before: Count, after_s: float, ratio: float, *, clusters: float = 1.0) -> float:
    """The chance that the exact test finds a rate that is `ratio` times the one before.

    Both counts vary as they would if the periods were lived again; `clusters` divides them. The
    chance is none where nothing happened before.

    >>> round(rate_power(Count(15, 182), 182, 0.2), 2)
    0.79

    Source: Przyborowski and Wilenski (1940): given the sum of two Poisson counts one of them is
    binomial; the chance is summed over all sums.
    """
    first = before.n / clusters
    if first <= 0 or before.exposure_s <= 0 or after_s <= 0:
        return 0.0
    second = first * after_s / before.exposure_s * ratio
    events = likely_counts(first + second)
    low, high = _critical(events, after_s / (before.exposure_s + after_s))
    share = second / (first + second)
    found = scipy.stats.binom.cdf(low, events, share) + scipy.stats.binom.sf(
        high - 1, events, share
    )
    return float((scipy.stats.poisson.pmf(events, first + second) * found).sum())


def _critical(events: Reals, share: float) -> tuple[Reals, Reals]:
    """The largest count after that is too few and the smallest that is too many, for each sum."""
    low = scipy.stats.binom.ppf(_ALPHA / 2, events, share)
    low -= scipy.stats.binom.cdf(low, events, share) >= _ALPHA / 2
    high = scipy.stats.binom.isf(_ALPHA / 2, events, share) + 1
    high += scipy.stats.binom.sf(high - 1, events, share) >= _ALPHA / 2
    return low, high


def duration_power(sizes: tuple[int, int], ratio: float, log_spread: float) -> float:
    """The chance that the rank test finds durations that last `ratio` times as long.

    `sizes` are the durations before and after, `log_spread` the standard deviation of their
    natural logarithms. The chance has an error of its own: two standard errors are 5 points.

    Source: simulation of the Mann-Whitney test on log-normal durations.
    """
    first, second = sizes
    if min(sizes) == 0 or best_rank_p(first, second) >= _ALPHA:
        return 0.0
    rng = np.random.default_rng(1)
    before = rng.normal(0.0, 1.0, (_PAIRS, first))
    shift = math.log(ratio) / log_spread if log_spread else math.copysign(math.inf, ratio - 1)
    if math.isinf(shift):
        return float(ratio != 1)
    after = rng.normal(shift, 1.0, (_PAIRS, second))
    told = [rank_test(*pair).p_value < _ALPHA for pair in zip(before, after, strict=True)]
    return sum(told) / _PAIRS

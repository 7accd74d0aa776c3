"""How likely a true change of a given size would be found: power, by the size of the data.

rate_power       the exact test of two counts            closed form
outage_power     the permutation of outages              400 seeded pairs
duration_power   the Mann-Whitney test of durations      400 seeded pairs
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy

from slo.evidence.comparison import Count
from slo.facts import Reals

_PAIRS = 400
"""With so many pairs a power is known to 5 points (two standard errors at one half)."""
_DRAWS = 1_000
_EXACT_PAIRS = 2_500
_FAR = 1e-9


def rate_power(
    before: Count, after_s: float, ratio: float, *, alpha: float = 0.05, clusters: float = 1.0
) -> float:
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
    events = _likely_counts(first + second)
    low, high = _critical(events, after_s / (before.exposure_s + after_s), alpha)
    share = second / (first + second)
    found = scipy.stats.binom.cdf(low, events, share) + scipy.stats.binom.sf(
        high - 1, events, share
    )
    return float((scipy.stats.poisson.pmf(events, first + second) * found).sum())


def _likely_counts(mean: float) -> np.ndarray:
    """All counts of a Poisson law but a billionth at either end."""
    return np.arange(scipy.stats.poisson.ppf(_FAR, mean), scipy.stats.poisson.isf(_FAR, mean) + 1)


def _critical(events: np.ndarray, share: float, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """The largest count after that is too few and the smallest that is too many, for each sum."""
    low = scipy.stats.binom.ppf(alpha / 2, events, share)
    low -= scipy.stats.binom.cdf(low, events, share) >= alpha / 2
    high = scipy.stats.binom.isf(alpha / 2, events, share) + 1
    high += scipy.stats.binom.sf(high - 1, events, share) >= alpha / 2
    return low, high


def outage_power(
    outages_s: Sequence[float],
    times: tuple[float, float],
    ratio: float,
    *,
    alpha: float = 0.05,
    seed: int = 1,
) -> float:
    """The chance that the permutation of outages finds `ratio` times as many of the same lengths.

    `outages_s` are the outages before, `times` the seconds observed before and after. Lengths are
    drawn from those before. None at all: no chance. The chance has an error of its own: two
    standard errors are 5 points.

    Source: simulation of `slo.evidence.uptime.outage_permutation`: each outage falls in *after* with
    the chance that its share of the time gives.
    """
    if not outages_s or min(times) <= 0:
        return 0.0
    rng = np.random.default_rng(seed)
    mean = len(outages_s)
    means = np.array([[mean], [mean * ratio * times[1] / times[0]]])
    counts = rng.poisson(means, (2, _PAIRS))
    most = int(counts.sum(axis=0).max())
    lengths = rng.choice(np.asarray(outages_s, np.float64), (most, _PAIRS))
    place = np.arange(most)[:, None]
    lengths *= place < counts.sum(axis=0)
    seen = (lengths * (place >= counts[0])).sum(axis=0)
    return permuted_power(lengths, seen, times[1] / sum(times), alpha=alpha, rng=rng)


def permuted_power(
    lengths: Reals, seen: Reals, share: float, *, alpha: float, rng: np.random.Generator
) -> float:
    """How many of the columns the permutation of outages finds: a column is a pair of periods.

    `lengths` holds the outages of both periods (0 for none), `seen` the sum of those after,
    `share` the chance of an outage to fall after.
    """
    drawn = rng.random((_DRAWS, len(lengths))) < share
    chance = drawn.astype(np.float64) @ lengths
    slack = 1e-9 * (1 + seen)
    low, high = (chance <= seen + slack).mean(axis=0), (chance >= seen - slack).mean(axis=0)
    return float((2 * np.minimum(low, high) < alpha).mean())


def duration_power(
    sizes: tuple[int, int],
    ratio: float,
    log_spread: float,
    *,
    alpha: float = 0.05,
    seed: int = 1,
) -> float:
    """The chance that the rank test finds durations that last `ratio` times as long.

    `sizes` are the durations before and after, `log_spread` the standard deviation of their
    natural logarithms. The chance has an error of its own: two standard errors are 5 points.

    Source: simulation of the Mann-Whitney test on log-normal durations.
    """
    first, second = sizes
    if min(sizes) == 0 or 2 / math.comb(first + second, first) >= alpha:
        return 0.0
    rng = np.random.default_rng(seed)
    before = rng.normal(0.0, 1.0, (_PAIRS, first))
    shift = math.log(ratio) / log_spread if log_spread else math.copysign(math.inf, ratio - 1)
    if math.isinf(shift):
        return float(ratio != 1)
    after = rng.normal(shift, 1.0, (_PAIRS, second))
    method = "exact" if first * second <= _EXACT_PAIRS else "asymptotic"
    return float(
        (scipy.stats.mannwhitneyu(before, after, axis=1, method=method).pvalue < alpha).mean()
    )

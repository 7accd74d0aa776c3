"""The rank test of two samples, exactly and with ties, and the ratios that it cannot rule out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

from slo.evidence.comparison import Interval
from slo.evidence.exact import alpha_of
from slo.facts import Reals

_EXACT = 5_000
"""Up to so many (smaller sample times all) the distribution is counted: 50 beside 50."""
_PAIRS = 1_000_000
_HALVINGS = 100
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class RankTest:
    """A two-sided p-value, and the smallest that samples of these sizes and ties could give."""

    p_value: float
    best_p: float
    is_exact: bool


def best_rank_p(before: int, after: int) -> float:
    """The smallest p-value that so many values could give: all after below all before.

    >>> [round(best_rank_p(n, m), 4) for n, m in ((4, 4), (4, 3), (3, 3))]
    [0.0286, 0.0571, 0.1]
    """
    return min(1.0, 2 / math.comb(before + after, after))


def rank_test(before: Reals, after: Reals) -> RankTest:
    """Whether values after tend to be larger or smaller; ties share their mean rank.

    Every division of the ranks is counted up to some 50 on a side, with ties too; beyond, the
    normal limit with corrections for ties and continuity.

    >>> round(rank_test(np.array([5.0, 6.0, 7.0, 8.0]), np.array([1.0, 2.0, 3.0, 4.0])).p_value, 4)
    0.0286

    Source: Mann and Whitney, Annals of Mathematical Statistics 18, 1947; with ties the
    conditional distribution, Lehmann, "Nonparametrics", 1.4.
    """
    fewer = min(len(before), len(after))
    if fewer * (len(before) + len(after)) > _EXACT:
        p_value = float(scipy.stats.mannwhitneyu(after, before, method="asymptotic").pvalue)
        # All values equal: the normal limit has no width, and nothing can be told.
        known = 1.0 if math.isnan(p_value) else p_value
        return RankTest(known, best_rank_p(len(before), len(after)), is_exact=False)
    doubled = np.rint(2 * scipy.stats.rankdata(np.concatenate((before, after)))).astype(np.int64)
    seen = int(
        doubled[len(before) :].sum() if fewer == len(after) else doubled[: len(before)].sum()
    )
    chances = _rank_sums(doubled, fewer)
    possible = chances[np.flatnonzero(chances)]
    tails = float(chances[: seen + 1].sum()), float(chances[seen:].sum())
    ends = float(possible[0]), float(possible[-1])
    return RankTest(min(1.0, 2 * min(tails)), min(1.0, 2 * min(ends)), is_exact=True)


def ratio_of(before: Reals, after: Reals, *, confidence: float) -> tuple[float | None, Interval]:
    """How many times as large values are after: the median of all ratios, and its interval.

    None where zeros leave no median; an end that nothing bounds is None, below it is 0.

    Source: Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963, on logarithms.
    """
    pairs = len(before) * len(after)
    cut = _critical(len(before), len(after), alpha_of(confidence) / 2)
    wanted = [(pairs + 1) // 2, pairs // 2 + 1, cut + 1, pairs - cut]
    lower, upper, low, high = _order_statistics(before, after, wanted)
    middle = lower if lower == upper else (lower + upper) / 2
    if cut < 0:
        low, high = -math.inf, math.inf
    return (
        None if math.isnan(middle) else _exp(middle),
        Interval(_exp(low), None if math.isinf(high) and high > 0 else _exp(high)),
    )


def _rank_sums(ranks: Reals, size: int) -> Reals:
    """How probable each sum of the ranks of a sample of that size is, indexed by the sum."""
    whole = np.sort(ranks.astype(np.int64))
    table = np.zeros((size + 1, int(whole[len(whole) - size :].sum()) + 1))
    table[0, 0] = 1.0
    for rank in whole:  # the highest rank is in the highest sum, so none lies beyond the table
        table[1:, rank:] += table[:-1, : table.shape[1] - rank]
    chances: Reals = table[size] / table[size].sum()
    return chances


def _critical(before: int, after: int, half: float) -> int:
    """How many ratios may be cut off at either end; -1 where not even the outermost bounds."""
    fewer, both = min(before, after), before + after
    if fewer * both > _EXACT:
        z = float(scipy.special.ndtri(1 - half))
        width = math.sqrt(before * after * (both + 1) / 12)
        return max(-1, math.floor(before * after / 2 - z * width - 1 / 2))
    chances = _rank_sums(np.arange(1.0, both + 1), fewer)[fewer * (fewer + 1) // 2 :]
    return int((np.cumsum(chances) <= half * (1 + _ROUNDING)).sum()) - 1


def _order_statistics(before: Reals, after: Reals, wanted: list[int]) -> list[float]:
    """The wanted smallest logarithms of the ratios, counted from 1; 0 over 0 is a ratio of 1."""
    with np.errstate(divide="ignore"):
        first, second = np.log(np.sort(before)), np.log(np.sort(after))
    places = [min(max(place, 1), len(first) * len(second)) for place in wanted]
    if len(first) * len(second) > _PAIRS:
        return [_searched(first, second, place) for place in places]
    with np.errstate(invalid="ignore"):
        ratios = np.subtract.outer(second, first).ravel()
    ratios[np.isnan(ratios)] = 0.0
    ratios.sort()
    return [float(ratios[place - 1]) for place in places]


def _searched(first: Reals, second: Reals, place: int) -> float:
    """The same by halving a range: too many ratios to be written down."""
    finite = np.isfinite(first), np.isfinite(second)
    if not finite[0].any():
        return math.inf if finite[1].any() else 0.0
    if not finite[1].any():
        return -math.inf
    low = float(second[finite[1]][0] - first[-1]) - 1
    high = float(second[-1] - first[finite[0]][0]) + 1
    if _counted(first, second, high) < place:
        return math.inf
    if _counted(first, second, low) >= place:
        return -math.inf
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _counted(first, second, middle) >= place:
            high = middle
        else:
            low = middle
    return high


def _counted(first: Reals, second: Reals, limit: float) -> int:
    return int(np.searchsorted(second, first + limit, side="right").sum())


def _exp(value: float) -> float:
    return math.inf if value == math.inf else math.exp(value)

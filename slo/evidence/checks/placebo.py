"""Whether things were changing already: the same comparison inside *before*, half against half.

before  |---- first half ----|---- second half ----|   nothing was migrated here
        a change between the halves is a trend that the migration did not make
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Count, Hits, Scale, Side
from slo.evidence.rates import compared_rates
from slo.evidence.shares import compared_daily_shares
from slo.spans import Span

T = TypeVar("T")
_EXACT_PAIRS = 10_000
"""Up to so many pairs of values the exact distribution is counted out."""


@dataclass(frozen=True, slots=True)
class Placebo:
    """What the halves of *before* say: their comparison, and whether it tells a trend."""

    comparison: Comparison
    is_trend: bool

    @property
    def is_rising(self) -> bool | None:
        """Whether the second half lies above the first; None where neither does."""
        change, level = self.comparison.change, float(self.comparison.scale is Scale.RATIO)
        return None if change is None or change == level else change > level


def placebo(halves: tuple[T, T], compare: Callable[[T, T], Comparison], alpha: float) -> Placebo:
    """The comparison of two halves of *before*; a trend where its p-value is below alpha.

    No trend where the halves hold too little for a p-value: absence of evidence, so the sentence
    about it must give the p-value or say that there is none.
    """
    found = compare(*halves)
    return Placebo(found, found.p_value is not None and found.p_value < alpha)


def weekly_placebo(weeks: Sequence[float], *, alpha: float = 0.05) -> Placebo:
    """The placebo of weekly values (quantiles, shares, means) by the exact Mann-Whitney test."""
    return placebo(halves(weeks), compared_weeks, alpha)


def counted_placebo(
    times: Sequence[int], before: Span, *, clusters: float = 1.0, alpha: float = 0.05
) -> Placebo:
    """The placebo of events at these moments by the exact test of two rates.

    Events outside of the period are not counted; an event in the middle is of the second half.
    """

    def compare(first: Count, second: Count) -> Comparison:
        return compared_rates(first, second, confidence=1 - alpha, clusters=clusters)

    first, second = halved_span(before)
    return placebo((_count(times, first), _count(times, second)), compare, alpha)


def daily_placebo(days: Sequence[Hits], *, alpha: float = 0.05, seed: int = 1) -> Placebo:
    """The placebo of daily shares by the bootstrap of days."""

    def compare(first: Sequence[Hits], second: Sequence[Hits]) -> Comparison:
        return compared_daily_shares(first, second, confidence=1 - alpha, seed=seed)

    return placebo(halves(days), compare, alpha)


def halves(values: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """First and second half, equally long: of an odd number the middle one is left out.

    >>> halves([1, 2, 3, 4, 5])
    ([1, 2], [4, 5])
    """
    half = len(values) // 2
    return values[:half], values[len(values) - half :]


def halved_span(span: Span) -> tuple[Span, Span]:
    """First and second half of a period, the odd second with the second half.

    >>> halved_span(Span(0, 101))
    (Span(since=0, until=50), Span(since=50, until=101))
    """
    middle = span.since + span.length_s // 2
    return Span(span.since, middle), Span(middle, span.until)


def compared_weeks(before: Sequence[float], after: Sequence[float]) -> Comparison:
    """Weekly values compared by rank: the shift (after less before) and its exact p-value.

    The estimates are medians, the change is the Hodges-Lehmann shift: the median of all
    differences between a week after and a week before. With ties or more than 10,000 pairs the
    p-value is the normal one with continuity correction. A side without weeks gives no p-value.

    Raises:
        ValueError: a value is not finite; an unknown week has to be left out.

    Source: Mann and Whitney (1947); Hodges and Lehmann (1963). Days follow each other and
    would be called different too often; how often weeks are, docs/evidence.md says.
    """
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a week without a known value cannot be ranked: leave it out")
    sides = [Side(estimate=_median(each), n=len(each)) for each in (first, second)]
    if not (len(first) and len(second)):
        return Comparison(before=sides[0], after=sides[1], scale=Scale.DIFFERENCE, change=None)
    shift = float(np.median(np.subtract.outer(second, first)))
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.DIFFERENCE,
        change=shift,
        p_value=_p_value(first, second),
        best_p=_best_p(len(first), len(second)),
        method="Mann-Whitney test of weekly values",
    )


def _p_value(first: np.ndarray, second: np.ndarray) -> float:
    both = np.concatenate([first, second])
    if np.ptp(both) == 0:
        return 1.0
    is_tied = len(np.unique(both)) < len(both)
    exact = not is_tied and len(first) * len(second) <= _EXACT_PAIRS
    found = scipy.stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic")
    return min(float(found.pvalue), 1.0)


def _best_p(n: int, m: int) -> float:
    """The p-value of two samples that do not overlap: twice one of all their arrangements.

    >>> round(_best_p(4, 4), 4)
    0.0286
    """
    return min(2 / math.comb(n + m, n), 1.0)


def _median(values: np.ndarray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _count(times: Sequence[int], span: Span) -> Count:
    return Count(sum(span.since <= at < span.until for at in times), float(span.length_s))

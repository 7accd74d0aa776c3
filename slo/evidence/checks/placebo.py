"""Whether things were changing already: the same comparison inside *before*, half against half.

before  |---- first half ----|---- second half ----|   nothing was migrated here
        a change between the halves is a trend that the migration did not make
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from slo.evidence.comparison import Comparison, Count, Scale, Side
from slo.evidence.ranks import rank_test
from slo.evidence.rates import compared_rates
from slo.facts import Reals
from slo.lengths import WEEK_S

T = TypeVar("T")
_METHOD = "Mann-Whitney test of weekly values"


@dataclass(frozen=True, slots=True)
class Placebo:
    """What the halves of *before* say: their comparison, and whether it tells a trend."""

    comparison: Comparison
    is_trend: bool


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


def counted_placebo(weeks: Sequence[int], *, clusters: float = 1.0, alpha: float = 0.05) -> Placebo:
    """The placebo of events, as so many in each whole week, by the exact test of two rates."""

    def compare(first: Sequence[int], second: Sequence[int]) -> Comparison:
        counts = [Count(sum(half), float(len(half) * WEEK_S)) for half in (first, second)]
        return compared_rates(counts[0], counts[1], confidence=1 - alpha, clusters=clusters)

    return placebo(halves(weeks), compare, alpha)


def halves(values: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """First and second half, equally long: of an odd number the middle one is left out.

    >>> halves([1, 2, 3, 4, 5])
    ([1, 2], [4, 5])
    """
    half = len(values) // 2
    return values[:half], values[len(values) - half :]


def compared_weeks(before: Sequence[float], after: Sequence[float]) -> Comparison:
    """Weekly values compared by rank: the shift (after less before) and its p-value.

    The estimates are medians, the change is the Hodges-Lehmann shift: the median of all
    differences between a week after and a week before. A side without weeks gives no p-value.

    Raises:
        ValueError: a value is not finite; an unknown week has to be left out.

    Source: Mann and Whitney (1947), by `slo.evidence.ranks`; Hodges and Lehmann (1963). Days
    follow each other and would be called different too often; how often weeks are,
    docs/evidence.md says.
    """
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a week without a known value cannot be ranked: leave it out")
    sides = [Side(estimate=_median(each), n=len(each)) for each in (first, second)]
    if not (len(first) and len(second)):
        return Comparison(before=sides[0], after=sides[1], scale=Scale.DIFFERENCE, change=None)
    test = rank_test(first, second)
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.DIFFERENCE,
        change=float(np.median(np.subtract.outer(second, first))),
        p_value=test.p_value,
        best_p=test.best_p,
        method=f"{_METHOD}{', exact' if test.is_exact else ''}",
    )


def _median(values: Reals) -> float | None:
    return float(np.median(values)) if len(values) else None

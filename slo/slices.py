"""How good seconds were: weighed one by one, or judged by equal slices of time.

What is good in part is counted to 2^-24 of a second: then floats hold sums of 17 years exactly, in
whatever order they are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals
from slo.spans import Span

_PARTS = 1 << 24
_EXACT = float(1 << 53)


@dataclass(frozen=True, slots=True, eq=False)
class GoodSeconds:
    """Good seconds of bins, out of those that count."""

    at: Integers
    good_s: Reals
    total_s: Reals


def weighed(at: Integers, weight: Reals, valid_s: Integers, bin_s: int, span: Span) -> GoodSeconds:
    """The seconds of each bin of the span that are known, and how good they were.

    `at` is ascending and unique, a weight from 0 to 1 says how good the seconds from there on
    are, until the next one, at most `valid_s`; NaN is unknown. Nothing is claimed after the last.

    >>> moments, held = np.array([0, 60, 600]), np.array([300, 300, 300])
    >>> found = weighed(moments, np.array([1.0, 0.25, 1.0]), held, 60, Span(0, 600))
    >>> found.good_s.tolist(), found.total_s.tolist()
    ([60.0, 15.0, 15.0, 15.0, 15.0, 15.0], [60.0, 60.0, 60.0, 60.0, 60.0, 60.0])
    """
    if not len(at):
        return _nothing()
    known = ~np.isnan(weight)
    following = np.append(at[1:], at[-1])
    lengths = np.where(known, np.minimum(following, at + valid_s) - at, 0)
    parts = np.rint(np.where(known, weight, 0) * _PARTS).astype(np.int64)
    since = max(span.since, int(at[0]))
    until = max(since, min(span.until, int(at[-1])))
    bins = np.arange(since - since % bin_s, until, bin_s, dtype=np.int64)
    if not len(bins):
        return _nothing()
    edges = np.clip(np.append(bins, bins[-1] + bin_s), since, until)
    total = np.diff(_before(edges, at, lengths, np.ones(len(at), np.int64)))
    good = np.diff(_before(edges, at, lengths, parts))
    some = total > 0
    return GoodSeconds(bins[some], good[some] / _PARTS, total[some].astype(np.float64))


def sliced(
    at: Integers, counts: tuple[Reals, Reals], seconds: Reals, slice_s: int, target: Fraction | None
) -> GoodSeconds:
    """The seconds of each bin, as good as the slice it lies in.

    `counts` are good and total of each bin, `seconds` those of it that were observed. With a
    target all of a slice is good where good ÷ total reaches it, else none; without, each second
    is as good as the slice was. Slices begin at whole multiples of their length since 1970. One
    without events has no seconds that count.

    Source: OpenSLO v1, budgetingMethod Timeslices (timeSliceTarget) and RatioTimeslices.

    >>> minutes, counts = np.array([0, 60, 300]), (np.array([9.0, 0, 0]), np.array([9.0, 1, 0]))
    >>> found = sliced(minutes, counts, np.full(3, 60.0), 300, Fraction(9, 10))
    >>> found.good_s.tolist(), found.total_s.tolist()
    ([60.0, 60.0, 0.0], [60.0, 60.0, 0.0])
    """
    slices, place = np.unique(at - at % slice_s, return_inverse=True)
    good, total = (_by_slice(one, place, len(slices)) for one in counts)
    some = total > 0
    if target is None:
        share = np.divide(good, total, out=np.zeros(len(slices)), where=some)
    else:
        share = (some & reaches(good, total, target)).astype(np.float64)
    counted: Reals = seconds * some[place]
    return GoodSeconds(at, np.rint(counted * share[place] * _PARTS) / _PARTS, counted)


def reaches(good: Reals, total: Reals, target: Fraction) -> NDArray[np.bool_]:
    """Whether good ÷ total is the target or more, decided exactly.

    Whole counts are compared as products that floats hold exactly, all others as fractions.

    >>> reaches(np.array([899.0, 900.0]), np.array([1000.0, 1000.0]), Fraction(9, 10))
    array([False,  True])
    """
    left, right = good * target.denominator, total * target.numerator
    found: NDArray[np.bool_] = left >= right
    whole = (good == np.floor(good)) & (total == np.floor(total))
    exact = whole & (np.maximum(left, right) < _EXACT)
    for index in np.flatnonzero(~exact).tolist():
        found[index] = Fraction(float(good[index])) >= Fraction(float(total[index])) * target
    return found


def _by_slice(values: Reals, place: Integers, slices: int) -> Reals:
    return np.bincount(place, weights=values, minlength=slices).astype(np.float64)


def _before(moments: Integers, at: Integers, lengths: Integers, weights: Integers) -> Integers:
    """The weighed seconds that lie before each moment."""
    sums = np.append(0, np.cumsum(lengths * weights))
    index = np.searchsorted(at, moments, side="right") - 1
    inside = np.clip(moments - at[index], 0, lengths[index]) * weights[index]
    return np.where(index < 0, 0, sums[index] + inside)


def _nothing() -> GoodSeconds:
    return GoodSeconds(np.empty(0, np.int64), np.empty(0), np.empty(0))

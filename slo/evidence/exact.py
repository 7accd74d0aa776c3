"""The exact distributions that several methods rest on: binomial and Poisson, tails and intervals.

scipy is named whole, so that its parts load when something is compared and not before.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import scipy

from slo.evidence.comparison import Interval
from slo.facts import Reals

_HALF = 0.5


def alpha_of(confidence: float) -> float:
    """What is left of one beside the confidence, without the error of binary subtraction.

    >>> alpha_of(0.95)
    0.05

    Raises:
        ValueError: the confidence does not lie strictly between 0.5 and 1.
    """
    if not _HALF < confidence < 1:
        raise ValueError(f"a confidence lies strictly between 0.5 and 1, not at {confidence}")
    return float(1 - Decimal(repr(float(confidence))))


def doubled_tail(hits: int, of: int, share: float) -> float:
    """Twice the smaller tail of a binomial count, at most 1: it agrees with `clopper_pearson`.

    >>> round(doubled_tail(1, 6, 0.5), 9)
    0.21875

    Source: the central definition, Fay, "Two-sided exact tests and matching confidence intervals
    for discrete data", The R Journal 2(1), 2010; the minimum-likelihood p does not match.
    """
    found = doubled_tails(np.array([float(hits)]), np.array([float(of)]), np.array([share]))
    return float(found[0])


def doubled_tails(hits: Reals, of: Reals, share: Reals) -> Reals:
    """`doubled_tail` of many counts at once; counts are whole."""
    hits, of = hits.astype(np.int64), of.astype(np.int64)
    at_most = scipy.special.bdtr(hits, of, share)
    at_least = np.where(hits == 0, 1.0, scipy.special.bdtrc(np.maximum(hits - 1, 0), of, share))
    tails: Reals = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    return tails


def clopper_pearson(hits: int, of: int, *, confidence: float) -> tuple[float, float]:
    """Exact two-sided limits of a share; (0, 1) where there was nothing.

    Source: Clopper and Pearson, Biometrika 26, 1934.
    """
    half = alpha_of(confidence) / 2
    low = 0.0 if hits == 0 else float(scipy.special.betaincinv(hits, of - hits + 1, half))
    high = 1.0 if hits == of else float(scipy.special.betainccinv(hits + 1, of - hits, half))
    return low, high


def garwood(n: float, *, confidence: float) -> tuple[float, float]:
    """Exact two-sided limits of a Poisson mean of which `n` events were seen.

    >>> [round(limit, 3) for limit in garwood(3, confidence=0.95)]
    [0.619, 8.767]

    Source: Garwood, Biometrika 28, 1936, by the gamma distribution.
    """
    half = alpha_of(confidence) / 2
    low = 0.0 if n == 0 else float(scipy.special.gammaincinv(n, half))
    return low, float(scipy.special.gammainccinv(n + 1, half))


def mover(
    before: float, after: float, *, around_before: Interval, around_after: Interval
) -> Interval:
    """Limits of after less before from the limits of either; an unbounded end stays unbounded.

    Source: Zou and Donner, "Construction of confidence limits about effect measures: a general
    approach", Statistics in Medicine 27, 2008 (method of variance estimates recovery).
    """
    change = after - before
    below = _gone(after, around_after.low), _gone(before, around_before.high)
    above = _gone(after, around_after.high), _gone(before, around_before.low)
    return Interval(_moved(change, below, -1), _moved(change, above, +1))


def _gone(estimate: float, limit: float | None) -> float | None:
    return None if limit is None else estimate - limit


def _moved(change: float, parts: tuple[float | None, float | None], way: int) -> float | None:
    first, second = parts
    if first is None or second is None:
        return None
    return change + way * float((first * first + second * second) ** 0.5)

"""How often a method tells a change, and holds the truth, in pairs of which the truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from slo.evidence.comparison import Comparison
from slo.evidence.terms import Better, Verdict
from slo.evidence.verdict import VerdictRule, verdict

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Drawn:
    """What our method finds in a pair, and the p-value of the obvious test where there is one."""

    comparison: Comparison
    naive_p: float | None = None


Pair = Callable[[np.random.Generator], Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Shares of so many pairs: verdicts of a change, intervals that hold the truth, naive calls."""

    pairs: int
    told: float
    covered: float | None
    naive: float | None


def found(pair: Pair, truth: float, pairs: int, seed: int) -> Found:
    """What is found in so many pairs whose true change is `truth`."""
    chance = np.random.default_rng(seed)
    drawn = [pair(chance) for _ in range(pairs)]
    told = [is_told(each.comparison) for each in drawn]
    naive = [each.naive_p < ALPHA for each in drawn if each.naive_p is not None]
    intervals = [each.comparison.interval for each in drawn]
    held = [each.contains(truth) for each in intervals if each is not None]
    return Found(
        pairs=pairs,
        told=float(np.mean(told)),
        covered=float(np.mean(held)) if held else None,
        naive=float(np.mean(naive)) if naive else None,
    )


def is_told(comparison: Comparison) -> bool:
    """Whether a change is told: by the verdict, or by the p-value of a check that has no interval.

    Controls and weeks of services have no sides of their own, and so no verdict.
    """
    if (
        comparison.best_p is None
        or comparison.before.estimate is None
        or comparison.interval is None
    ):
        return comparison.p_value is not None and comparison.p_value < ALPHA
    rule = VerdictRule(better=Better.LOWER, alpha=ALPHA)
    return verdict(comparison, rule, comparison.p_value) in {Verdict.IMPROVED, Verdict.WORSE}


def most(share: float, pairs: int) -> float:
    """The share and two standard errors of it in so many pairs (binomial): chance stays below.

    >>> round(most(0.06, 1_000), 3)
    0.075
    """
    return share + 2 * math.sqrt(share * (1 - share) / pairs)

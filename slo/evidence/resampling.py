"""Whole weeks drawn anew: what a figure would have been in another run of the same weeks.

Days follow each other, and weeks a little: so weeks are what chance deals in, and pairs of weeks
where there are eight. Of few of them draws alone promise too much: the error that they give is
widened for their number, and judged by Student's t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Interval
from slo.evidence.ranks import rank_test
from slo.facts import Reals

RESAMPLES = 2_000
LEAST_P = 2 / (RESAMPLES + 1)
"""No p-value is told that is smaller than so many draws could show."""
METHOD = f"bootstrap of weeks, {RESAMPLES:,} seeded draws, Welch's t"
BY_RANK = (
    "Mann-Whitney test of weeks: those of a period all gave the same value, so it has no range"
)
_MORE_WEEKS = "More weeks in both periods: all those of one gave the same value."
FEW_DAYS = "At least 14 days with measurements, two whole weeks, in each period."
_ALIKE = 1e-12
"""Draws that differ by no more than this share of them are the same: the rest is binary fractions."""
_WEEK = 7
_MANY_WEEKS = 8
_DAYS = 14


@dataclass(frozen=True, slots=True)
class Scatter:
    """By how much an estimate would differ in another run, and of how many blocks it is made."""

    error: float
    blocks: int

    @classmethod
    def of(cls, draws: Reals, blocks: int) -> Scatter | None:
        """The standard error that draws of so many blocks show; None of fewer than two.

        None also where all draws are the same: that all weeks gave the same value does not say
        that the next one will, and an error of zero would be called certain.

        Source: Hesterberg, "What Teachers Should Know About the Bootstrap", The American
        Statistician 69, 2015: draws of n blocks scatter too little by sqrt((n - 1) / n).
        """
        if blocks <= 1 or not np.isfinite(draws).all():
            return None
        if np.ptp(draws) <= _ALIKE * max(1.0, float(np.abs(draws).max())):
            return None
        return cls(float(np.std(draws)) * math.sqrt(blocks / (blocks - 1)), blocks)

    def limits(self, estimate: float, alpha: float) -> Interval:
        """The estimate and its error on either side, by Student's t of the blocks but one."""
        return _limits(estimate, self.error, self.blocks - 1, alpha)


def enough_days(days: Reals) -> bool:
    """Whether a period has two weeks' worth of days on which anything was counted."""
    return int((days > 0).sum()) >= _DAYS


def blocks_of(days: Reals) -> Reals:
    """Rows of days in order as sums of weeks, from eight weeks on of two weeks each.

    A rest that fills none is with the last of them; those in which nothing was counted are left
    out.

    >>> blocks_of(np.ones((17, 1))).tolist(), len(blocks_of(np.ones((56, 1))))
    ([[7.0], [10.0]], 4)
    """
    length = _WEEK if len(days) < _MANY_WEEKS * _WEEK else 2 * _WEEK
    starts = np.arange(0, max(len(days) - length + 1, 1), length)
    blocks = np.add.reduceat(days, starts, axis=0)
    kept: Reals = blocks[blocks.any(axis=1)]
    return kept


def resamples(blocks: int, chance: np.random.Generator) -> Reals:
    """How often each draw holds each block: a row a draw, with as many blocks as there are."""
    drawn = chance.integers(blocks, size=(RESAMPLES, blocks))
    flat = (drawn + np.arange(RESAMPLES)[:, None] * blocks).ravel()
    counts = np.bincount(flat, minlength=RESAMPLES * blocks)
    return counts.reshape(RESAMPLES, blocks).astype(np.float64)


def change_limits(
    change: float, before: Scatter | None, after: Scatter | None, alpha: float
) -> Interval | None:
    """The change and its error on either side; None where a side has no error of its own.

    Source: Welch, "The generalization of Student's problem when several different population
    variances are involved", Biometrika 34, 1947.
    """
    if before is None or after is None:
        return None
    return _limits(change, math.hypot(before.error, after.error), _freedom(before, after), alpha)


def change_p(change: float, before: Scatter | None, after: Scatter | None) -> float | None:
    """How probable a change at least so far from none is, where there is none; never 0."""
    if before is None or after is None:
        return None
    error = math.hypot(before.error, after.error)
    tail = scipy.special.stdtr(_freedom(before, after), -abs(change) / error)
    return min(1.0, max(LEAST_P, 2 * float(tail)))


def judged_by_rank(found: Comparison, weeks: tuple[Reals, Reals], alpha: float) -> Comparison:
    """The comparison of periods one of which has no scatter: its weeks against the other's.

    Without an error there is no range, and the test by rank needs none.
    """
    test = rank_test(*weeks)
    return replace(
        found,
        p_value=test.p_value,
        best_p=test.best_p,
        method=BY_RANK,
        enough="" if test.best_p < alpha else _MORE_WEEKS,
    )


def _freedom(before: Scatter, after: Scatter) -> float:
    """Degrees of freedom of two errors together."""
    squares = [each.error**2 for each in (before, after)]
    # As shares of their sum, so that no error is too small for its fourth power.
    shares = [each / sum(squares) for each in squares]
    return 1 / (shares[0] ** 2 / (before.blocks - 1) + shares[1] ** 2 / (after.blocks - 1))


def _limits(estimate: float, error: float, freedom: float, alpha: float) -> Interval:
    reach = float(scipy.special.stdtrit(freedom, 1 - alpha / 2)) * error
    return Interval(estimate - reach, estimate + reach)

"""Whole days drawn anew: what a figure would have been in another run of the same days."""

from __future__ import annotations

import math

import numpy as np

from slo.evidence.comparison import Interval
from slo.facts import Reals

RESAMPLES = 2_000
FEW_DAYS = "At least 14 days with measurements, two whole weeks, in each period."
_WEEK = 7
_WEEKS = 8
_DAYS = 14


def enough_days(before: Reals, after: Reals) -> bool:
    """Whether either period has two weeks' worth of days on which anything was counted."""
    return all(int((each > 0).sum()) >= _DAYS for each in (before, after))


def blocks_of(before: Reals, after: Reals) -> tuple[tuple[Reals, Reals], str]:
    """What is drawn as a whole, and its name: weeks where either side has eight, else days.

    Rows are days in order; rows of a block are summed, a week that is not whole stands alone,
    and blocks in which nothing was counted are left out.
    """
    weekly = min(len(before), len(after)) >= _WEEK * _WEEKS
    sides = [_weeks(each) if weekly else each for each in (before, after)]
    kept = [each[each.any(axis=1)] for each in sides]
    return (kept[0], kept[1]), "weeks" if weekly else "days"


def resamples(blocks: int, chance: np.random.Generator) -> Reals:
    """How often each draw holds each block: a row a draw, with as many blocks as there are."""
    drawn = chance.integers(blocks, size=(RESAMPLES, blocks))
    flat = (drawn + np.arange(RESAMPLES)[:, None] * blocks).ravel()
    counts = np.bincount(flat, minlength=RESAMPLES * blocks)
    return counts.reshape(RESAMPLES, blocks).astype(np.float64)


def drawn_limits(values: Reals, alpha: float) -> Interval:
    """The range that leaves half of alpha of the draws on either side, outwards to a draw.

    An end at infinity is unbounded.
    """
    ordered = np.sort(values)
    cut = math.floor(len(ordered) * alpha / 2)
    low, high = float(ordered[cut]), float(ordered[len(ordered) - 1 - cut])
    return Interval(low if math.isfinite(low) else None, high if math.isfinite(high) else None)


def drawn_p(before: Reals, after: Reals) -> float:
    """Twice the share of draws on the rarer side of no change, at most 1 and never 0.

    Source: Davison and Hinkley, "Bootstrap Methods and their Application", 4.2 (the one added).
    """
    rarer = min(int((after <= before).sum()), int((after >= before).sum()))
    return min(1.0, 2 * (rarer + 1) / (len(before) + 1))


def _weeks(days: Reals) -> Reals:
    return np.add.reduceat(days, np.arange(0, len(days), _WEEK), axis=0)

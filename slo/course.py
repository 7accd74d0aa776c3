"""How the budget went: what was left at each moment, out of running sums of bins.

Every moment is judged as it was then, over the window that lay before it: what enters the
window is added, what leaves it is taken off, and nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals
from slo.objective import Objective

Flags = NDArray[np.bool_]
_LONG_AGO = -(2**62)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Counts of bins of one width, by time; a bin without a row was not measured.

    Corrections are taken off already. `at` is each bin's first second.
    """

    step_s: int
    at: Integers
    good: Reals
    total: Reals

    @property
    def bad(self) -> Reals:
        """Events that were not good, by bin."""
        return self.total - self.good

    def with_last(self, at: int, good: float, total: float) -> Steps:
        """The bins and one more behind them, which may have only begun."""
        return Steps(
            self.step_s,
            np.append(self.at, np.int64(at)),
            np.append(self.good, good),
            np.append(self.total, total),
        )

    def up_to(self, moments: Integers) -> tuple[Reals, Reals]:
        """Bad and total events of all bins that begin before each moment."""
        place = np.searchsorted(self.at, moments, side="left")
        return _running(self.bad)[place], _running(self.total)[place]

    def seconds_up_to(self, moments: Integers) -> Integers:
        """The measured seconds of all bins that begin before each moment."""
        return np.searchsorted(self.at, moments, side="left") * self.step_s

    def ends_before(self, moments: Integers) -> Integers:
        """Where the last bin that ended by each moment ended; long ago where none did."""
        ends = np.concatenate(([_LONG_AGO], self.at + self.step_s))
        return ends[np.searchsorted(ends, moments, side="right") - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The share of the budget left at each moment, and what was spent in the step before it.

    `left` and `spent` mean something only where `known`: elsewhere nothing was measured, or
    nothing had happened. `measured` is the share of the window that was: while it is small,
    each bad event weighs more than it will.
    """

    at: Integers
    left: Reals
    spent: Reals
    measured: Reals
    known: Flags

    @property
    def points(self) -> tuple[float | None, ...]:
        """The share left at each moment; None where it is not known."""
        pairs = zip(self.left.tolist(), self.known.tolist(), strict=True)
        return tuple(left if known else None for left, known in pairs)

    def to(self, moment: int, left: float, spent: float) -> Course:
        """The course with one moment more, however far it lies behind the grid's last."""
        return Course(
            np.append(self.at, np.int64(moment)),
            np.append(self.left, left),
            np.append(self.spent, spent),
            np.append(self.measured, self.measured[-1:]),
            np.append(self.known, True),
        )


@dataclass(frozen=True, slots=True)
class Sliding:
    """How the window moves: its length, and what it held where the bins begin.

    Without a length it begins once and grows, as a calendar's does; `whole_s` is then the
    length of the whole period, against which what is spent is held.
    """

    bad: float
    total: float
    length_s: int | None = None
    since: int = 0
    whole_s: int = 0
    observed_s: int = 0


def course(
    objective: Objective,
    moments: Integers,
    sliding: Sliding,
    entering: Steps,
    leaving: Steps,
    held_s: int,
) -> Course:
    """The budget left at each of the ascending moments, which lie on the bins' grid.

    Where a hole of the data begins the budget stands for `held_s` as it last stood; after that
    it is not known until something is measured again.
    """
    bad, total = entering.up_to(moments)
    bad, total = bad + sliding.bad, total + sliding.total
    if sliding.length_s is not None:
        gone = leaving.up_to(moments - sliding.length_s)
        bad, total = bad - gone[0], total - gone[1]
    happened = total > 0
    share = _share(moments, sliding, float(objective.error_budget))
    rate = share / np.where(happened, total, 1.0)
    ended = entering.ends_before(moments)
    stood = np.minimum(np.searchsorted(moments, ended), np.arange(len(moments)))
    known = happened[stood] & (moments - ended <= held_s)
    spent = _fresh(entering, moments) * rate
    measured = _measured(moments, sliding, entering, leaving)
    return Course(moments, 1.0 - (bad * rate)[stood], spent, measured, known)


def weighed(courses: Sequence[Course], shares: Sequence[Fraction]) -> Course:
    """The course of members by weight: what each spends counts by its share of the whole.

    They have the same moments; it is known where all of them are.
    """
    each = [*zip(courses, map(float, shares), strict=True)]
    return Course(
        courses[0].at,
        1.0 - _sum([(1.0 - one.left) * share for one, share in each]),
        _sum([one.spent * share for one, share in each]),
        _sum([one.measured * share for one, share in each]),
        np.logical_and.reduce([one.known for one in courses]),
    )


def _sum(columns: Sequence[Reals]) -> Reals:
    return np.asarray(np.sum(columns, axis=0), np.float64)


def _measured(moments: Integers, sliding: Sliding, entering: Steps, leaving: Steps) -> Reals:
    """The measured share of each window; all of a growing one, whose spends weigh by time.

    A bin that was measured in part leaves as a whole one, and may so take more than there was.
    """
    if sliding.length_s is None:
        return np.ones(len(moments))
    gone_s = leaving.seconds_up_to(moments - sliding.length_s)
    seconds = sliding.observed_s + entering.seconds_up_to(moments) - gone_s
    return np.maximum(seconds / sliding.length_s, 0.0)


def _share(moments: Integers, sliding: Sliding, budget: float) -> Reals:
    """What one bad share weighs: all of the budget, or the elapsed part of a period's."""
    if sliding.length_s is not None or not sliding.whole_s:
        return np.full(len(moments), 1.0 / budget)
    return (moments - sliding.since) / (sliding.whole_s * budget)


def _fresh(entering: Steps, moments: Integers) -> Reals:
    """The bad events of the bins between each moment and the one before it."""
    bad, _ = entering.up_to(moments)
    return np.diff(bad, prepend=bad[:1])


def _running(counts: Reals) -> Reals:
    """The sum of the first n counts by n."""
    return np.concatenate(([0.0], np.cumsum(counts)))

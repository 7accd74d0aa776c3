"""What the evidence amounts to, in the order in which it may be said."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.terms import Better, Goal, GoalResult, Op, Verdict

_EQUAL = 1e-12
"""Values nearer to a limit than this share of it are at it: what binary fractions round away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRule:
    """How a verdict is reached; ratios all (0.05, 0.8, 0.1 for 10 %), None for what is not asked."""

    better: Better | None
    alpha: float = 0.05
    min_coverage: Fraction | float = Fraction(80, 100)
    same_within: Fraction | float | None = None


def verdict(comparison: Comparison, rule: VerdictRule, p_adjusted: float | None) -> Verdict:
    """The verdict, by `p_adjusted` (the family's; the plain one where nothing is adjusted).

    First whether anything could be told at all: enough of either period observed, and a test
    that can reach alpha with data of this size. Then a change must be told by the test and by
    the interval, which may rest on different methods. No evidence of change is not evidence of
    none: "about the same" needs the inner interval within `same_within` of no change.
    What has no test (single readings), and what has no better side, is not tested.
    """
    if not can_tell(comparison, rule):
        return Verdict.NOT_ENOUGH
    if comparison.best_p is None or rule.better is None or p_adjusted is None:
        return Verdict.NOT_TESTED
    side = _side_of_change(comparison)
    if p_adjusted < rule.alpha and side is not None:
        return Verdict.IMPROVED if side is rule.better else Verdict.WORSE
    return Verdict.SAME if _is_same(comparison, rule.same_within) else Verdict.NO_EVIDENCE


def can_tell(comparison: Comparison, rule: VerdictRule) -> bool:
    """Whether data of this size could tell a change at all, whatever they say.

    It looks at how much was observed and at the smallest p-value that could come out, never at
    the one that did; so what cannot tell may be left out before p-values are adjusted together.

    Source: Tarone, Biometrics 46, 1990: a test that cannot reach alpha adds nothing to the
    chance of an error in the family.
    """
    if not _is_measured(comparison, rule.min_coverage):
        return False
    return comparison.best_p is None or comparison.best_p < rule.alpha


def goal_result(
    after: Side, goal: Goal, *, is_certain: bool | None = None, is_reading: bool = True
) -> GoalResult:
    """Whether the estimate after meets the goal, and whether its whole interval does.

    `is_certain` replaces the interval where there is a better one (the share of requests at most
    as slow as the goal). A single reading has no interval and is what it is; an estimate that is
    none (`is_reading`), and of which no interval is known, is not certain.
    """
    if after.estimate is None:
        return GoalResult.UNKNOWN
    if not _meets(after.estimate, goal):
        return GoalResult.MISSED
    if is_certain is None:
        is_certain = is_reading if after.interval is None else _is_wholly(after.interval, goal)
    return GoalResult.MET if is_certain else GoalResult.NOT_CERTAIN


def guarded(
    comparison: Comparison,
    better: Better,
    max_worse: Fraction | float,
    *,
    alpha: float = 0.05,
    min_coverage: Fraction | float = Fraction(80, 100),
) -> Verdict:
    """Whether a guardrail held: it may be worse by at most `max_worse` of what was before.

    Inside where the whole interval is; beyond where the estimate is and harm is told; worse
    where harm is told but not how much; else no evidence. A single reading is compared as it is.
    """
    worse = _worse_by(comparison, better)
    if worse is None or not _is_measured(comparison, min_coverage):
        return Verdict.NOT_ENOUGH
    if comparison.best_p is not None and comparison.best_p >= alpha:
        return Verdict.NOT_ENOUGH
    estimate, around = worse
    is_inside = estimate <= float(max_worse) + _EQUAL
    if around is None and comparison.best_p is None:
        return Verdict.INSIDE if is_inside else Verdict.BEYOND
    # What was tested and has no range may be as much worse as it likes.
    around = around or Interval(None, None)
    if around.high is not None and around.high <= float(max_worse) + _EQUAL:
        return Verdict.INSIDE
    if around.low is None or around.low <= 0:
        return Verdict.NO_EVIDENCE
    return Verdict.WORSE if is_inside else Verdict.BEYOND


def _is_measured(comparison: Comparison, min_coverage: Fraction | float) -> bool:
    sides = comparison.before, comparison.after
    if any(side.estimate is None for side in sides):
        return False
    covered = [side.coverage for side in sides if side.coverage is not None]
    return all(each >= float(min_coverage) - _EQUAL for each in covered)


def _side_of_change(comparison: Comparison) -> Better | None:
    """The side of no change on which the whole interval lies; None where it lies on both.

    Without an interval (a test by rank of weeks that gave the same value) that of the change.
    """
    if comparison.interval is None:
        if comparison.is_rising is None:
            return None
        return Better.HIGHER if comparison.is_rising else Better.LOWER
    none = 1.0 if comparison.scale is Scale.RATIO else 0.0
    low, high = comparison.interval.low, comparison.interval.high
    if high is not None and high < none:
        return Better.LOWER
    return Better.HIGHER if low is not None and low > none else None


def _is_same(comparison: Comparison, same_within: Fraction | float | None) -> bool:
    relative = _relative(comparison, comparison.inner)
    if same_within is None or relative is None or relative.low is None or relative.high is None:
        return False
    limit = float(same_within) + _EQUAL
    return -limit <= relative.low and relative.high <= limit


def _worse_by(comparison: Comparison, better: Better) -> tuple[float, Interval | None] | None:
    """By how much of what was before it is worse, below 0 for better; and its interval."""
    if comparison.change is None:
        return None
    change = _relative(comparison, Interval(comparison.change, comparison.change))
    if change is None or change.low is None:
        return None
    around = _relative(comparison, comparison.interval)
    if better is Better.LOWER:
        return change.low, around
    return -change.low, None if around is None else _turned(around)


def _relative(comparison: Comparison, change: Interval | None) -> Interval | None:
    """Changes as shares of what was before; None where that was nothing."""
    if change is None:
        return None
    if comparison.scale is Scale.RATIO:
        return Interval(*(None if end is None else end - 1 for end in (change.low, change.high)))
    base = comparison.relative_to
    base = abs(base if base is not None else comparison.before.estimate or 0.0)
    if not base:
        return None
    return Interval(*(None if end is None else end / base for end in (change.low, change.high)))


def _turned(interval: Interval) -> Interval:
    low, high = interval.low, interval.high
    return Interval(None if high is None else -high, None if low is None else -low)


def _is_wholly(interval: Interval, goal: Goal) -> bool:
    end = interval.high if goal.op in {Op.LT, Op.LTE} else interval.low
    return end is not None and _meets(end, goal)


def _meets(value: float, goal: Goal) -> bool:
    is_at = abs(value - goal.value) <= _EQUAL * abs(goal.value)
    match goal.op:
        case Op.LT:
            return value < goal.value and not is_at
        case Op.LTE:
            return value < goal.value or is_at
        case Op.GT:
            return value > goal.value and not is_at
        case Op.GTE:
            return value > goal.value or is_at

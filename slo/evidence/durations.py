"""Do things take longer or less long: durations of two periods, those still open among them."""

from __future__ import annotations

import math

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Interval, Lasted, Scale, Side
from slo.evidence.exact import alpha_of, mover
from slo.evidence.ranks import RankTest, best_rank_p, rank_test, ratio_of
from slo.evidence.survival import Survival, log_rank

_HALF = 0.5
_MANY = 100


def compared_durations(before: Lasted, after: Lasted, *, confidence: float = 0.95) -> Comparison:
    """How many times as long things take after; sides are medians.

    Where all have ended: the Hodges-Lehmann ratio (the median of all ratios of one after to one
    before) with the interval that the rank test inverts to. With open ones: the ratio of
    Kaplan-Meier medians and the log-rank test; to drop the open ones is to drop the longest.
    An empty side has no estimate.

    >>> found = compared_durations(Lasted((4.0, 8.0, 6.0, 5.0)), Lasted((2.0, 3.0, 1.0, 2.5)))
    >>> round(found.change, 3), round(found.p_value, 4)
    (0.387, 0.0286)

    Source: Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963; Kaplan and Meier,
    Journal of the American Statistical Association 53, 1958.
    """
    sides = (
        median_with_open(before, confidence=confidence),
        median_with_open(after, confidence=confidence),
    )
    if not (sides[0].n and sides[1].n):
        return Comparison(
            before=sides[0],
            after=sides[1],
            scale=Scale.RATIO,
            change=None,
            best_p=1.0,
            method="Mann-Whitney test",
            enough="At least one of the kind in each of the periods.",
        )
    if before.open_s or after.open_s:
        return _with_open(before, after, sides, confidence)
    return _all_ended(before, after, sides, confidence)


def median_with_open(lasted: Lasted, *, confidence: float = 0.95) -> Side:
    """The median duration in seconds, with its interval; None where it is not reached yet.

    With open ones it is the first duration that fewer than half outlast (Kaplan-Meier): an open
    one says only that it lasts longer than so far. Where all ended it is the middle one, or the
    mean of the two in the middle, with exact limits by order statistics.

    >>> median_with_open(Lasted((0.2, 0.5, 0.9), (30.0,))).estimate
    0.9
    >>> median_with_open(Lasted((0.2, 0.5, 0.9))).estimate
    0.5

    Source: Kaplan and Meier (1958); David and Nagaraja, "Order Statistics", 7.1.
    """
    n = len(lasted.ended_s) + len(lasted.open_s)
    if not n:
        return Side(estimate=None, n=0)
    if not lasted.open_s:
        limits = _order_limits(lasted.ended_s, confidence)
        return Side(estimate=float(np.median(lasted.ended_s)), n=n, interval=limits)
    curve = Survival.of(lasted)
    return Side(
        estimate=curve.median_s,
        n=n,
        still_open=len(lasted.open_s),
        interval=curve.median_limits(confidence=confidence),
    )


def _all_ended(
    before: Lasted, after: Lasted, sides: tuple[Side, Side], confidence: float
) -> Comparison:
    was, now = np.array(before.ended_s), np.array(after.ended_s)
    test, alpha = rank_test(was, now), alpha_of(confidence)
    change, interval = ratio_of(was, now, confidence=confidence)
    # Twice nothing is nothing: where half of both took no time at all there is no ratio.
    is_known = bool(sides[0].estimate or sides[1].estimate)
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.RATIO,
        change=change if is_known else None,
        interval=_range(interval) if is_known else None,
        inner=_range(ratio_of(was, now, confidence=1 - 2 * alpha)[1]) if is_known else None,
        p_value=test.p_value,
        best_p=test.best_p,
        method=f"Mann-Whitney test{', exact' if test.is_exact else ''}",
        enough=_enough(test, sides, alpha),
    )


def _with_open(
    before: Lasted, after: Lasted, sides: tuple[Side, Side], confidence: float
) -> Comparison:
    test, alpha = log_rank(before, after), alpha_of(confidence)
    inner = [median_with_open(each, confidence=1 - 2 * alpha) for each in (before, after)]
    was, now = sides[0].estimate, sides[1].estimate
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.RATIO,
        change=None
        if was is None or now is None or was == now == 0
        else now / was
        if was
        else math.inf,
        interval=_ratio_limits(sides[0], sides[1]),
        inner=_ratio_limits(inner[0], inner[1]),
        p_value=test.p_value,
        best_p=test.best_p,
        method=f"log-rank test{', exact' if test.is_exact else ''}",
        enough=_enough(test, sides, alpha),
    )


def _range(interval: Interval) -> Interval | None:
    """The interval; None where all values are the same, and so many alike are no certainty."""
    return None if interval.low == interval.high else interval


def _ratio_limits(before: Side, after: Side) -> Interval | None:
    """Limits of the ratio of two medians, by their limits on logarithms; None without a median."""
    if not (before.estimate and after.estimate and before.interval and after.interval):
        return None
    moved = mover(
        math.log(before.estimate),
        math.log(after.estimate),
        around_before=_logs(before.interval),
        around_after=_logs(after.interval),
    )
    return Interval(
        0.0 if moved.low is None else math.exp(moved.low),
        None if moved.high is None else math.exp(moved.high),
    )


def _logs(interval: Interval) -> Interval:
    return Interval(*(math.log(end) if end else None for end in (interval.low, interval.high)))


def _order_limits(values: tuple[float, ...], confidence: float) -> Interval | None:
    """Exact limits of a median: from nothing to unbounded of too few, None where they are one."""
    ordered, n = sorted(float(each) for each in values), len(values)
    below = scipy.special.bdtr(np.arange(n), n, _HALF)
    cut = int((below <= alpha_of(confidence) / 2).sum())
    return _range(Interval(ordered[cut - 1], ordered[n - cut])) if cut else Interval(0.0, None)


def _enough(test: RankTest, sides: tuple[Side, Side], alpha: float) -> str:
    if test.best_p < alpha:
        return ""
    if best_rank_p(sides[0].n, sides[1].n) < alpha:
        return "Durations that differ: too many are the same, or have not ended."
    needed = next(n for n in range(1, _MANY) if best_rank_p(n, n) < alpha)
    have = f"of which there are {sides[0].n} and {sides[1].n}"
    return f"At least {needed} of the kind in each of the periods, {have}."

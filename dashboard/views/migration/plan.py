"""How many more days an open verdict needs, if all goes on as it did so far: a plan, no evidence."""

from __future__ import annotations

import math

from dashboard.measures.contract import Measured
from dashboard.views.migration.model import Row
from dashboard.views.migration.words import RATES
from slo.evidence.checks.waiting import days_for_durations, days_for_rate
from slo.evidence.comparison import Comparison, Count, Interval, Scale
from slo.evidence.terms import Role, Verdict

_OPEN = frozenset({Verdict.NO_EVIDENCE, Verdict.NOT_ENOUGH})
_DAY_S = 86_400
_LONGEST_D = 3_650
_WANTED_Z = 0.8416  # four of five times: the 80 % of the normal distribution
_NORMAL_Z = 1.96  # half of a 95 % range in standard errors
_RANK_FACTOR = math.pi / 3


def plan_words(row: Row, alpha: float) -> str:
    """When the verdict of a row may be expected; "" where there is one or nothing can be said."""
    if row.verdict not in _OPEN or row.metric.role is not Role.GOAL or row.measured is None:
        return ""
    if _days_after(row.measured.comparison) <= 0:
        return ""
    days = more_days(row.measured, alpha)
    name = row.metric.title
    if days is None:
        return f"{name}: ten more years like those so far would decide nothing."
    if days == 0:
        return ""
    return (
        f"{name}: about {_told(days)} more days until a verdict is likely,"
        " if all goes on as it did so far."
    )


def more_days(measured: Measured, alpha: float) -> int | None:
    """Further days after until a verdict is likely (four times of five); None beyond ten years."""
    found = measured.comparison
    if measured.unit in RATES:
        sides = [Count(side.n, side.exposure_s) for side in (found.before, found.after)]
        return days_for_rate(sides[0], sides[1], alpha=alpha, clusters=found.clusters)
    if measured.counted in {"days", ""} or found.scale is Scale.DIFFERENCE:
        return _by_ranges(found)
    spread = _log_spread(found)
    if spread is None or found.change is None:
        return None
    sizes = (found.before.n, found.after.n)
    return days_for_durations(sizes, _days_after(found), found.change, spread, alpha=alpha)


def _by_ranges(found: Comparison) -> int | None:
    """By how much the side after must be known better: its variance falls as its days grow.

    Source: the sample size of a normal test, (z of the range + z of the power)^2 variances.
    """
    variances = [_variance(side.interval, found.scale) for side in (found.before, found.after)]
    change = _size(found)
    if change is None or None in variances:
        return None
    before, after = (one for one in variances if one is not None)
    allowed = (change / (_NORMAL_Z + _WANTED_Z)) ** 2 - before
    if allowed <= 0:
        return None
    days = math.ceil(_days_after(found) * max(after / allowed - 1, 0.0))
    return days if days <= _LONGEST_D else None


def _size(found: Comparison) -> float | None:
    if found.change is None or not math.isfinite(found.change):
        return None
    if found.scale is Scale.DIFFERENCE:
        return found.change
    return math.log(found.change) if found.change > 0 else None


def _variance(interval: Interval | None, scale: Scale) -> float | None:
    """The variance that a range of a side means; of the logarithm where sides are divided."""
    width = _width(interval, scale)
    return None if width is None else (width / (2 * _NORMAL_Z)) ** 2


def _width(interval: Interval | None, scale: Scale) -> float | None:
    if interval is None or interval.low is None or interval.high is None:
        return None
    if scale is Scale.DIFFERENCE:
        return interval.high - interval.low
    is_told = 0 < interval.low <= interval.high < math.inf
    return math.log(interval.high / interval.low) if is_told else None


def _log_spread(found: Comparison) -> float | None:
    """How far single durations scatter, from the range of their ratio.

    Source: the variance of the Hodges-Lehmann shift of normal values, pi/3 (1/n + 1/m) of theirs.
    """
    width = _width(found.interval, Scale.RATIO)
    if width is None or not (found.before.n and found.after.n):
        return None
    share = _RANK_FACTOR * (1 / found.before.n + 1 / found.after.n)
    return width / (2 * _NORMAL_Z) / math.sqrt(share)


def _days_after(found: Comparison) -> float:
    return found.after.exposure_s / _DAY_S


def _told(days: int) -> str:
    """Two digits of a plan are enough.

    >>> _told(1234), _told(47), _told(3)
    ('1,300', '47', '3')
    """
    digits = max(len(str(days)) - 2, 0)
    return f"{math.ceil(days / 10**digits) * 10**digits if digits else days:,}"

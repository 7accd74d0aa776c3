"""Whether the verdict on uptime stands without the one largest outage."""

from __future__ import annotations

from dataclasses import dataclass

from slo.evidence.comparison import Comparison, Downtime
from slo.evidence.uptime import compared_uptime, without_largest


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The largest outage in seconds, whether it was before, and the comparison without it."""

    outage_s: float
    was_before: bool
    comparison: Comparison
    rests_on_it: bool


def without_the_largest(
    before: Downtime, after: Downtime, found: Comparison, *, alpha: float = 0.05, seed: int = 1
) -> LeftOut | None:
    """What is left of `found` without the largest outage; None where there was none.

    `rests_on_it`: with all outages the p-value is below alpha, and without it no longer, or the
    change then points the other way.
    """
    every = (*before.outages_s, *after.outages_s)
    if not every:
        return None
    largest = max(every)
    left = compared_uptime(*without_largest(before, after), confidence=1 - alpha, seed=seed)
    return LeftOut(
        largest,
        largest in before.outages_s,
        left,
        _is_significant(found, alpha)
        and not (_is_significant(left, alpha) and _same_way(found, left)),
    )


def _is_significant(found: Comparison, alpha: float) -> bool:
    return found.p_value is not None and found.p_value < alpha


def _same_way(one: Comparison, other: Comparison) -> bool:
    return one.change is not None and other.change is not None and one.change * other.change > 0

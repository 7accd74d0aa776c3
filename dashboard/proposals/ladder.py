"""Which objective, and which threshold, a measured past would have met."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from slo.objective import Objective

LADDER = tuple(
    Objective.from_percent(percent)
    for percent in ("90", "95", "99", "99.5", "99.9", "99.95", "99.99")
)
FIRST = LADDER[2]
"""Where to begin when nothing is measured."""
_DECENT = LADDER[1]

Edge = tuple[float, float]
"""An upper edge in seconds, and how many events came at or under it."""


def share_of(good: float, total: float) -> Fraction:
    """Good over total as far as a server's sums of floats can be trusted: to nine digits.

    >>> share_of(0.1 * 3, 0.3), share_of(1.0, 0.0)
    (Fraction(1, 1), Fraction(0, 1))
    """
    return min(Fraction(1), round(Fraction(good) / Fraction(total), 9)) if total else Fraction(0)


def met(good: float, total: float) -> Objective | None:
    """The highest rung that the events would have met, with at least one event as its budget.

    None when they met none, or were too few for any.

    >>> met(99_970, 100_000).percent, met(500, 500).percent, met(80, 100)
    (Decimal('99.95'), Decimal('99.5'), None)
    """
    share = share_of(good, total)
    reached = [
        rung for rung in LADDER if share >= rung.target and Fraction(total) * rung.error_budget >= 1
    ]
    return reached[-1] if reached else None


def smallest_edge(edges: Sequence[Edge], total: float) -> Edge | None:
    """The smallest edge under which at least 95 % of all events came; None if under none.

    >>> smallest_edge([(0.1, 90), (0.25, 96), (0.5, 99)], 100)
    (0.25, 96)
    """
    decent = (edge for edge in edges if share_of(edge[1], total) >= _DECENT.target)
    return next(decent, None)

"""How much of a span was observed at all, and whether that is enough."""

from __future__ import annotations

from fractions import Fraction

from slo.spans import Span
from slo.tally import Tally

ENOUGH = Fraction(1, 2)
"""Of a month or a window of which less was measured nothing is concluded."""


def is_enough(tally: Tally | None, span: Span, members: int = 1) -> bool:
    """Whether so much of the span was measured that its counts are held against a target.

    >>> is_enough(Tally(observed_s=1_800), Span(0, 3_600)), is_enough(None, Span(0, 3_600))
    (True, False)
    """
    share = coverage(tally, span, members)
    return share is not None and share >= ENOUGH


def coverage(tally: Tally | None, span: Span, members: int = 1) -> Fraction | None:
    """The observed share of a span, 0 to 1, over all members; None for an empty span.

    >>> coverage(Tally(observed_s=900), Span(0, 3_600))
    Fraction(1, 4)
    """
    if span.length_s == 0 or members == 0:
        return None
    observed_s = 0 if tally is None else tally.observed_s
    return min(Fraction(1), Fraction(observed_s, span.length_s * members))

"""How much of a span was observed at all."""

from __future__ import annotations

from fractions import Fraction

from slo.spans import Span
from slo.tally import Tally


def coverage(tally: Tally | None, span: Span, members: int = 1) -> Fraction | None:
    """The observed share of a span, 0 to 1, over all members; None for an empty span.

    >>> coverage(Tally(observed_s=900), Span(0, 3_600))
    Fraction(1, 4)
    """
    if span.length_s == 0 or members == 0:
        return None
    observed_s = 0 if tally is None else tally.observed_s
    return min(Fraction(1), Fraction(observed_s, span.length_s * members))

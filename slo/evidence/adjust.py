"""What p-values are worth when several were looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence

from slo.evidence.terms import Multiple


def adjusted(p_values: Sequence[float | None], how: Multiple) -> tuple[float | None, ...]:
    """Each p-value for being one of several, in the order given, at most 1; None stays None.

    What was not tested counts as no test.

    >>> [round(p, 4) for p in adjusted([0.01, 0.04, 0.03], Multiple.HOLM)]
    [0.03, 0.06, 0.06]

    Raises:
        ValueError: a p-value is no number from 0 to 1.

    Source: Holm, Scandinavian Journal of Statistics 6, 1979 (any error in the family);
    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995 (share of errors).
    """
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    if any(math.isnan(p) or not 0 <= p <= 1 for p, _ in tested):
        raise ValueError("a p-value is a number from 0 to 1")
    found: list[float | None] = list(p_values)
    match how:
        case Multiple.NONE:
            return tuple(found)
        case Multiple.HOLM:
            worst = 0.0
            for rank, (p, place) in enumerate(tested):
                worst = max(worst, min(1.0, p * (len(tested) - rank)))
                found[place] = worst
        case Multiple.BH:
            best = 1.0
            for rank, (p, place) in reversed(list(enumerate(tested, start=1))):
                best = min(best, p * len(tested) / rank)
                found[place] = best
    return tuple(found)

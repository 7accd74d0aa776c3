"""How the count of a longer row falls on its bins: as evenly as whole events allow."""

from __future__ import annotations

from itertools import pairwise


def spread(count: float, bins: int) -> list[float]:
    """The count in `bins` nearly equal parts whose sum is the count; whole stays whole.

    >>> spread(7, 5)
    [1.0, 1.0, 2.0, 1.0, 2.0]
    >>> spread(2.5, 1)
    [2.5]
    """
    if bins == 1:
        return [float(count)]
    whole = int(count)
    edges = [whole * i // bins for i in range(bins + 1)]
    parts = [float(until - since) for since, until in pairwise(edges)]
    parts[-1] += count - whole
    return parts

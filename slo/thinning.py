"""Which points of a long line are drawn: as many as a screen has room for, no extreme lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from slo.facts import Integers

MOST = 1_500
_A_BUCKET = 3


def thinned(values: Sequence[float | None], most: int = MOST) -> Integers:
    """The places of the points to draw, at most so many, ascending.

    Of every stretch the least, the greatest and the first unknown value stay, so that no
    extreme and no gap is lost; the first and the last point always stay.

    >>> thinned([1, 2, 9, 3, None, 3, 2, 1, -5, 1], most=8).tolist()
    [0, 2, 4, 5, 8, 9]
    """
    count = len(values)
    if count <= most:
        return np.arange(count, dtype=np.int64)
    numbers = np.array([np.nan if one is None else one for one in values], np.float64)
    edges = np.linspace(0, count, max((most - 2) // _A_BUCKET, 1) + 1).astype(np.int64)
    kept = {0, count - 1}
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        kept |= {first + place for place in _telling(numbers[first:end])}
    return np.array(sorted(kept), np.int64)


def _telling(part: np.ndarray[tuple[int], np.dtype[np.float64]]) -> set[int]:
    """The places of the least, the greatest and the first unknown value of a stretch."""
    unknown = np.isnan(part)
    found = {int(np.argmax(unknown))} if unknown.any() else set()
    if not unknown.all():
        found |= {int(np.nanargmin(part)), int(np.nanargmax(part))}
    return found

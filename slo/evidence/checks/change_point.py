"""When the one largest step lies, whatever made it: a trend has one too, so never whether."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_LEAST = 2
"""Values on each side of a break: one alone is an outlier."""


def best_break(values: Sequence[float]) -> int | None:
    """The index of the first value after the break that lowers the squared error most.

    Of equal breaks the first. None for fewer than four values, and where all are alike.

    >>> best_break([5, 5, 6, 5, 1, 1, 2, 1])
    4

    Raises:
        ValueError: a value is not finite.

    Source: Scott and Knott (1974), binary segmentation with one break and the cost of squares.
    """
    series = np.asarray(values, np.float64)
    if not np.isfinite(series).all():
        raise ValueError("a break cannot be looked for among values that are not finite")
    if len(series) < 2 * _LEAST or np.ptp(series) == 0:
        return None
    # Less the mean first: the gain is n1 n2 / n (mean1 - mean2)^2, and large levels cancel.
    sums = np.cumsum(series - series.mean())
    at = np.arange(_LEAST, len(series) - _LEAST + 1)
    gain = sums[at - 1] ** 2 * len(series) / (at * (len(series) - at))
    return int(at[np.argmax(gain)])


def break_at(days: Sequence[tuple[int, float | None]]) -> int | None:
    """The first second of the day with which the best break begins; days without value left out."""
    known = [(at, value) for at, value in days if value is not None]
    found = best_break([value for _, value in known])
    return None if found is None else known[found][0]

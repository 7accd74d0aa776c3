"""Every way in which a few values can be divided between two periods."""

from __future__ import annotations

import numpy as np

from slo.facts import Integers, Reals

ENUMERATED = 20
"""So many values are divided in every way; 2**20 sums take some hundredths of a second."""


def sums_and_sizes(values: Reals) -> tuple[Reals, Integers]:
    """The sum of every subset of the values, the empty one first, and how many it holds.

    >>> sums, sizes = sums_and_sizes(np.array([1.0, 5.0]))
    >>> sums.tolist(), sizes.tolist()
    ([0.0, 1.0, 5.0, 6.0], [0, 1, 1, 2])
    """
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int64)
    for value in values:
        sums = np.concatenate((sums, sums + value))
        sizes = np.concatenate((sizes, sizes + 1))
    return sums, sizes

"""How events spread over values: buckets that add up, and quantiles out of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from slo.facts import Reals

NARROW = 1.02
"""A bucket at most this wide (le / gt) stands for its geometric midpoint: at most 1 % off."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """An estimated quantile and the bucket edges between which the true one lies.

    In wide buckets the true one is the smallest value that the share q of events does not
    exceed, so that `high` is under a limit exactly when enough events are; in narrow ones it
    is the linear mean of two neighbours. `high` is infinite above the last finite edge; the
    estimate is then that edge, as in Prometheus: read it as "more than".
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Events in disjoint buckets (gt, le], ascending; buckets that are not listed are empty.

    `coarsened` says that buckets of different layouts met and only their common edges are
    left where they overlap.
    """

    gt: Reals
    le: Reals
    count: Reals
    coarsened: bool = False

    def __post_init__(self) -> None:
        """Refuse buckets that are empty of width, out of order or overlapping."""
        if (self.gt >= self.le).any() or (self.gt[1:] < self.le[:-1]).any():
            raise ValueError("buckets must be ascending, disjoint and wider than nothing")

    def __add__(self, other: Histogram) -> Histogram:
        """Join two spans or members; counts add, where the edges differ on common edges only."""
        return common_edges((self, other))

    @property
    def total(self) -> float:
        """All events."""
        return float(self.count.sum())

    def quantile(self, q: float) -> Quantile | None:
        """The value that the share `q` of events does not exceed; None without events.

        Within wide buckets linear as Prometheus' `histogram_quantile`; within narrow ones
        linear between order statistics that each stand at their bucket's geometric midpoint.

        >>> Histogram(np.array([0.0, 0.2]), np.array([0.2, 0.4]), np.array([90.0, 10.0])).quantile(
        ...     0.95)
        Quantile(estimate=0.30000000000000004, low=0.2, high=0.4)

        Raises:
            ValueError: q is no share from 0 to 1.
        """
        if not 0 <= q <= 1:
            raise ValueError(f"a quantile is a share from 0 to 1, not {q}")
        filled = self.count > 0
        if not filled.any():
            return None
        return _quantile(self.gt[filled], self.le[filled], self.count[filled], q)


def histogram(gt: Reals, le: Reals, count: Reals) -> Histogram:
    """The histogram of any rows: equal buckets are summed, overlapping ones become one.

    Overlapping buckets are what two layouts without a common edge in between leave behind.

    >>> histogram(np.array([0.0, 0.0]), np.array([0.5, 0.3]), np.array([5.0, 1.0])).le.tolist()
    [0.5]
    """
    order = np.lexsort((le, gt))
    gt, le, count = gt[order], le[order], count[order]
    reach = np.maximum.accumulate(le) if len(le) else le
    fresh = np.append(True, gt[1:] >= reach[:-1])[: len(gt)]
    first = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    joined_gt, joined_le = gt[first], reach[np.append(first[1:], len(gt))[: len(first)] - 1]
    summed = np.zeros(len(first))
    np.add.at(summed, group, count)
    coarsened = bool(((gt != joined_gt[group]) | (le != joined_le[group])).any())
    return Histogram(joined_gt, joined_le, summed, coarsened)


def common_edges(histograms: Sequence[Histogram]) -> Histogram:
    """All events of several histograms, on the edges that they have in common.

    The result says by `coarsened` whether edges were lost.
    """
    none = np.empty(0)
    merged = histogram(
        np.concatenate([none, *(one.gt for one in histograms)]),
        np.concatenate([none, *(one.le for one in histograms)]),
        np.concatenate([none, *(one.count for one in histograms)]),
    )
    coarsened = merged.coarsened or any(one.coarsened for one in histograms)
    return Histogram(merged.gt, merged.le, merged.count, coarsened)


def grid_bucket(values: Reals, thresholds: Iterable[float] = ()) -> tuple[Reals, Reals]:
    """The bucket (gt, le] of each raw value: edges 1 % apart and every threshold an edge.

    Values at or under 0 fall into (-inf, 0], so 0 counts as under any threshold and as
    nothing else; edges run from 1e-6 to 1e7, beyond them lie (0, 1e-6] and (1e7, +inf].

    >>> gt, le = grid_bucket(np.array([0.5]), thresholds=[0.5])
    >>> bool(gt[0] < 0.5), float(le[0])
    (True, 0.5)

    Raises:
        ValueError: a value is not a number.
    """
    if np.isnan(values).any():
        raise ValueError("a value that is not a number has no bucket")
    edges = np.union1d(_grid(), np.fromiter(thresholds, dtype=np.float64))
    index = np.searchsorted(edges, values, side="left")
    return edges[index - 1], edges[index]


@cache
def _grid() -> Reals:
    """Edges 1 % apart, six digits each, so that every machine has the very same numbers."""
    powers = range(-1388, 1620)
    inner = (float(f"{1.01**power:.6g}") for power in powers)
    return np.array([-math.inf, 0.0, *inner, math.inf])


def _quantile(gt: Reals, le: Reals, count: Reals, q: float) -> Quantile:
    below = np.cumsum(count)
    holder = int(np.searchsorted(below, q * below[-1], side="left"))
    if not _is_narrow(gt[holder], le[holder]):
        passed = q * below[-1] - (below[holder] - count[holder])
        estimate = _inside(gt[holder], le[holder], float(passed / count[holder]))
        return Quantile(estimate, float(gt[holder]), float(le[holder]))
    rank = max(0.0, q * float(below[-1] - 1))
    lower, upper = _bucket(below, math.floor(rank) + 1), _bucket(below, math.ceil(rank) + 1)
    low, high = (_stands_for(gt[index], le[index]) for index in (lower, upper))
    estimate = low + (rank - math.floor(rank)) * (high - low)
    return Quantile(estimate, float(gt[min(lower, holder)]), float(le[max(upper, holder)]))


def _bucket(below: Reals, position: float) -> int:
    """The bucket of the position-th smallest event, counted from 1."""
    return min(int(np.searchsorted(below, position, side="left")), len(below) - 1)


def _is_narrow(gt: float, le: float) -> bool:
    return gt > 0 and le <= NARROW * gt


def _stands_for(gt: float, le: float) -> float:
    """The value that an event of the bucket is taken to have."""
    return math.sqrt(gt * le) if _is_narrow(gt, le) else _inside(gt, le, 0.5)


def _inside(gt: float, le: float, share: float) -> float:
    """The point of the bucket with that share of it below; its finite edge if it has but one."""
    if math.isinf(le):
        return float(gt)
    if math.isinf(gt):
        return float(le)
    return float(gt + share * (le - gt))

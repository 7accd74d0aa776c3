"""How values spread over local days: raw ones or buckets, ready to be compared by percentile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collectors.store.columns import BucketColumns, ValueColumns
from dashboard.measures.days import Days
from slo.evidence.day_spreads import DaySpreads
from slo.evidence.quantiles import pooled_quantile
from slo.facts import Integers, Reals

_MOST_CELLS = 4_000_000
_FEWEST_COLUMNS = 1_024
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What was measured in a period: its days, how it spread, and a percentile of each day.

    `count` values were measured; `coarsened` where buckets of different edges met.
    """

    days: Days
    spreads: DaySpreads
    daily: tuple[float | None, ...]
    weekly: tuple[float, ...]
    count: float
    coarsened: bool = False


def of_values(columns: ValueColumns, days: Days, q: float, limit: float | None) -> Spread:
    """The spread of raw values; percentiles are nearest ranks, so each is a value measured.

    Where days times values would not fit into memory, values far from the percentile are taken
    together, each group standing for its largest, none across `limit`: the percentile and the
    share at or under the limit stay exact.
    """
    place, value = days.of(columns.at), columns.value
    weeks = list(days.weeks())
    week = np.full(len(days), -1, np.int64)
    for number, each in enumerate(weeks):
        week[each] = number
    weekly = _ranked(week[place], value, len(weeks), q)
    return Spread(
        days=days,
        spreads=_tabled(place, value, len(days), q, limit),
        daily=_ranked(place, value, len(days), q),
        weekly=tuple(one for one in weekly if one is not None),
        count=float(len(value)),
    )


def of_buckets(columns: BucketColumns, days: Days, q: float) -> Spread:
    """The spread of buckets; percentiles are linear inside of one."""
    gt, le, column, coarsened = _common(columns.gt, columns.le)
    place = days.of(np.maximum(columns.at, days.span.since))
    flat = place * len(gt) + column
    counts = np.bincount(flat, weights=columns.count, minlength=len(days) * len(gt))
    table = counts.reshape(len(days), len(gt)).astype(np.float64)
    weeks = [table[week].sum(axis=0) for week in days.weeks()]
    weekly = (_pooled(gt, le, each, q) for each in weeks)
    return Spread(
        days=days,
        spreads=DaySpreads(gt, le, table),
        daily=tuple(_pooled(gt, le, each, q) for each in table),
        weekly=tuple(one for one in weekly if one is not None),
        count=float(columns.count.sum()),
        coarsened=coarsened,
    )


def _pooled(gt: Reals, le: Reals, counts: Reals, q: float) -> float | None:
    return pooled_quantile(DaySpreads(gt, le, counts[None, :]), q)


def _ranked(group: Integers, value: Reals, groups: int, q: float) -> tuple[float | None, ...]:
    """The nearest rank of each group of values; None of an empty one, group -1 is left out."""
    kept = group >= 0
    group, value = group[kept], value[kept]
    ordered = value[np.lexsort((value, group))]
    counts = np.bincount(group, minlength=groups)
    ranks = np.maximum(np.ceil(q * counts * (1 - _ROUNDING)).astype(np.int64) - 1, 0)
    starts = np.cumsum(counts) - counts
    return tuple(
        float(ordered[start + rank]) if count else None
        for start, rank, count in zip(starts, ranks, counts, strict=True)
    )


def _tabled(place: Integers, value: Reals, days: int, q: float, limit: float | None) -> DaySpreads:
    values, column = np.unique(value, return_inverse=True)
    most = max(_FEWEST_COLUMNS, _MOST_CELLS // max(days, 1))
    if len(values) > most:
        group = _groups(np.bincount(column), values, most, q, limit)
        values = values[np.append(np.flatnonzero(np.diff(group)), len(group) - 1)]
        column = group[column]
    flat = np.bincount(place * len(values) + column, minlength=days * len(values))
    return DaySpreads(values, values, flat.reshape(days, len(values)).astype(np.float64))


def _groups(counts: Integers, values: Reals, most: int, q: float, limit: float | None) -> Integers:
    """The group of each value, ascending: single near the percentile, evenly taken together else."""
    middle = int(np.searchsorted(np.cumsum(counts), q * counts.sum()))
    near = np.abs(np.arange(len(values)) - middle) <= most // 4
    step = -(-len(values) // (most // 2 - 1))
    fresh = near | np.append(False, near[:-1]) | (np.arange(len(values)) % step == 0)
    if limit is not None:
        above = int(np.searchsorted(values, limit, side="right"))
        fresh[min(above, len(values) - 1)] = True
    fresh[0] = True
    found: Integers = np.cumsum(fresh) - 1
    return found


def _common(gt: Reals, le: Reals) -> tuple[Reals, Reals, Integers, bool]:
    """Disjoint buckets that hold those of the rows, and which of them each row is in."""
    pairs, row = np.unique(np.stack([gt, le], axis=1), axis=0, return_inverse=True)
    if not len(pairs):
        return gt, le, np.empty(0, np.int64), False
    reach = np.maximum.accumulate(pairs[:, 1])
    fresh = np.append(True, pairs[1:, 0] >= reach[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(pairs)) - 1
    column = (np.cumsum(fresh) - 1)[row.ravel()]
    return pairs[first, 0], reach[last], column, len(first) < len(pairs)

"""Did a percentile change: pooled over all days of a period, and whole days drawn anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.exact import alpha_of
from slo.evidence.resampling import (
    FEW_DAYS,
    RESAMPLES,
    blocks_of,
    drawn_limits,
    drawn_p,
    enough_days,
    resamples,
)
from slo.facts import Integers, Reals

_COARSE = 512
_ROUNDING = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class DaySpreads:
    """How what was measured spread over values: a row of counts a day, a column a bucket (gt, le].

    Buckets ascend; a raw value is a bucket with gt == le. Days are in order, without holes: a day
    on which nothing was measured is a row of zeros.
    """

    gt: Reals
    le: Reals
    counts: Reals

    def __post_init__(self) -> None:
        """Refuse what no measurement can give.

        Raises:
            ValueError: the shapes do not fit, buckets descend, or a count is no number of 0 or more.
        """
        if self.counts.shape[1:] != self.gt.shape or self.gt.shape != self.le.shape:
            raise ValueError("counts have a row a day and a column a bucket")
        if np.isnan(self.gt).any() or np.isnan(self.le).any():
            raise ValueError("a value that is not a number has no bucket")
        if (self.gt > self.le).any() or (self.gt[1:] < self.le[:-1]).any():
            raise ValueError("buckets must be ascending and disjoint")
        if not (np.isfinite(self.counts).all() and (self.counts >= 0).all()):
            raise ValueError("a count is a number of zero or more")

    @classmethod
    def of_values(cls, days: Sequence[Reals]) -> DaySpreads:
        """The spreads of raw values, an array a day.

        >>> spreads = DaySpreads.of_values([np.array([3.0, 1.0]), np.array([1.0])])
        >>> spreads.le.tolist(), spreads.counts.tolist()
        ([1.0, 3.0], [[1.0, 1.0], [1.0, 0.0]])
        """
        none = np.empty(0)
        values, place = np.unique(np.concatenate([none, *days]), return_inverse=True)
        day = np.repeat(np.arange(len(days)), [len(each) for each in days])
        counts = np.zeros((len(days), len(values)))
        np.add.at(counts, (day, place), 1)
        return cls(values, values, counts)


def pooled_quantile(spreads: DaySpreads, q: float) -> float | None:
    """The value that the share `q` of everything measured does not exceed; None without any.

    Raw values: the nearest rank, so that p95 is at most a limit exactly where 95 % are. Buckets:
    linear inside, as Prometheus' `histogram_quantile`; above the last finite edge that edge.
    Days weigh by what they measured: a mean of daily percentiles is no percentile.

    >>> pooled_quantile(DaySpreads.of_values([np.array([1.0, 2.0]), np.array([9.0])]), 0.5)
    2.0

    Raises:
        ValueError: q is no share from 0 to 1.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile is a share from 0 to 1, not {q}")
    counts = spreads.counts.sum(axis=0)
    if not counts.any():
        return None
    return float(_quantiles(spreads, counts[None, :], np.ones((1, 1)), q)[0])


def compared_quantiles(
    before: DaySpreads,
    after: DaySpreads,
    *,
    q: float,
    confidence: float = 0.95,
    seed: int = 1,
) -> Comparison:
    """The quantile after over that before; whole days, or weeks, are drawn anew.

    From eight weeks on either side on, weeks are drawn; fewer than 14 days with measurements on a
    side cannot tell. `n` counts such days. Requests of one day hang together: intervals that
    treat them as independent hold 60 % where these hold 93 %.

    Source: block bootstrap, Kuensch, Annals of Statistics 17, 1989; percentile interval, Efron
    and Tibshirani, "An Introduction to the Bootstrap", chapter 13.
    """
    was, now = pooled_quantile(before, q), pooled_quantile(after, q)
    if was is None or now is None:
        return Comparison(
            before=_side(before, was, None),
            after=_side(after, now, None),
            scale=Scale.RATIO,
            change=None,
            best_p=1.0,
            method="bootstrap of days",
            enough="Nothing was measured in one of the periods.",
        )
    chance, alpha = np.random.default_rng(seed), alpha_of(confidence)
    blocks, unit = blocks_of(before.counts, after.counts)
    drawn = [
        _quantiles(spreads, each, resamples(len(each), chance), q)
        for spreads, each in zip((before, after), blocks, strict=True)
    ]
    ratios = _ratios(drawn[0], drawn[1])
    is_enough = enough_days(before.counts.sum(axis=1), after.counts.sum(axis=1))
    return Comparison(
        before=_side(before, was, drawn_limits(drawn[0], alpha)),
        after=_side(after, now, drawn_limits(drawn[1], alpha)),
        scale=Scale.RATIO,
        change=_ratio(was, now),
        interval=drawn_limits(ratios, alpha),
        inner=drawn_limits(ratios, 2 * alpha),
        p_value=drawn_p(drawn[0], drawn[1]),
        best_p=2 / (RESAMPLES + 1) if is_enough else 1.0,
        method=f"bootstrap of {unit}, {RESAMPLES:,} seeded draws",
        enough="" if is_enough else FEW_DAYS,
    )


def share_at_most(
    spreads: DaySpreads, threshold: float, *, confidence: float = 0.95, seed: int = 1
) -> Side:
    """The share of everything measured at or under a threshold, from 0 to 1.

    Where the threshold lies inside a bucket the estimate is linear there, and the interval goes
    from the share that surely lies under it to the share that possibly does. `n` counts days.
    """
    whole = spreads.counts.sum(axis=0)
    if not whole.any():
        return Side(estimate=None, n=0)
    (blocks, _), _ = blocks_of(spreads.counts, spreads.counts)
    weights = resamples(len(blocks), np.random.default_rng(seed))
    totals = weights @ blocks.sum(axis=1)
    parts = _parts_under(spreads, threshold)
    sure, possible = (weights @ (blocks @ part) / totals for part in (parts[0], parts[2]))
    alpha = alpha_of(confidence)
    return Side(
        estimate=float(whole @ parts[1] / whole.sum()),
        n=int((spreads.counts.sum(axis=1) > 0).sum()),
        interval=Interval(drawn_limits(sure, alpha).low, drawn_limits(possible, alpha).high),
    )


def _side(spreads: DaySpreads, estimate: float | None, interval: Interval | None) -> Side:
    days = int((spreads.counts.sum(axis=1) > 0).sum())
    return Side(estimate=estimate, n=days, interval=interval)


def _ratio(before: float, after: float) -> float | None:
    if before == 0:
        return None if after == 0 else math.inf
    return after / before


def _ratios(before: Reals, after: Reals) -> Reals:
    """After over before; infinite over a zero, 1 where both are zero."""
    over_zero = np.where(after == 0, 1.0, np.inf)
    found: Reals = np.divide(after, before, out=over_zero, where=before != 0)
    return found


def _parts_under(spreads: DaySpreads, threshold: float) -> tuple[Reals, Reals, Reals]:
    """How much of each bucket lies at or under a threshold: surely, linearly, possibly."""
    sure = (spreads.le <= threshold).astype(np.float64)
    astride = (spreads.gt < threshold) & (threshold < spreads.le)
    linear = sure.copy()
    finite = astride & np.isfinite(spreads.gt) & np.isfinite(spreads.le)
    wide = np.where(finite, spreads.le - spreads.gt, 1.0)
    linear[finite] = ((threshold - np.where(finite, spreads.gt, 0.0)) / wide)[finite]
    return sure, linear, sure + astride


def _quantiles(spreads: DaySpreads, blocks: Reals, weights: Reals, q: float) -> Reals:
    """The quantile in each draw: weights are draws by blocks, blocks are blocks by buckets.

    Buckets are first taken together in some hundred groups, one matrix product for all draws;
    then only the groups in which a quantile lies are looked through one by one.
    """
    edges = _group_edges(blocks.sum(axis=0))
    grouped = np.cumsum(weights @ np.add.reduceat(blocks, edges, axis=1), axis=1)
    totals = grouped[:, -1]
    wanted = np.maximum(q * totals * (1 - _ROUNDING), np.finfo(np.float64).tiny)
    group = (grouped < wanted[:, None]).sum(axis=1)
    found = np.empty(len(weights))
    for each in np.unique(group):
        rows = np.flatnonzero(group == each)
        since, until = int(edges[each]), int(np.append(edges, blocks.shape[1])[each + 1])
        before = grouped[rows, each - 1] if each else np.zeros(len(rows))
        counts = weights[rows] @ blocks[:, since:until]
        place, inside = _place(counts, before, wanted[rows])
        found[rows] = _inside(spreads, since + place, inside)
    return found


def _group_edges(counts: Reals) -> Integers:
    """Where groups of buckets begin that hold about as much each."""
    share = np.cumsum(counts) / counts.sum()
    starts = np.searchsorted(share, np.arange(_COARSE) / _COARSE, side="right")
    return np.unique(np.append(0, np.minimum(starts, len(counts) - 1))).astype(np.int64)


def _place(counts: Reals, before: Reals, wanted: Reals) -> tuple[Integers, Reals]:
    """In which bucket of a group each draw has its quantile, and at which part of the bucket."""
    reached = before[:, None] + np.cumsum(counts, axis=1)
    place = np.minimum((reached < wanted[:, None]).sum(axis=1), counts.shape[1] - 1)
    rows = np.arange(len(counts))
    held = counts[rows, place]
    part = (wanted - (reached[rows, place] - held)) / np.where(held > 0, held, 1.0)
    return place.astype(np.int64), np.clip(part, 0.0, 1.0)


def _inside(spreads: DaySpreads, place: Integers, part: Reals) -> Reals:
    """The value at a part of a bucket; beyond the outermost finite edges that edge."""
    gt, le = spreads.gt[place], spreads.le[place]
    low, high = np.where(np.isfinite(gt), gt, le), np.where(np.isfinite(le), le, gt)
    value: Reals = low + (high - low) * part
    return value

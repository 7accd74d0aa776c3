"""Did a percentile change: pooled over all days of a period, and whole weeks drawn anew."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.day_spreads import DaySpreads
from slo.evidence.exact import alpha_of
from slo.evidence.resampling import (
    FEW_DAYS,
    LEAST_P,
    METHOD,
    Scatter,
    blocks_of,
    change_limits,
    change_p,
    enough_days,
    judged_by_rank,
    resamples,
)
from slo.facts import Integers, Reals

_ABOVE_ZERO = "A percentile above zero: nothing can be told as a share of zero."
_COARSE = 512
_ROUNDING = 1e-11
_HUGE = 700.0


def pooled_quantile(spreads: DaySpreads, q: float) -> float | None:
    """The value that the share `q` of everything measured does not exceed; None without any.

    Raw values: the nearest rank, so that p95 is at most a limit exactly where 95 % are. Buckets:
    linear inside, as Prometheus' `histogram_quantile`; above the last finite edge that edge.
    Days weigh by what they measured: a mean of daily percentiles is no percentile.

    >>> values, days = np.array([1.0, 2.0, 9.0]), np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> pooled_quantile(DaySpreads(values, values, days), 0.5)
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
    """The quantile after over that before; whole weeks are drawn anew.

    Fewer than 14 days with measurements on a side cannot tell. `n` counts such days. Errors are
    those of logarithms, so that twice and half are as far from no change; a quantile of zero or
    below has none, and cannot tell. Where all weeks of a period gave the same value its range is
    not known, and the weeks of both are compared by rank. Requests of one day hang together: intervals that treat
    them as independent hold 60 % where these hold 95 %.

    Source: block bootstrap, Kuensch, Annals of Statistics 17, 1989, for the error of either side;
    their ratio by Welch's t, for blocks are few. Draws of days, or limits read off the draws,
    called up to one in six comparisons without any change significant.
    """
    was, now = pooled_quantile(before, q), pooled_quantile(after, q)
    bare = Comparison(
        before=_side(before, was, None),
        after=_side(after, now, None),
        scale=Scale.RATIO,
        change=None,
        best_p=1.0,
        method=METHOD,
        enough="Nothing was measured in one of the periods.",
    )
    if was is None or now is None:
        return bare
    chance = np.random.default_rng(seed)
    drawn = _Drawn.of(before, q, chance), _Drawn.of(after, q, chance)
    return _tested(replace(bare, change=_ratio(was, now)), drawn, alpha_of(confidence))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The quantile of each block of weeks, the error of its logarithm, and what speaks against.

    `scatter` is None where all weeks gave the same value; not `is_positive` has no logarithm.
    """

    weeks: Reals
    scatter: Scatter | None
    is_positive: bool
    is_enough: bool

    @classmethod
    def of(cls, spreads: DaySpreads, q: float, chance: np.random.Generator) -> _Drawn:
        blocks = blocks_of(spreads.counts)
        drawn = _quantiles(spreads, blocks, resamples(len(blocks), chance), q)
        is_positive = bool((drawn > 0).all())
        return cls(
            weeks=_quantiles(spreads, blocks, np.eye(len(blocks)), q),
            scatter=Scatter.of(np.log(drawn), len(blocks)) if is_positive else None,
            is_positive=is_positive,
            is_enough=enough_days(spreads.counts.sum(axis=1)),
        )


def _tested(bare: Comparison, drawn: tuple[_Drawn, _Drawn], alpha: float) -> Comparison:
    """The comparison with its ranges and its p-value, as far as the weeks allow."""
    first, second = (each.scatter for each in drawn)
    found = replace(
        bare,
        before=_around(bare.before, first, alpha),
        after=_around(bare.after, second, alpha),
    )
    if not all(each.is_enough for each in drawn):
        found = replace(found, enough=FEW_DAYS)
    elif not all(each.is_positive for each in drawn):
        return replace(found, enough=_ABOVE_ZERO)
    elif first is None or second is None:
        return judged_by_rank(found, (drawn[0].weeks, drawn[1].weeks), alpha)
    else:
        found = replace(found, best_p=LEAST_P, enough="")
    change = found.change
    log_change = math.log(change) if change and math.isfinite(change) and change > 0 else 0.0
    return replace(
        found,
        interval=_unlogged(change_limits(log_change, first, second, alpha)),
        inner=_unlogged(change_limits(log_change, first, second, 2 * alpha)),
        p_value=change_p(log_change, first, second),
    )


def share_at_most(
    spreads: DaySpreads, threshold: float, *, confidence: float = 0.95, seed: int = 1
) -> Side:
    """The share of everything measured at or under a threshold, from 0 to 1.

    Where the threshold lies inside a bucket the estimate is linear there, and the interval goes
    from the share that surely lies under it to the share that possibly does; None where both are
    the same in all weeks. `n` counts days.
    """
    whole = spreads.counts.sum(axis=0)
    if not whole.any():
        return Side(estimate=None, n=0)
    blocks, alpha = blocks_of(spreads.counts), alpha_of(confidence)
    weights = resamples(len(blocks), np.random.default_rng(seed))
    totals = weights @ blocks.sum(axis=1)
    sure, linear, possible = _parts_under(spreads, threshold)
    ends = []
    for part in (sure, possible):
        share = float(whole @ part / whole.sum())
        scatter = Scatter.of(weights @ (blocks @ part) / totals, len(blocks))
        ends.append(Interval(share, share) if scatter is None else scatter.limits(share, alpha))
    return Side(
        estimate=float(whole @ linear / whole.sum()),
        n=int((spreads.counts.sum(axis=1) > 0).sum()),
        interval=_share_interval(ends[0], ends[1]),
    )


def _share_interval(sure: Interval, possible: Interval) -> Interval | None:
    """From the low end of the one to the high end of the other; None where that is no range."""
    assert sure.low is not None
    assert possible.high is not None
    low, high = max(0.0, sure.low), min(1.0, possible.high)
    return Interval(low, high) if low < high else None


def _around(side: Side, scatter: Scatter | None, alpha: float) -> Side:
    """The side with the range of its quantile."""
    if scatter is None or not side.estimate or side.estimate < 0:
        return side
    return replace(side, interval=_unlogged(scatter.limits(math.log(side.estimate), alpha)))


def _unlogged(limits: Interval | None) -> Interval | None:
    """Limits of a logarithm as limits of the value; beyond all numbers is unbounded."""
    if limits is None or limits.low is None or limits.high is None:
        return None
    return Interval(math.exp(limits.low), math.exp(limits.high) if limits.high < _HUGE else None)


def _side(spreads: DaySpreads, estimate: float | None, interval: Interval | None) -> Side:
    days = int((spreads.counts.sum(axis=1) > 0).sum())
    return Side(estimate=estimate, n=days, interval=interval)


def _ratio(before: float, after: float) -> float | None:
    if before == 0:
        return None if after == 0 else math.inf
    return after / before


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

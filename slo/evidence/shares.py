"""Did a share change: so many of so many, counted singly or by days that hang together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Hits, Interval, Scale, Side
from slo.evidence.exact import alpha_of, mover
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
from slo.facts import Reals

_FISHER = "Fisher's exact test"


def compared_shares(before: Hits, after: Hits, *, confidence: float = 0.95) -> Comparison:
    """The share of hits, after less before; for things that happen one by one.

    Requests do not: what fails takes its neighbours along; see `compared_daily_shares`. Without
    a case on a side there is no estimate; without a hit on either no test can tell.

    >>> found = compared_shares(Hits(6, 26), Hits(5, 104))
    >>> round(found.change, 4), round(found.p_value, 4)
    (-0.1827, 0.0084)

    Source: Newcombe, Statistics in Medicine 17, 1998, method 10 (limits of Wilson for either
    side); R. A. Fisher's exact test.
    """
    sides = [_side(each, confidence) for each in (before, after)]
    was, now = sides[0].estimate, sides[1].estimate
    if was is None or now is None:
        return _unknown(sides[0], sides[1], _FISHER, "Nothing was counted in one of the periods.")
    best_p, alpha = _best_fisher_p(before, after), alpha_of(confidence)
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.DIFFERENCE,
        change=now - was,
        interval=_newcombe(before, after, confidence),
        inner=_newcombe(before, after, 1 - 2 * alpha),
        p_value=_fisher_p(before.hits, before.of, after.hits, after.of),
        best_p=best_p,
        method=_FISHER,
        enough="" if best_p < alpha else _enough(before, after),
    )


def compared_daily_shares(
    before: Sequence[Hits], after: Sequence[Hits], *, confidence: float = 0.95, seed: int = 1
) -> Comparison:
    """The share of hits over all days, after less before; whole weeks are drawn anew.

    One entry a day, in order, those without a case too. Fewer than 14 days with cases on a side
    cannot tell. `n` counts days. A period of which all weeks gave the same share has no range,
    and weeks are compared by rank.

    Source: block bootstrap, Kuensch, Annals of Statistics 17, 1989, for the error of either side;
    their difference by Welch's t, for blocks are few. Draws of days, or limits read off the draws,
    called up to one in six comparisons without any change significant.
    """
    counts = [_by_day(each) for each in (before, after)]
    if not (counts[0][:, 1].any() and counts[1][:, 1].any()):
        return _unknown(
            _pooled(counts[0], None),
            _pooled(counts[1], None),
            METHOD,
            "Nothing was counted in one of the periods.",
        )
    chance, alpha = np.random.default_rng(seed), alpha_of(confidence)
    first, second = (_scatter(each, chance) for each in counts)
    sides = _around(counts[0], first, alpha), _around(counts[1], second, alpha)
    is_enough = all(enough_days(each[:, 1]) for each in counts)
    change = _share(counts[1]) - _share(counts[0])
    found = Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.DIFFERENCE,
        change=change,
        interval=_within(change_limits(change, first, second, alpha), -1.0),
        inner=_within(change_limits(change, first, second, 2 * alpha), -1.0),
        p_value=change_p(change, first, second),
        best_p=LEAST_P if is_enough else 1.0,
        method=METHOD,
        enough="" if is_enough else FEW_DAYS,
    )
    if is_enough and (first is None or second is None):
        return judged_by_rank(found, (_weekly(counts[0]), _weekly(counts[1])), alpha)
    return found


def wilson(hits: Hits, *, confidence: float = 0.95) -> Interval:
    """Limits of a share from 0 to 1; both ends where nothing was counted.

    >>> limits = wilson(Hits(0, 6))
    >>> limits.low, round(limits.high, 4)
    (0.0, 0.3903)

    Source: Wilson, Journal of the American Statistical Association 22, 1927.
    """
    if not hits.of:
        return Interval(0.0, 1.0)
    z = float(scipy.special.ndtri(1 - alpha_of(confidence) / 2))
    share, per = hits.hits / hits.of, z * z / hits.of
    middle = (share + per / 2) / (1 + per)
    half = (share * (1 - share) * per + per * per / 4) ** 0.5 / (1 + per)
    low = 0.0 if hits.hits == 0 else middle - half
    return Interval(low, 1.0 if hits.hits == hits.of else middle + half)


def _side(hits: Hits, confidence: float) -> Side:
    return Side(
        estimate=hits.hits / hits.of if hits.of else None,
        n=hits.of,
        hits=hits.hits,
        interval=wilson(hits, confidence=confidence) if hits.of else None,
    )


def _unknown(before: Side, after: Side, method: str, enough: str) -> Comparison:
    return Comparison(
        before=before,
        after=after,
        scale=Scale.DIFFERENCE,
        change=None,
        best_p=1.0,
        method=method,
        enough=enough,
    )


def _newcombe(before: Hits, after: Hits, confidence: float) -> Interval:
    return mover(
        before.hits / before.of,
        after.hits / after.of,
        around_before=wilson(before, confidence=confidence),
        around_after=wilson(after, confidence=confidence),
    )


def _fisher_p(hits: int, of: int, hits_after: int, of_after: int) -> float:
    table = [[hits, of - hits], [hits_after, of_after - hits_after]]
    return min(1.0, float(scipy.stats.fisher_exact(table).pvalue))


def _best_fisher_p(before: Hits, after: Hits) -> float:
    """The smaller p-value of the two most one-sided divisions of all hits."""
    hits = before.hits + after.hits
    ends = (max(0, hits - after.of), min(hits, before.of))
    return min(_fisher_p(end, before.of, hits - end, after.of) for end in ends)


def _enough(before: Hits, after: Hits) -> str:
    hits, of = before.hits + after.hits, before.of + after.of
    return (
        f"More cases in both periods: with {hits} of {of} no division of them between "
        "the two could tell a change."
    )


def _by_day(days: Sequence[Hits]) -> Reals:
    """Hits and cases as columns, a row a day."""
    return np.array([(day.hits, day.of) for day in days], dtype=np.float64).reshape(-1, 2)


def _pooled(counts: Reals, interval: Interval | None) -> Side:
    hits, of = (float(each) for each in counts.sum(axis=0))
    days = int((counts[:, 1] > 0).sum())
    return Side(estimate=hits / of if of else None, n=days, hits=round(hits), interval=interval)


def _around(counts: Reals, scatter: Scatter | None, alpha: float) -> Side:
    limits = None if scatter is None else scatter.limits(_share(counts), alpha)
    return _pooled(counts, _within(limits, 0.0))


def _share(counts: Reals) -> float:
    hits, of = counts.sum(axis=0)
    return float(hits / of)


def _within(limits: Interval | None, least: float) -> Interval | None:
    """Limits cut to what a share, or a difference of two, can be."""
    if limits is None or limits.low is None or limits.high is None:
        return limits
    return Interval(max(least, limits.low), min(1.0, limits.high))


def _scatter(counts: Reals, chance: np.random.Generator) -> Scatter | None:
    """The error of the share of hits, by draws of whole weeks."""
    blocks = blocks_of(counts)
    sums = resamples(len(blocks), chance) @ blocks
    return Scatter.of(sums[:, 0] / sums[:, 1], len(blocks))


def _weekly(counts: Reals) -> Reals:
    """The share of each block of weeks."""
    blocks = blocks_of(counts)
    shares: Reals = blocks[:, 0] / blocks[:, 1]
    return shares

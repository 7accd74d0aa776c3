"""Pairs of periods of days that follow each other: requests that fail, and that are slow."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy
from known_pairs import Drawn, Pair

from slo.evidence.checks.placebo import compared_weeks
from slo.evidence.comparison import Hits
from slo.evidence.day_spreads import DaySpreads
from slo.evidence.quantiles import compared_quantiles
from slo.evidence.shares import compared_daily_shares

EDGES_S = np.append(0.0, np.geomspace(0.02, 10, 80))


def daily_shares(
    days: tuple[int, int], ratio: float = 1.0, follow: float = 0.3, spread: float = 0.5
) -> Pair:
    """Requests of which 1 % fail, on some days far more: the naive test takes each by itself.

    A day's odds are those of the period times e^(spread x), where x follows yesterday's.
    """

    def side(chance: np.random.Generator, count: int, share: float) -> list[Hits]:
        level = followed(chance, count, follow)
        odds = share * np.exp(spread * level - spread**2 / 2)
        of = np.round(20_000 * np.where(np.arange(count) % 7 < 5, 1.0, 0.5)).astype(int)
        hits = chance.binomial(of, np.minimum(odds, 1.0))
        return [Hits(int(hit), int(all_)) for hit, all_ in zip(hits, of, strict=True)]

    def pair(chance: np.random.Generator) -> Drawn:
        sides = [side(chance, days[0], 0.01), side(chance, days[1], 0.01 * ratio)]
        seed = int(chance.integers(2**31))
        return Drawn(compared_daily_shares(*sides, seed=seed), requests_p(*sides))

    return pair


def requests_p(before: Sequence[Hits], after: Sequence[Hits]) -> float:
    """The obvious test of two shares of requests: as if each were independent."""
    hits = [sum(day.hits for day in days) for days in (before, after)]
    of = [sum(day.of for day in days) for days in (before, after)]
    pooled = sum(hits) / sum(of)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of[0] + 1 / of[1]))
    return 2 * float(scipy.special.ndtr(-abs(hits[1] / of[1] - hits[0] / of[0]) / error))


def latencies(
    days: tuple[int, int], ratio: float = 1.0, follow: float = 0.3, spread: float = 0.1
) -> Pair:
    """A histogram of latencies a day, of which all values move together from day to day."""

    def side(chance: np.random.Generator, count: int, factor: float) -> DaySpreads:
        level = np.log(0.25 * factor) + spread * followed(chance, count, follow)
        logs = np.log(np.maximum(EDGES_S, 1e-9))
        under = scipy.special.ndtr((logs[None, :] - level[:, None]) / 0.6)
        chances = np.diff(under, axis=1, append=1.0)
        events = np.where(np.arange(count) % 7 < 5, 2_000, 1_000)
        rows = [
            chance.multinomial(n, row / row.sum()) for n, row in zip(events, chances, strict=True)
        ]
        return DaySpreads(EDGES_S, np.append(EDGES_S[1:], np.inf), np.array(rows, np.float64))

    def pair(chance: np.random.Generator) -> Drawn:
        before, after = side(chance, days[0], 1.0), side(chance, days[1], ratio)
        seed = int(chance.integers(2**31))
        return Drawn(compared_quantiles(before, after, q=0.95, seed=seed))

    return pair


def weekly_means(weeks: tuple[int, int], follow: float, step: float = 0.0) -> Pair:
    """Means of weeks whose days follow each other; the naive test is Welch's on the days."""

    def pair(chance: np.random.Generator) -> Drawn:
        days = [followed(chance, 7 * count, follow) for count in weeks]
        days[1] = days[1] + step
        naive = scipy.stats.ttest_ind(*days, equal_var=False).pvalue
        return Drawn(compared_weeks(*(each.reshape(-1, 7).mean(axis=1) for each in days)), naive)

    return pair


def followed(chance: np.random.Generator, count: int, follow: float) -> np.ndarray:
    """Standard normal values of which each keeps the share `follow` of the one before."""
    noise = chance.normal(0, 1, count)
    values = np.empty(count)
    values[0] = noise[0]
    for each in range(1, count):
        values[each] = follow * values[each - 1] + math.sqrt(1 - follow**2) * noise[each]
    return values

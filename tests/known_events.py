"""Pairs of periods with things that happen: incidents in clusters, outages, durations, failures."""

from __future__ import annotations

import math

import numpy as np
import scipy
from known_pairs import Drawn, Pair

from slo.evidence.comparison import Count, Downtime, Hits, Lasted
from slo.evidence.durations import compared_durations
from slo.evidence.rates import compared_rates, dispersion
from slo.evidence.shares import compared_shares, wilson
from slo.evidence.uptime import compared_uptime, downtime_interval

WEEK_S = 604_800.0


def counts(mean: float, ratio: float = 1.0, times: tuple[float, float] = (26, 26)) -> Pair:
    """Events that come one by one; the times are weeks, the mean is that before."""

    def pair(chance: np.random.Generator) -> Drawn:
        later = mean * ratio * times[1] / times[0]
        sides = [
            Count(int(chance.poisson(each)), weeks * WEEK_S)
            for each, weeks in zip((mean, later), times, strict=True)
        ]
        return Drawn(compared_rates(*sides))

    return pair


def clustered(size: float, mean: float = 30, ratio: float = 1.0, weeks: int = 26) -> Pair:
    """Incidents of which one brings others along in its week: on average `size` together.

    The naive test takes each as a chance of its own.
    """

    def side(chance: np.random.Generator, events: float) -> np.ndarray:
        begun = chance.poisson(events / size / weeks, weeks)
        return np.array([chance.geometric(1 / size, each).sum() for each in begun], np.float64)

    def pair(chance: np.random.Generator) -> Drawn:
        first, second = side(chance, mean), side(chance, mean * ratio)
        both = [Count(int(each.sum()), weeks * WEEK_S) for each in (first, second)]
        scatter = dispersion(first.tolist(), second.tolist())
        return Drawn(compared_rates(*both, clusters=scatter), compared_rates(*both).p_value)

    return pair


def outages(mean: float, ratio: float = 1.0, sigma: float = 1.0, weeks: int = 26) -> Pair:
    """Outages of log-normal lengths around half an hour; the naive test compares minutes up."""
    observed_s = weeks * WEEK_S

    def side(chance: np.random.Generator, events: float) -> Downtime:
        lengths_s = 1_800 * np.exp(chance.normal(0, sigma, chance.poisson(events)))
        return Downtime(tuple(lengths_s.tolist()), observed_s)

    def pair(chance: np.random.Generator) -> Drawn:
        before, after = side(chance, mean), side(chance, mean * ratio)
        return Drawn(compared_uptime(before, after, seed=1), minutes_p(before, after))

    return pair


def minutes_p(before: Downtime, after: Downtime) -> float:
    """The obvious test of two uptimes: minutes up out of minutes, as if each were independent."""
    down = [math.fsum(each.outages_s) / 60 for each in (before, after)]
    of = [each.observed_s / 60 for each in (before, after)]
    pooled = sum(down) / sum(of)
    if not 0 < pooled < 1:
        return 1.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / of[0] + 1 / of[1]))
    return 2 * float(scipy.special.ndtr(-abs(down[1] / of[1] - down[0] / of[0]) / error))


def lasting(sizes: tuple[int, int], ratio: float = 1.0, sigma: float = 0.8) -> Pair:
    """Durations of log-normal lengths; the naive test is Welch's on the durations."""

    def pair(chance: np.random.Generator) -> Drawn:
        sides = [
            3_600 * factor * np.exp(chance.normal(0, sigma, size))
            for size, factor in zip(sizes, (1.0, ratio), strict=True)
        ]
        naive = scipy.stats.ttest_ind(*sides, equal_var=False).pvalue
        lasted = [Lasted(tuple(each.tolist())) for each in sides]
        return Drawn(compared_durations(*lasted), float(naive))

    return pair


def still_open(sizes: tuple[int, int], ratio: float = 1.0, sigma: float = 0.8) -> Pair:
    """Durations of which the longest are not over: each is looked at after a time of its own."""

    def side(chance: np.random.Generator, size: int, factor: float) -> Lasted:
        lasted = factor * np.exp(chance.normal(0, sigma, size))
        looked = np.exp(chance.normal(1.2, 0.5, size))
        is_over = lasted <= looked
        return Lasted(tuple(lasted[is_over].tolist()), tuple(looked[~is_over].tolist()))

    def pair(chance: np.random.Generator) -> Drawn:
        before, after = side(chance, sizes[0], 1.0), side(chance, sizes[1], ratio)
        return Drawn(compared_durations(before, after))

    return pair


def cases(sizes: tuple[int, int], shares: tuple[float, float]) -> Pair:
    """Deployments that fail one by one."""

    def pair(chance: np.random.Generator) -> Drawn:
        sides = [
            Hits(int(chance.binomial(of, share)), of)
            for of, share in zip(sizes, shares, strict=True)
        ]
        return Drawn(compared_shares(*sides))

    return pair


def downtime_coverage(mean: float, sigma: float, periods: int, seed: int) -> tuple[float, float]:
    """Of how many periods with an outage the interval holds the true downtime: ours, and naive.

    The naive one takes each minute as a chance of its own (Wilson).
    """
    chance, weeks = np.random.default_rng(seed), 26
    truth = mean * 1_800 * math.exp(sigma**2 / 2) / (weeks * WEEK_S)
    held, held_naively = [], []
    while len(held) < periods:
        lengths_s = 1_800 * np.exp(chance.normal(0, sigma, chance.poisson(mean)))
        if not len(lengths_s):
            continue
        ours = downtime_interval(Downtime(tuple(lengths_s.tolist()), weeks * WEEK_S))
        minutes = Hits(round(float(lengths_s.sum()) / 60), round(weeks * WEEK_S / 60))
        held.append(ours is not None and ours.contains(truth))
        held_naively.append(wilson(minutes).contains(truth))
    return float(np.mean(held)), float(np.mean(held_naively))

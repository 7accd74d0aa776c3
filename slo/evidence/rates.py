"""Did events come more or less often: two counts over two times of observation, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from slo.evidence.comparison import Comparison, Count, Interval, Scale, Side
from slo.evidence.exact import alpha_of, clopper_pearson, doubled_tail, garwood
from slo.evidence.planning import events_needed

_METHOD = "exact conditional binomial test"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two counts, with clusters already divided out, and the later one's share of the time."""

    before: int
    after: int
    share: float

    @property
    def all(self) -> int:
        return self.before + self.after


def compared_rates(
    before: Count,
    after: Count,
    *,
    confidence: float = 0.95,
    clusters: float = 1.0,
    per_s: float = 1.0,
) -> Comparison:
    """How many times as often events came after, in events per `per_s` seconds.

    Given how many events there were in all, those after are binomial with the share of the time
    observed after. Counts that scatter `clusters` times as much as chance are divided by it and
    rounded (half to even) before the test and its interval; estimates stay what was counted.
    A period in which nothing was observed has no estimate; nothing before is infinitely often.

    >>> found = compared_rates(Count(15, 182 * 86_400), Count(3, 182 * 86_400))
    >>> found.change, round(found.p_value, 5)
    (0.2, 0.00754)

    Source: Przyborowski and Wilenski, Biometrika 31, 1940; interval of Clopper and Pearson (1934)
    turned into odds; p is twice the smaller tail, so that the two always agree.
    """
    if not (math.isfinite(clusters) and clusters >= 1):
        raise ValueError(f"clusters scatter counts at least as much as chance, not {clusters}")
    sides = [
        _side(each, confidence=confidence, clusters=clusters, per_s=per_s)
        for each in (before, after)
    ]
    bare = Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.RATIO,
        change=None,
        best_p=1.0,
        method=_METHOD,
        clusters=clusters,
        enough="Nothing was observed in one of the periods.",
    )
    if not (before.exposure_s and after.exposure_s):
        return bare
    return _tested(bare, (before, after), confidence)


def _tested(bare: Comparison, counts: tuple[Count, Count], confidence: float) -> Comparison:
    """The comparison with its change, range and p-value."""
    before, after = counts
    pair = _Pair(
        round(before.n / bare.clusters),
        round(after.n / bare.clusters),
        after.exposure_s / (before.exposure_s + after.exposure_s),
    )
    best_p, alpha = best_attainable_p(pair.all, pair.share), alpha_of(confidence)
    return replace(
        bare,
        change=_times(bare.before.estimate, bare.after.estimate),
        interval=_ratio_interval(pair, before, after, confidence),
        inner=_ratio_interval(pair, before, after, 1 - 2 * alpha),
        p_value=doubled_tail(pair.after, pair.all, pair.share),
        best_p=best_p,
        enough="" if best_p < alpha else _enough(pair, bare.clusters, alpha),
    )


def best_attainable_p(events: int, share_after: float) -> float:
    """The smallest p-value that so many events could give: all of them in one of the periods.

    >>> best_attainable_p(6, 0.5)
    0.03125
    """
    return min(1.0, 2 * min(share_after**events, (1 - share_after) ** events))


def rate_interval(
    count: Count, *, confidence: float = 0.95, per_s: float = 1.0, clusters: float = 1.0
) -> Interval:
    """Exact limits of a rate, in events per `per_s` seconds; unbounded where nothing was observed.

    Counts that scatter `clusters` times as much as chance stand for so many times fewer events.

    >>> month_s, days = 365.2425 / 12 * 86_400, 182 * 86_400
    >>> limits = rate_interval(Count(3, days), per_s=month_s)
    >>> round(limits.low, 4), round(limits.high, 4)
    (0.1035, 1.4662)

    Source: Garwood, Biometrika 28, 1936.
    """
    if not count.exposure_s:
        return Interval(0.0, None)
    low, high = garwood(count.n / clusters, confidence=confidence)
    unit = clusters * per_s / count.exposure_s
    return Interval(low * unit, high * unit)


def dispersion(before_weeks: Sequence[float], after_weeks: Sequence[float]) -> float:
    """By how much counts of whole weeks scatter more than chance: 1 for no more.

    The variance within the periods, pooled, over the mean of all weeks; never below 1, and 1
    where fewer than two weeks of a period or no events at all could tell.

    >>> dispersion([0, 4, 0, 4], [0, 4, 0, 4])
    2.6666666666666665

    Source: the dispersion of quasi-Poisson models, McCullagh and Nelder, "Generalized Linear
    Models", 6.2.3.
    """
    weeks = [*before_weeks, *after_weeks]
    if not all(math.isfinite(week) and week >= 0 for week in weeks):
        raise ValueError("a week's count is a number of zero or more")
    freedom = max(0, len(before_weeks) - 1) + max(0, len(after_weeks) - 1)
    if not freedom or not any(weeks):
        return 1.0
    squares = _squares(before_weeks) + _squares(after_weeks)
    return max(1.0, squares / freedom / (math.fsum(weeks) / len(weeks)))


def _squares(weeks: Sequence[float]) -> float:
    if not weeks:
        return 0.0
    mean = math.fsum(weeks) / len(weeks)
    return math.fsum((week - mean) ** 2 for week in weeks)


def _side(count: Count, *, confidence: float, clusters: float, per_s: float) -> Side:
    observed = count.exposure_s > 0
    return Side(
        estimate=count.n * per_s / count.exposure_s if observed else None,
        n=count.n,
        exposure_s=count.exposure_s,
        interval=rate_interval(count, confidence=confidence, per_s=per_s, clusters=clusters)
        if observed
        else None,
    )


def _times(before: float | None, after: float | None) -> float | None:
    """After over before; infinite over a zero, None where both are zero or one is unknown."""
    if before is None or after is None or before == after == 0:
        return None
    return after / before if before else math.inf


def _ratio_interval(pair: _Pair, before: Count, after: Count, confidence: float) -> Interval:
    low, high = clopper_pearson(pair.after, pair.all, confidence=confidence)
    time = before.exposure_s / after.exposure_s
    return Interval(
        low / (1 - low) * time if low < 1 else None,
        high / (1 - high) * time if high < 1 else None,
    )


def _enough(pair: _Pair, clusters: float, alpha: float) -> str:
    needed = math.ceil(events_needed(pair.share, alpha) * clusters)
    return f"At least {needed} events in both periods together, of which there are {round(pair.all * clusters)}."

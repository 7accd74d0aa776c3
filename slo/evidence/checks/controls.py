"""What services that were not moved did meanwhile, and services compared one by one.

Services are never poured into one pot: with another mix of services the pot changes while no
service does (Simpson). Each service is a stratum with windows of its own around its cutover.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.exact import alpha_of
from slo.facts import Reals

_EXACT_EVENTS = 2_000
"""Up to so many events the exact distribution is counted out; above, it is normal enough."""
_AGAINST = "ratio of rates against services not yet moved"
_ON_FOUR_SIDES = "Events before and after, among the moved services and among the others."
_FARTHEST = 60.0
"""No ratio of rates lies beyond e^60."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Events of one service before and after, out of an exposure: seconds, or requests."""

    name: str
    n_before: float
    exposure_before: float
    n_after: float
    exposure_after: float

    @property
    def is_telling(self) -> bool:
        """Whether it weighs anything: both sides were observed, and something happened."""
        return min(self.exposure_before, self.exposure_after) > 0 < self.n_before + self.n_after


def not_yet_moved(cutovers: Mapping[str, int | None], until: int) -> tuple[str, ...]:
    """The services that may serve as controls up to a moment: never moved, or not before it.

    >>> not_yet_moved({"cart": 100, "search": 500, "mail": None}, until=300)
    ('mail', 'search')
    """
    return tuple(sorted(name for name, at in cutovers.items() if at is None or at >= until))


def stratified_rates(
    strata: Sequence[Stratum], *, confidence: float = 0.95, clusters: float = 1.0
) -> Comparison:
    """The one ratio of rates (after over before) that all services share, each against itself.

    The estimate is that of Mantel and Haenszel. Up to 2,000 events the interval and the p-value
    are exact, given each service's events: with one service they are those of the plain test of
    two rates. Above they are normal on the logarithm. Counts are divided by `clusters` and
    rounded (half to even). None of change, interval and p-value where no service tells anything; the sides' own
    estimates are None, for there is no one rate of several services.

    Source: Rothman, Greenland and Lash, "Modern Epidemiology" (3rd ed.), 15-4: the Mantel-Haenszel
    rate ratio, its variance by Greenland and Robins (1985); the exact conditional limits, p. 274.
    """
    telling = _telling(strata, clusters)
    sides = _sides(telling)
    if not telling:
        return Comparison(before=sides[0], after=sides[1], scale=Scale.RATIO, change=None)
    events = sides[0].n + sides[1].n
    # With all events on one side there is no logarithm to be normal on.
    is_exact = events <= _EXACT_EVENTS or not (sides[0].n and sides[1].n)
    found = _exact if is_exact else _normal
    interval, p_value = found(telling, alpha_of(confidence))
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.RATIO,
        change=_ratio(telling),
        interval=interval,
        p_value=p_value,
        best_p=_best_p(telling),
        method="Mantel-Haenszel ratio of rates over services",
        clusters=clusters,
    )


def against_controls(
    moved: Sequence[Stratum],
    controls: Sequence[Stratum],
    *,
    confidence: float = 0.95,
    clusters: float = 1.0,
) -> Comparison:
    """The moved services' ratio of rates over that of the controls (difference in differences).

    1: the moved ones changed as all others did. `before` holds the controls' ratio and `after`
    that of the moved services, over the same windows. No interval and no p-value where one of the
    four sums of events is zero.

    Source: the variances of two independent logarithms add; each by Greenland and Robins (1985).
    """
    theirs, ours = (_telling(each, clusters) for each in (controls, moved))
    sides = [
        Side(estimate=_ratio(each), n=sum(_events(each))) if each else Side(estimate=None, n=0)
        for each in (theirs, ours)
    ]
    bare = Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.RATIO,
        change=None,
        method=_AGAINST,
        clusters=clusters,
    )
    variance = _log_variance(theirs) + _log_variance(ours)
    if not math.isfinite(variance):
        return replace(bare, enough=_ON_FOUR_SIDES)
    change = _ratio(ours) / _ratio(theirs)
    interval, p_value = _log_normal(change, variance, alpha_of(confidence))
    return replace(bare, change=change, interval=interval, p_value=p_value)


def _telling(strata: Sequence[Stratum], clusters: float) -> list[Stratum]:
    """Those that weigh anything, with clusters divided out."""
    return [each for each in (_thinned(one, clusters) for one in strata) if each.is_telling]


def _thinned(one: Stratum, clusters: float) -> Stratum:
    if clusters == 1:
        return one
    return Stratum(
        name=one.name,
        n_before=round(one.n_before / clusters),
        exposure_before=one.exposure_before,
        n_after=round(one.n_after / clusters),
        exposure_after=one.exposure_after,
    )


def _events(strata: Sequence[Stratum]) -> tuple[int, int]:
    return round(sum(s.n_before for s in strata)), round(sum(s.n_after for s in strata))


def _sides(strata: Sequence[Stratum]) -> tuple[Side, Side]:
    first, second = _events(strata)
    return Side(estimate=None, n=first), Side(estimate=None, n=second)


def _weights(strata: Sequence[Stratum]) -> tuple[Reals, Reals, Reals, Reals]:
    columns = [[s.n_before, s.n_after, s.exposure_before, s.exposure_after] for s in strata]
    first, second, before, after = np.array(columns, np.float64).reshape(-1, 4).T
    return first, second, before, after


def _sums(strata: Sequence[Stratum]) -> tuple[float, float]:
    """The numerator and denominator of the estimate."""
    first, second, before, after = _weights(strata)
    both = before + after
    return float((second * before / both).sum()), float((first * after / both).sum())


def _ratio(strata: Sequence[Stratum]) -> float:
    upper, lower = _sums(strata)
    return upper / lower if lower else math.inf


def _log_variance(strata: Sequence[Stratum]) -> float:
    """The variance of the ratio's logarithm; infinite where a side has no event."""
    upper, lower = _sums(strata)
    if not (upper and lower):
        return math.inf
    first, second, before, after = _weights(strata)
    both = before + after
    return float(((first + second) * before * after / both**2).sum()) / (upper * lower)


def _log_normal(change: float, variance: float, alpha: float) -> tuple[Interval, float]:
    reach = float(scipy.stats.norm.isf(alpha / 2)) * math.sqrt(variance)
    p_value = 2 * float(scipy.stats.norm.sf(abs(math.log(change)) / math.sqrt(variance)))
    return Interval(change * math.exp(-reach), change * math.exp(reach)), p_value


def _normal(strata: Sequence[Stratum], alpha: float) -> tuple[Interval, float]:
    return _log_normal(_ratio(strata), _log_variance(strata), alpha)


def _exact(strata: Sequence[Stratum], alpha: float) -> tuple[Interval, float]:
    """The limits at which half of alpha lies beyond what was seen, and the doubled tail at 1."""
    after = round(sum(s.n_after for s in strata))
    events = round(sum(s.n_before + s.n_after for s in strata))
    # Counted out once, near the estimate; at another ratio each number of events after weighs
    # as many times that ratio, so the rest is a product.
    start = _near(strata)
    with np.errstate(divide="ignore"):
        logs = np.log(_after_law(strata, start))

    def law(log_ratio: float) -> Reals:
        moved = logs + np.arange(events + 1) * (log_ratio - start)
        weights: Reals = np.exp(moved - moved.max())
        weights /= weights.sum()
        return weights

    def above(log_ratio: float) -> float:
        return float(law(log_ratio)[after:].sum()) - alpha / 2

    def below(log_ratio: float) -> float:
        return float(law(log_ratio)[: after + 1].sum()) - alpha / 2

    ends = -_FARTHEST, _FARTHEST
    low = math.exp(scipy.optimize.brentq(above, *ends)) if after else 0.0
    high = math.exp(scipy.optimize.brentq(below, *ends)) if after < events else None
    even = _after_law(strata, 0.0)
    tails = float(even[: after + 1].sum()), float(even[after:].sum())
    return Interval(low, high), min(2 * min(tails), 1.0)


def _near(strata: Sequence[Stratum]) -> float:
    """The logarithm of about the ratio, finite with no event on a side too."""
    first, second = _sums(strata)
    few = 0.5 / len(strata)
    return math.log((first + few) / (second + few))


def _after_law(strata: Sequence[Stratum], log_ratio: float) -> Reals:
    """How probable each number of events after is, given all events of each service."""
    law = np.ones(1)
    for each in strata:
        odds = math.exp(log_ratio) * each.exposure_after / each.exposure_before
        events = round(each.n_before + each.n_after)
        chances = scipy.stats.binom.pmf(np.arange(events + 1), events, odds / (1 + odds))
        law = np.convolve(law, chances)
    return law


def _best_p(strata: Sequence[Stratum]) -> float:
    """All events on one side: the smaller of the two tails, doubled."""
    first, second, before, after = _weights(strata)
    share = after / (before + after)
    logs = [float(((first + second) * np.log(each)).sum()) for each in (share, 1 - share)]
    return min(2 * math.exp(min(logs)), 1.0)

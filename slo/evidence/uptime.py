"""Was less time down: outages as the units of chance, never minutes."""

from __future__ import annotations

import math

import numpy as np
import scipy

from slo.evidence.comparison import Comparison, Downtime, Interval, Scale, Side
from slo.evidence.divisions import ENUMERATED, sums_and_sizes
from slo.evidence.exact import alpha_of, mover
from slo.evidence.planning import events_needed
from slo.evidence.rates import best_attainable_p
from slo.facts import Reals

_METHOD = "exact permutation of outages"
_DRAWN = "permutation of outages, 200,000 seeded draws"
_DRAWS = 200_000
_SINGLE = 100
_TIE = 1e-9


def compared_uptime(
    before: Downtime, after: Downtime, *, confidence: float = 0.95, seed: int = 1
) -> Comparison:
    """The share of time up, after less before; its test asks which period each outage fell into.

    Whole outages fall by chance, not their minutes: two proportions of minutes call four in five
    comparisons without any change significant. A period of which nothing was observed has no
    estimate. Percentages of such a change are those of the downtime before.

    Source: Fay and Feuer (1997) for either side, Zou and Donner (2008) for the difference,
    Fisher's randomisation test for the p-value.
    """
    typical_s = _typical(before, after)
    sides = [_side(each, typical_s, confidence) for each in (before, after)]
    if not (before.observed_s and after.observed_s):
        return Comparison(
            before=sides[0],
            after=sides[1],
            scale=Scale.DIFFERENCE,
            change=None,
            best_p=1.0,
            method=_METHOD,
            enough="Nothing was observed in one of the periods.",
        )
    return _compared(before, after, (sides[0], sides[1]), confidence=confidence, seed=seed)


def downtime_interval(
    downtime: Downtime, *, confidence: float = 0.95, typical_s: float | None = None
) -> Interval | None:
    """Limits of the share of time down, from 0 to 1; None where nothing was observed.

    Without an outage the upper limit assumes that one would last `typical_s`; it is unbounded
    where nobody knows.

    >>> limits = downtime_interval(Downtime((60.0, 60.0, 60.0), 600_000.0))
    >>> round(limits.low * 10_000, 3), round(limits.high * 10_000, 3)  # three times one minute
    (0.619, 8.767)

    Source: Fay and Feuer, "Confidence intervals for directly standardized rates: a method based
    on the gamma distribution", Statistics in Medicine 16, 1997.
    """
    if not downtime.observed_s:
        return None
    outages = [each for each in downtime.outages_s if each > 0]
    half = alpha_of(confidence) / 2
    down, square = math.fsum(outages), math.fsum(each * each for each in outages)
    longest = max(outages, default=typical_s or 0.0)
    low = 0.0
    if outages:
        low = square / down * float(scipy.special.gammaincinv(down * down / square, half))
    if not longest:
        return Interval(0.0, None)
    more, more_square = down + longest, square + longest * longest
    high = more_square / more * float(scipy.special.gammainccinv(more * more / more_square, half))
    return Interval(low / downtime.observed_s, min(1.0, high / downtime.observed_s))


def without_largest(before: Downtime, after: Downtime) -> tuple[Downtime, Downtime]:
    """Both periods without the one longest outage of either; the time it took counts as up.

    Of two equally long ones that before is left out: it is the one an improvement may rest on.
    """
    longest_before = max(before.outages_s, default=-1.0)
    longest_after = max(after.outages_s, default=-1.0)
    if longest_before < 0 and longest_after < 0:
        return before, after
    if longest_before >= longest_after:
        return _without(before, longest_before), after
    return before, _without(after, longest_after)


def outage_permutation(before: Downtime, after: Downtime, *, seed: int = 1) -> float:
    """The p-value of as much, or as little, of all downtime falling into the later period.

    Each outage falls there with the later period's share of the time. Up to 20 outages every
    division is counted; beyond, 200,000 are drawn: the hundred longest outages one by one, the
    sum of the others from its normal limit. Twice the smaller tail, at most 1.

    >>> week = 604_800.0
    >>> outage_permutation(Downtime((60.0,) * 5, week), Downtime((60.0,), week))
    0.21875
    """
    outages = np.array([each for each in (*before.outages_s, *after.outages_s) if each > 0])
    share = after.observed_s / (before.observed_s + after.observed_s)
    seen, slack = math.fsum(after.outages_s), float(outages.sum()) * _TIE
    if len(outages) <= ENUMERATED:
        sums, sizes = sums_and_sizes(outages)
        of_size = share ** np.arange(len(outages) + 1.0)
        weights = (of_size * (1 - share) ** np.arange(float(len(outages)), -1, -1))[sizes]
        at_most = float(weights[sums <= seen + slack].sum())
        at_least = float(weights[sums >= seen - slack].sum())
    else:
        sums = _drawn_divisions(outages, share, np.random.default_rng(seed))
        at_most = (int((sums <= seen + slack).sum()) + 1) / (_DRAWS + 1)
        at_least = (int((sums >= seen - slack).sum()) + 1) / (_DRAWS + 1)
    return min(1.0, 2 * min(at_most, at_least))


def _compared(
    before: Downtime,
    after: Downtime,
    sides: tuple[Side, Side],
    *,
    confidence: float,
    seed: int,
) -> Comparison:
    up_before, up_after = sides[0].estimate, sides[1].estimate
    assert up_before is not None
    assert up_after is not None
    share = after.observed_s / (before.observed_s + after.observed_s)
    outages = sum(each > 0 for each in (*before.outages_s, *after.outages_s))
    best_p, alpha = best_attainable_p(outages, share), alpha_of(confidence)
    enough = f"At least {events_needed(share, alpha)} outages in both periods together, of which there are {outages}."
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=Scale.DIFFERENCE,
        change=up_after - up_before,
        interval=_difference(before, after, confidence),
        inner=_difference(before, after, 1 - 2 * alpha),
        relative_to=1 - up_before,
        p_value=outage_permutation(before, after, seed=seed),
        best_p=best_p,
        method=_METHOD if outages <= ENUMERATED else _DRAWN,
        enough="" if best_p < alpha else enough,
    )


def _difference(before: Downtime, after: Downtime, confidence: float) -> Interval:
    """The interval of the difference of two observed periods."""
    was, now = (_side(each, _typical(before, after), confidence) for each in (before, after))
    assert was.estimate is not None
    assert now.estimate is not None
    assert was.interval is not None
    assert now.interval is not None
    return mover(was.estimate, now.estimate, around_before=was.interval, around_after=now.interval)


def _typical(before: Downtime, after: Downtime) -> float | None:
    """How long an outage of these periods lasts: the median before, else after."""
    for outages in (before.outages_s, after.outages_s):
        lasted = [each for each in outages if each > 0]
        if lasted:
            return float(np.median(lasted))
    return None


def _side(downtime: Downtime, typical_s: float | None, confidence: float) -> Side:
    down = downtime_interval(downtime, confidence=confidence, typical_s=typical_s)
    up = None
    if down is not None:
        least = None if down.high is None else 1 - down.high
        up = Interval(least, 1 - (down.low or 0.0))
    observed_s = downtime.observed_s
    return Side(
        estimate=(observed_s - math.fsum(downtime.outages_s)) / observed_s if observed_s else None,
        n=len(downtime.outages_s),
        exposure_s=observed_s,
        interval=up,
    )


def _without(downtime: Downtime, longest: float) -> Downtime:
    rest = list(downtime.outages_s)
    rest.remove(longest)
    return Downtime(tuple(rest), downtime.observed_s)


def _drawn_divisions(outages: Reals, share: float, chance: np.random.Generator) -> Reals:
    """Sums that the later period held in so many draws."""
    ordered = np.sort(outages)[::-1]
    sums = np.zeros(_DRAWS)
    for outage in ordered[:_SINGLE]:
        sums += np.where(chance.random(_DRAWS, dtype=np.float32) < share, outage, 0.0)
    rest = ordered[_SINGLE:]
    if len(rest):
        deviation = math.sqrt(share * (1 - share) * float((rest * rest).sum()))
        sums += chance.normal(share * float(rest.sum()), deviation, _DRAWS)
    return sums

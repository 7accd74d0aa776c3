"""How long things last where some have not ended: Kaplan-Meier medians and the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from slo.evidence.comparison import Interval, Lasted
from slo.evidence.divisions import ENUMERATED, sums_and_sizes
from slo.evidence.exact import alpha_of
from slo.evidence.ranks import RankTest, best_rank_p
from slo.facts import Integers, Reals

_HALF = 0.5
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """The share that outlasts each duration at which something ended, and its Greenwood sum."""

    at_s: Reals
    outlast: Reals
    greenwood: Reals

    @classmethod
    def of(cls, lasted: Lasted) -> Survival:
        """The curve; what is open so far counts as at risk up to then.

        Source: Kaplan and Meier, Journal of the American Statistical Association 53, 1958.
        """
        at_s, ended, at_risk = _table(lasted)
        left = at_risk - ended
        with np.errstate(divide="ignore"):
            steps = np.where(left > 0, ended / (at_risk * left), np.inf)
        outlast = np.cumprod(left / at_risk, dtype=np.float64)
        return cls(at_s, outlast, np.cumsum(steps))

    @property
    def median_s(self) -> float | None:
        """The first duration that fewer than half outlast; None where none is."""
        return _first(self.at_s, self.outlast < _HALF * (1 - _ROUNDING))

    def median_limits(self, *, confidence: float) -> Interval:
        """Limits of the median on the log-log scale; an end that is not reached is None.

        Source: Brookmeyer and Crowley, Biometrics 38, 1982.
        """
        z = float(scipy.special.ndtri(1 - alpha_of(confidence) / 2))
        ended = self.outlast <= 0
        log = np.log(np.where(ended, _HALF, self.outlast))
        factor = np.exp(z * np.sqrt(np.where(ended, 0.0, self.greenwood)) / -log)
        least, most = np.exp(log * factor), np.exp(log / factor)
        low = _first(self.at_s, np.where(ended, 0.0, least) <= _HALF)
        return Interval(low, _first(self.at_s, np.where(ended, 0.0, most) < _HALF))


def log_rank(before: Lasted, after: Lasted) -> RankTest:
    """Whether one period's durations last longer, open ones counted as lasting at least so far.

    Up to 20 durations every division of the scores is counted; beyond, the normal limit.

    Source: Mantel, Cancer Chemotherapy Reports 50, 1966; scores of Peto and Peto, Journal of the
    Royal Statistical Society A 135, 1972; the permutation, Lehmann, "Nonparametrics", 1.4.
    """
    sizes = [len(each.ended_s) + len(each.open_s) for each in (before, after)]
    if not (before.ended_s or after.ended_s):
        return RankTest(1.0, 1.0, is_exact=True)
    if sum(sizes) > ENUMERATED:
        found = scipy.stats.logrank(_censored(before), _censored(after))
        return RankTest(float(found.pvalue), best_rank_p(sizes[0], sizes[1]), is_exact=False)
    scores = _scores(before, after)
    sums, counts = sums_and_sizes(scores)
    sums = sums[counts == sizes[1]]
    slack = _ROUNDING * float(np.abs(scores).sum())
    seen = float(scores[sizes[0] :].sum())
    tails = [float(each.mean()) for each in (sums <= seen + slack, sums >= seen - slack)]
    ends = [float(each.mean()) for each in (sums <= sums.min() + slack, sums >= sums.max() - slack)]
    return RankTest(min(1.0, 2 * min(tails)), min(1.0, 2 * min(ends)), is_exact=True)


def _table(lasted: Lasted) -> tuple[Reals, Integers, Integers]:
    """Each duration at which something ended, how many did, and how many had lasted so long."""
    at_s, ended = np.unique(np.array(lasted.ended_s, dtype=np.float64), return_counts=True)
    whole = np.sort(np.array([*lasted.ended_s, *lasted.open_s], dtype=np.float64))
    return at_s, ended, len(whole) - np.searchsorted(whole, at_s, side="left")


def _scores(before: Lasted, after: Lasted) -> Reals:
    """Ended (1 or 0) less the hazard met by then, of those before and then of those after."""
    pooled = Lasted(before.ended_s + after.ended_s, before.open_s + after.open_s)
    at_s, ended, at_risk = _table(pooled)
    hazard = np.append(0.0, np.cumsum(ended / at_risk))
    parts = []
    for lasted in (before, after):
        for values, event in ((lasted.ended_s, 1.0), (lasted.open_s, 0.0)):
            met = np.searchsorted(at_s, np.array(values, dtype=np.float64), side="right")
            parts.append(event - hazard[met])
    return np.concatenate(parts)


def _censored(lasted: Lasted) -> scipy.stats.CensoredData:
    return scipy.stats.CensoredData(uncensored=lasted.ended_s, right=lasted.open_s)


def _first(at_s: Reals, holds: npt.NDArray[np.bool_]) -> float | None:
    found = np.flatnonzero(holds)
    return float(at_s[found[0]]) if len(found) else None

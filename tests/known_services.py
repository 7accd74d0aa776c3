"""Pairs of periods of several services: another mix of them, and some that were not moved."""

from __future__ import annotations

import numpy as np
from known_pairs import Drawn, Pair

from slo.evidence.checks.controls import Stratum, against_controls, stratified_rates
from slo.evidence.comparison import Count
from slo.evidence.rates import compared_rates

WEEK_S = 604_800.0


def strangled(ratio: float = 1.0) -> Pair:
    """Four services moved one after the other, their errors out of requests whose mix shifts.

    The naive test pours them into one pot: the service with the most errors grows.
    """
    rates, grown = np.array([3e-4, 6e-4, 1e-3, 3e-3]), np.array([0.7, 0.9, 1.0, 1.6])

    def pair(chance: np.random.Generator) -> Drawn:
        exposures = np.array([40_000.0, 30_000.0, 20_000.0, 10_000.0])
        first, second = (
            chance.poisson(rates * exposures),
            chance.poisson(rates * exposures * grown * ratio),
        )
        strata = [
            Stratum(
                name=str(k),
                n_before=float(first[k]),
                exposure_before=exposures[k],
                n_after=float(second[k]),
                exposure_after=exposures[k] * grown[k],
            )
            for k in range(len(rates))
        ]
        pots = Count(int(first.sum()), exposures.sum()), Count(int(second.sum()), exposures @ grown)
        return Drawn(stratified_rates(strata), compared_rates(*pots).p_value)

    return pair


def beside_controls(ratio: float = 1.0, everyone: float = 0.6) -> Pair:
    """Two services that moved and three that did not, while all got better by themselves.

    The naive test looks at those that moved alone.
    """

    def side(chance: np.random.Generator, name: str, mean: float, factor: float) -> Stratum:
        return Stratum(
            name=name,
            n_before=int(chance.poisson(mean)),
            exposure_before=26 * WEEK_S,
            n_after=int(chance.poisson(mean * factor)),
            exposure_after=26 * WEEK_S,
        )

    def pair(chance: np.random.Generator) -> Drawn:
        moved = [side(chance, str(k), 25, everyone * ratio) for k in range(2)]
        controls = [side(chance, str(k), 25, everyone) for k in range(3)]
        # Their windows are the same, so that one pot of the two is no other mix.
        first, second = sum(each.n_before for each in moved), sum(each.n_after for each in moved)
        pots = Count(int(first), 52 * WEEK_S), Count(int(second), 52 * WEEK_S)
        return Drawn(against_controls(moved, controls), compared_rates(*pots).p_value)

    return pair

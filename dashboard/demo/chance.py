"""Numbers that look drawn and are not: each depends on the seed, a name and the time alone."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals
from slo.lengths import WEEK_S


@dataclass(frozen=True, slots=True)
class Chance:
    """The draws of one seed."""

    seed: int

    def at(self, moments: Integers, name: str) -> Reals:
        """One number in [0, 1) for each moment, the same whenever and wherever it is asked.

        Source: the finalizer of SplitMix64 (Steele, Lea, Flood, 2014), by which no generator
        has to be run up to the moment.
        """
        salt = zlib.crc32(f"{self.seed} {name}".encode())
        step = np.uint64((2 * salt + 1) * 0x9E3779B97F4A7C15 % 2**64)
        x = moments.astype(np.uint64) * step
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
        return (x >> np.uint64(11)).astype(np.float64) / float(1 << 53)

    def one(self, number: int, name: str) -> float:
        """One number in [0, 1) for a thing that has a number instead of a time."""
        return float(self.at(np.array([number], np.int64), name)[0])

    def ranks(self, moments: Integers, step_s: int, name: str) -> Reals:
        """As `at`, for moments `step_s` apart, but every share of a week is met exactly.

        A quantile of many such draws is that of the distribution, not one near it.
        """
        a_week = WEEK_S // step_s
        slots = moments // step_s
        weeks, place = np.unique(slots // a_week, return_inverse=True)
        drawn = self.at(np.ravel(weeks[:, None] * a_week + np.arange(a_week)), name)
        order: NDArray[np.intp] = drawn.reshape(len(weeks), a_week).argsort(axis=1).argsort(axis=1)
        ranks: Reals = (order[place, slots % a_week] + 0.5) / a_week
        return ranks

"""What a comparison of two periods found: both sides, the change, its range, its p-value.

Every method of this package ends in a `Comparison`; verdicts, pages and reports read nothing else.
Values are in the measure's own unit: seconds, ratios (0.9997), events a month, points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of values with its ends; None is an end that is not known to be bounded."""

    low: float | None
    high: float | None

    def contains(self, value: float) -> bool:
        """Whether the value lies within, ends included.

        >>> Interval(1.0, None).contains(5.0)
        True
        """
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)


class Scale(StrEnum):
    """How a change is told: after over before, or after less before."""

    RATIO = "ratio"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One period: its estimate, None where nothing gives one, and what it stands on.

    `n` counts what the estimate is made of (events, outages, days, durations), `hits` those of
    them that a share counts, `still_open` the durations that have not ended; `exposure_s` is the
    time observed and `coverage` its share of the period (0 to 1), None where no one can know.
    """

    estimate: float | None
    n: int
    exposure_s: float = 0.0
    hits: int | None = None
    still_open: int = 0
    interval: Interval | None = None
    coverage: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two periods side by side.

    `change` is after over before or after less before, as `scale` says; None where a side has no
    estimate, infinite over a zero. `best_p` is the smallest p-value that data of this size could
    have given: at or above alpha no verdict is possible. `method` names the test in words, `clusters` is the
    factor by which counts scatter more than chance (1: no more), `enough` what would be enough.
    `inner` is the narrower range (90 % beside 95 %) that must lie within a limit for the change to
    be called none; `relative_to` is what percentages of a difference are percentages of, where
    that is not the estimate before (uptime: the downtime before).
    """

    before: Side
    after: Side
    scale: Scale
    change: float | None
    interval: Interval | None = None
    p_value: float | None = None
    best_p: float | None = None
    method: str = ""
    clusters: float = 1.0
    enough: str = ""
    inner: Interval | None = None
    relative_to: float | None = None

    @property
    def is_rising(self) -> bool | None:
        """Whether after lies above before; None where it is the same or nobody can know."""
        none = 1.0 if self.scale is Scale.RATIO else 0.0
        return None if self.change is None or self.change == none else self.change > none


@dataclass(frozen=True, slots=True)
class Count:
    """Events in a time of observation."""

    n: int
    exposure_s: float

    def __post_init__(self) -> None:
        """Refuse what no observation can give.

        Raises:
            ValueError: the count or the time is negative, or no finite number.
        """
        _refuse_negative("a count of events", (self.n,))
        _refuse_negative("an exposure", (self.exposure_s,))


@dataclass(frozen=True, slots=True)
class Downtime:
    """Outages, each in seconds and merged, in a time of observation."""

    outages_s: tuple[float, ...]
    observed_s: float

    def __post_init__(self) -> None:
        """Refuse what no observation can give.

        Raises:
            ValueError: a time is negative or no finite number, or more was down than observed.
        """
        _refuse_negative("an outage", self.outages_s)
        _refuse_negative("an observed time", (self.observed_s,))
        down_s = math.fsum(self.outages_s)
        if down_s > self.observed_s * (1 + _ROUNDING):
            raise ValueError(f"outages of {down_s} s do not fit into {self.observed_s} s observed")


@dataclass(frozen=True, slots=True)
class Hits:
    """So many of so many."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        """Refuse what no counting can give.

        Raises:
            ValueError: a count is negative or no finite number, or there are more hits than all.
        """
        _refuse_negative("a count", (self.hits, self.of))
        if self.hits > self.of:
            raise ValueError(f"{self.hits} of {self.of} is more than all of them")


@dataclass(frozen=True, slots=True)
class Lasted:
    """Durations in seconds: those that ended, and how long those still open have lasted so far."""

    ended_s: tuple[float, ...]
    open_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what nothing can last.

        Raises:
            ValueError: a duration is negative or no finite number.
        """
        _refuse_negative("a duration", (*self.ended_s, *self.open_s))


def _refuse_negative(what: str, values: tuple[float, ...]) -> None:
    """Raise ValueError unless all are finite and zero or more."""
    for value in values:
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{what} is a number of zero or more, not {value}")

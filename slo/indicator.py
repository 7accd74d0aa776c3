"""What an SLO measures: the kinds of SLI and the rule that turns facts into tallies.

Ratio     good (or bad) events out of all       counters, or aggregated rows
Latency   events at or under a threshold        histogram buckets, or raw samples
Uptime    seconds up out of seconds up or down  status observations
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Absent(StrEnum):
    """What a missing good/bad series means while the total series is there."""

    NO_DATA = "no-data"
    ZERO = "zero"


class Combine(StrEnum):
    """When a service seen by several probes is up; each is a named rule, none a default mean."""

    ANY = "any"
    MAJORITY = "majority"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Good events out of all.

    At most one of `good` and `bad` is set; with neither, `total` names rows that carry both
    counts (files of kind `requests`).
    """

    total: str
    good: str | None = None
    bad: str | None = None
    absent: Absent = Absent.NO_DATA


@dataclass(frozen=True, slots=True)
class Latency:
    """Events at or under `threshold_s`, from histogram buckets or from raw samples in seconds.

    Exactly one of `histogram` and `samples` is set. `only_if` names a 0/1 gauge: samples
    taken while it is not 1 are left out (a probe that timed out has no latency).
    """

    threshold_s: float
    histogram: str | None = None
    samples: str | None = None
    only_if: str | None = None


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds up out of seconds up or down, from a 0/1 status.

    A status holds until the next one of its series, at most `valid_s`; after that it is unknown.
    """

    probe: str
    valid_s: int = 300
    combine: Combine = Combine.MAJORITY


Indicator = Ratio | Latency | Uptime

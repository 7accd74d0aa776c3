"""What an SLO measures: the kinds of SLI and the rule that turns facts into tallies.

Ratio      good (or bad) events out of all          counters, or aggregated rows
Latency    events at or under a threshold           histogram buckets, or raw samples
Uptime     seconds up out of seconds up or down     status observations (a boolean gauge)
Gauge      seconds in which a value keeps to a bound   samples of a gauge, p95 points too
RawRatio   seconds weighted by a ratio that is ready   samples between 0 and 1
Sliced     seconds of slices, each good or bad, or as good as it was   any of the above
Composite  an expression over other SLOs            nothing of its own

`Split` is no indicator: it asks for the counts of one apart by the values of labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


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


class Op(StrEnum):
    """How a value of a gauge is held against a bound; the words of OpenSLO stand beside."""

    LT = "<"
    LTE = "<="
    GT = ">"
    GTE = ">="


@dataclass(frozen=True, slots=True)
class Gauge:
    """Seconds in which each series of a gauge keeps to `op value`, out of those it was known.

    A sample holds until the next one of its series, at most `valid_s`; None: as long as its
    source says. `percentile` says that the values are themselves percentiles of latencies in
    seconds (p95 points): what is counted is then time, never requests.
    """

    gauge: str
    op: Op
    value: float
    valid_s: int | None = None
    percentile: str = ""


@dataclass(frozen=True, slots=True)
class RawRatio:
    """Seconds weighted by a gauge that is a ratio of good (or bad) events already.

    It says nothing of how many events there were, so time is what weighs it. A sample holds as
    one of a Gauge does; what is no ratio, below 0 or above 1, is unknown.
    """

    ratio: str
    is_failure: bool = False
    valid_s: int | None = None


Base = Ratio | Latency | Uptime | Gauge | RawRatio
"""What a source can be asked for; every other kind is made of these."""


@dataclass(frozen=True, slots=True)
class Sliced:
    """Seconds of equal slices of time, whatever the traffic in each.

    With a `target` a slice is good when at least that share of it was (Timeslices); without,
    each second of it is as good as the slice was (RatioTimeslices). A slice without events
    counts for nothing.

    Source: OpenSLO v1, budgetingMethod Timeslices and RatioTimeslices.
    """

    of: Base
    slice_s: int
    target: Fraction | None = None


class Combined(StrEnum):
    """How a composite is made of its members; there is no default.

    worst-member         stands as the member with the least SLI
    sum-of-events        all events of all members
    weighted-burn        the burn of each member times its share of the weights
    union-of-bad-slices  bad in every minute in which any member is
    """

    WORST_MEMBER = "worst-member"
    SUM_OF_EVENTS = "sum-of-events"
    WEIGHTED_BURN = "weighted-burn"
    UNION_OF_BAD_SLICES = "union-of-bad-slices"


@dataclass(frozen=True, slots=True)
class Composite:
    """Several SLOs, by their names, as one; `weights`, one a member, belong to WEIGHTED_BURN."""

    method: Combined
    members: tuple[str, ...]
    weights: tuple[Fraction, ...] = ()


Indicator = Base | Sliced | Composite


def is_worst_member(indicator: Indicator) -> bool:
    """Whether an SLO stands as the worst of its members, and counts nothing of its own.

    >>> is_worst_member(Composite(Combined.WORST_MEMBER, ("a", "b")))
    True
    """
    return isinstance(indicator, Composite) and indicator.method is Combined.WORST_MEMBER


MOST_MEMBERS = 200
"""So many values of `group_by` are kept; the rest is counted, and part of the sum."""
MOST_TOLD_APART = 10
"""So many values of a breakdown are kept an hour: those with the most bad events."""


@dataclass(frozen=True, slots=True)
class Split:
    """The counts of an indicator apart by the values of some labels.

    For a group every value is a member with a budget of its own, at most MOST_MEMBERS; for a
    breakdown those MOST_TOLD_APART are kept an hour that had the most bad events.
    """

    of: Indicator
    by: tuple[str, ...]
    is_breakdown: bool = False


Wanted = Indicator | Split
"""What a store is asked to keep counts of."""


def base_of(indicator: Indicator) -> Base | None:
    """What a source is asked for on behalf of an indicator; a composite asks for nothing.

    >>> base_of(Sliced(Uptime("up"), 300))
    Uptime(probe='up', valid_s=300, combine=<Combine.MAJORITY: 'majority'>)
    """
    match indicator:
        case Sliced():
            return indicator.of
        case Composite():
            return None
        case _:
            return indicator


def bases(indicators: Iterable[Indicator]) -> tuple[Base, ...]:
    """What a source is asked for on behalf of several indicators, each once."""
    found = (base_of(one) for one in indicators)
    return tuple(dict.fromkeys(one for one in found if one is not None))

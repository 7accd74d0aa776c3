"""What a source reports: columns of facts, one series each, ready for the store.

    TallyRows       good and total events of whole minutes (counters, aggregated rows)
    HistogramRows   events by (gt, le] of whole quarter hours (Prometheus buckets)
    StatusRows      observations up/down/degraded, each valid for so long (probes)
    SampleRows      single measured values (raw latencies, app rating, cost, coverage)
    EventRow        deployments, pipeline runs, releases, incidents, annotations

Every fact has a natural key, so reporting it twice changes nothing, and an
`observed_at`, so the order of arrival never matters: for one key the complete
beats the partial, then the later observation beats the earlier. Rows are `partial`
where who reported them said that something may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Names of types alone: who judges counts holds no array, and would wait for numpy.
Integers: TypeAlias = "NDArray[np.int64]"
Reals: TypeAlias = "NDArray[np.float64]"


class SeriesKind(StrEnum):
    """What the rows of a series are."""

    TALLY = "tally"
    HISTOGRAM = "histogram"
    STATUS = "status"
    SAMPLE = "sample"


class Status(StrEnum):
    """What a probe saw. Degraded serves users, so it counts as up and stays visible."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


class EventKind(StrEnum):
    """The things that happen, as opposed to being measured."""

    DEPLOYMENT = "deployment"
    PIPELINE_RUN = "pipeline_run"
    RELEASE = "release"
    INCIDENT = "incident"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What makes a series the same series wherever and whenever it is reported.

    `name` is a metric name or a canonical selector, `labels` are sorted pairs,
    `rule` is empty for what a source reported and names the derivation otherwise
    (`<=0.5`, `up:majority`); `bin_s` is the finest bin that its tallies have.
    """

    source: str
    name: str
    kind: SeriesKind
    labels: tuple[tuple[str, str], ...] = ()
    rule: str = ""
    service: str = ""
    bin_s: int = 60

    def __post_init__(self) -> None:
        """Refuse labels that are not in canonical order: they would make a second identity."""
        if list(self.labels) != sorted(set(self.labels)):
            raise ValueError(f"labels of {self.name} are not sorted and unique: {self.labels}")


@dataclass(frozen=True, slots=True, eq=False)
class TallyRows:
    """Counts of whole bins; `at` is the bin's first second, ascending and unique."""

    series: SeriesKey
    at: Integers
    good: Reals
    total: Reals
    observed_s: Integers
    observed_at: int
    partial: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HistogramRows:
    """Events in (gt, le] seconds of whole 15-minute bins, not cumulative.

    All rows of one `at` together are the bin: reporting a bin replaces it whole.
    The last bucket has le = +inf, the first gt = 0 unless the source says otherwise.
    """

    series: SeriesKey
    at: Integers
    gt: Reals
    le: Reals
    count: Reals
    observed_at: int
    partial: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StatusRows:
    """Observations; a state holds until the next one of the series, at most `valid_s`."""

    series: SeriesKey
    at: Integers
    state: Sequence[Status]
    valid_s: Integers
    observed_at: Integers
    partial: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SampleRows:
    """Measured values; `key` tells apart several at one second ("" where there is one)."""

    series: SeriesKey
    at: Integers
    value: Reals
    valid_s: Integers
    observed_at: Integers
    key: Sequence[str] | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened; `key` is its natural key within (source, kind)."""

    kind: EventKind
    key: str
    at: int
    observed_at: int
    service: str = ""
    ended_at: int | None = None
    fields: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)


Fact = TallyRows | HistogramRows | StatusRows | SampleRows | EventRow

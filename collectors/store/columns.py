"""What the store answers in columns: tallies, samples, observations, buckets, by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from collectors.store.widths import SUMMED
from slo.facts import Integers, Reals, Status


@dataclass(frozen=True, slots=True, eq=False)
class TallyColumns:
    """Tallies of bins, each the sum over the series asked for; bins without a row are absent."""

    at: Integers
    good: Reals
    total: Reals
    observed_s: Integers
    excluded_good: Reals
    excluded_total: Reals
    excluded_s: Integers
    partial_s: Integers
    estimated_s: Integers
    conflict_s: Integers

    @classmethod
    def of(cls, at: Integers, table: Reals) -> Self:
        """The bins of a table that has a row for each and the columns of `SUMMED`."""
        columns: dict[str, Any] = {
            name: column.astype("int64") if name.endswith("_s") else column
            for name, column in zip(SUMMED, table.T, strict=True)
        }
        return cls(at, **columns)


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumns:
    """Measured values, by time."""

    at: Integers
    value: Reals
    valid_s: Integers


@dataclass(frozen=True, slots=True, eq=False)
class ValueColumns:
    """Measured values alone, of several series one after the other, each by time."""

    at: Integers
    value: Reals


@dataclass(frozen=True, slots=True, eq=False)
class BucketColumns:
    """Events in (gt, le] of bins that begin at `at`, of several series."""

    at: Integers
    gt: Reals
    le: Reals
    count: Reals


@dataclass(frozen=True, slots=True, eq=False)
class ObservationColumns:
    """What a probe saw, by time."""

    at: Integers
    state: tuple[Status, ...]
    valid_s: Integers

"""What the store answers in columns: tallies, samples, observations, buckets, by time."""

from __future__ import annotations

from dataclasses import dataclass

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

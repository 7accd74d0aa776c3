"""What one row of a file says, each part with the key under which it can be said only once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from slo.facts import EventRow, SeriesKey, Status


class StateAt(NamedTuple):
    """One observation of a status."""

    series: SeriesKey
    at: int
    observed_at: int
    state: Status
    valid_s: int


class ValueAt(NamedTuple):
    """One measured value."""

    series: SeriesKey
    at: int
    observed_at: int
    value: float
    valid_s: int
    key: str


class CountAt(NamedTuple):
    """The events of one bin."""

    series: SeriesKey
    at: int
    observed_at: int
    good: float
    total: float
    observed_s: int
    estimated: bool


Part = StateAt | ValueAt | CountAt | EventRow


def identity(part: Part) -> Hashable:
    """What the part shares only with another account of the same thing."""
    if isinstance(part, EventRow):
        return part.kind, part.key
    if isinstance(part, ValueAt):
        return part.series, part.at, part.key
    return part.series, part.at

"""What a clock that was set leaves in a source that is looked at: values of now or later.

The clock was ahead  what it saw is taken back, and the present is looked at as ever
The clock is behind  nothing is taken back, and nothing looked at until it has caught up
Neither              two looks within a second are one
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collectors.store.store import Reader, StoredSeries
from slo.facts import SeriesKind
from slo.lengths import HOUR_S
from slo.spans import Span, moment

_POINTS = (SeriesKind.STATUS, SeriesKind.SAMPLE)
_APART_S = 300
_LITTLE_S = HOUR_S
_TIME = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True, slots=True)
class Ahead:
    """Values at or after `now`: the first and the last of them, and whether any is before."""

    now: int
    first: int
    last: int
    follows: bool

    @property
    def by_s(self) -> int:
        """How far the last of them lies ahead."""
        return self.last - self.now

    @property
    def is_clocks_fault(self) -> bool:
        """Whether a clock that was ahead saw them, rather than that this one is behind.

        Of a few minutes the present clock is believed. A clock that was far ahead leaves a gap
        before what it saw; one that is far behind falls into what was measured, or before it.

        >>> Ahead(1_000, first=1_005, last=1_020, follows=True).is_clocks_fault
        True
        >>> Ahead(1_000, first=4_600, last=4_630, follows=True).is_clocks_fault
        True
        >>> Ahead(1_000, first=1_005, last=4_630, follows=True).is_clocks_fault
        False
        """
        lies_apart = self.first - self.now > _APART_S
        is_little = self.last - self.first <= _LITTLE_S
        return 0 < self.by_s <= _APART_S or (lies_apart and (self.follows or is_little))

    def __str__(self) -> str:
        """What it means for the source, as a person says it."""
        if self.is_clocks_fault:
            since = f"{moment(self.first):{_TIME}}"
            return f"the clock was ahead: what was seen from {since} on is taken back"
        return f"the clock is behind: looks begin again after {moment(self.last):{_TIME}}"


def ahead_of(now: int, source: str, reader: Reader) -> Ahead | None:
    """The source's values at or after `now`; None when all are of the past, as they should be."""
    points = [one for one in reader.series(source) if one.key.kind in _POINTS]
    later = [one for one in points if one.until is not None and one.until >= now]
    if not later:
        return None
    return Ahead(
        now,
        first=min(_first(one, now, reader) for one in later),
        last=max(one.until for one in later if one.until is not None),
        follows=any(one.since is not None and one.since < now for one in points),
    )


def _first(one: StoredSeries, now: int, reader: Reader) -> int:
    until = (one.until or now) + 1
    measured = reader.measured
    found = measured.observations if one.key.kind is SeriesKind.STATUS else measured.samples
    return int(np.min(found(one.id, Span(now, until)).at, initial=until))

"""Which local days and whole weeks a period has: from midnight to midnight of its time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from slo.days import local_days, midnight
from slo.facts import Integers
from slo.spans import Span

_WEEK = 7


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The local days that a span touches; day `i` runs from `edges[i]` to `edges[i + 1]`.

    A day of which the span holds a part only is one of them, cut at the span.
    """

    span: Span
    edges: Integers

    def __len__(self) -> int:
        """How many there are."""
        return len(self.edges) - 1

    @property
    def begins(self) -> list[int]:
        """The first second of each, which may lie before the span."""
        found: list[int] = self.edges[:-1].tolist()
        return found

    @property
    def spans(self) -> tuple[Span, ...]:
        """Each day as far as it lies in the span."""
        cut = np.clip(self.edges, self.span.since, self.span.until).tolist()
        return tuple(map(Span, cut[:-1], cut[1:]))

    def of(self, at: Integers) -> Integers:
        """The place of the day that holds each moment; all must lie in the span."""
        found: Integers = np.searchsorted(self.edges, at, side="right") - 1
        return found

    def weeks(self) -> Iterator[slice]:
        """The places of seven whole days after each other, from the first whole day on."""
        whole = (self.edges[:-1] >= self.span.since) & (self.edges[1:] <= self.span.until)
        first, count = int(np.argmax(whole)) if whole.any() else 0, int(whole.sum())
        for begins in range(first, first + count - _WEEK + 1, _WEEK):
            yield slice(begins, begins + _WEEK)


def days_of(span: Span, zone: ZoneInfo) -> Days:
    """The local days of a span; one of 23 hours in spring, one of 25 in autumn.

    >>> days_of(Span(0, 86_401), ZoneInfo("UTC")).begins
    [0, 86400]
    """
    if not span.length_s:
        return Days(span, np.array([span.since], np.int64))
    days = local_days(span, zone)
    edges = [midnight(day, zone) for day in (*days, days[-1] + timedelta(days=1))]
    return Days(span, np.array(edges, np.int64))

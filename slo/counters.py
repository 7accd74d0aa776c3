"""How many events a counter counted, minute by minute, from the samples a monitor kept of it.

A delta is what a counter grew by between two samples, and belongs to the later one:

    both samples at most a look-back apart         later - earlier
    the later is smaller (the process restarted)   later: it counted from zero again
    absent at a successful scrape in between       later: it was born again, from zero
    first seen on a target already being scraped   later: it was born, from zero
    anything else                                  unknown: no delta, no observed time

Failed scrapes prove nothing, and neither do scrapes of a series whose samples were not
taken at the moments of those scrapes (recording rules, timestamps of their own).
Deltas telescope: their sum is exact wherever the samples were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals
from slo.spans import Span

Flags = NDArray[np.bool_]
_MS = 1_000


def _no_times() -> Integers:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """Samples of one counter, ascending and unique in time.

    `scraped_ms` are the successful scrapes of its target; empty when none are known.
    """

    at_ms: Integers
    value: Reals
    scraped_ms: Integers = field(default_factory=_no_times)


@dataclass(frozen=True, slots=True, eq=False)
class Deltas:
    """Events of one counter: `count` of them in each (since_ms, until_ms]."""

    since_ms: Integers
    until_ms: Integers
    count: Reals


@dataclass(frozen=True, slots=True, eq=False)
class Increments:
    """Events and observed time of whole, adjoining bins, beginning at `at` seconds.

    The bin at T holds the events of (T, T + bin]: a sample speaks of the time before it.
    """

    at: Integers
    count: Reals
    observed_ms: Integers


def resets_ms(counter: Counter) -> Integers:
    """When the counter was seen smaller than before."""
    return counter.at_ms[1:][counter.value[1:] < counter.value[:-1]]


def deltas(counter: Counter, lookback_s: int, also_reset_ms: Integers | None = None) -> Deltas:
    """What the counter grew by between its samples; unknown stretches are left out.

    `also_reset_ms` are moments at which it is known to have restarted although its value
    does not show it: the buckets of one histogram restart together.

    >>> grown = deltas(Counter(np.array([0, 60_000]), np.array([100.0, 9.0])), 300)
    >>> grown.count.tolist()
    [9.0]
    """
    if not len(counter.at_ms):
        return Deltas(_no_times(), _no_times(), np.empty(0))
    earlier_ms = np.concatenate((counter.at_ms[:1], counter.at_ms[:-1]))
    born, since_ms = _births(counter, earlier_ms, lookback_s)
    earlier = np.concatenate(([0.0], counter.value[:-1]))
    reset = counter.value < earlier
    if also_reset_ms is not None:
        reset |= np.isin(counter.at_ms, also_reset_ms)
    count = np.where(born | reset, counter.value, counter.value - earlier)
    apart_ms = counter.at_ms - earlier_ms
    paired = (apart_ms > 0) & (apart_ms <= lookback_s * _MS)
    known = born | paired
    return Deltas(since_ms[known], counter.at_ms[known], count[known])


def _births(counter: Counter, earlier_ms: Integers, lookback_s: int) -> tuple[Flags, Integers]:
    """Which samples counted from zero, and since when each sample's delta runs."""
    at_ms, scraped_ms = counter.at_ms, counter.scraped_ms
    if not len(scraped_ms):
        return np.zeros(len(at_ms), dtype=np.bool_), earlier_ms
    place = np.searchsorted(scraped_ms, at_ms)
    scrape_ms = scraped_ms[np.maximum(place - 1, 0)]
    recent = (place > 0) & (at_ms - scrape_ms <= lookback_s * _MS)
    on_scrape = scraped_ms[np.minimum(place, len(scraped_ms) - 1)] == at_ms
    after_absence = np.concatenate(([True], (scrape_ms > earlier_ms)[1:] & on_scrape[:-1]))
    born = recent & on_scrape & after_absence
    return born, np.where(born, scrape_ms, earlier_ms)


def per_bin(many: Sequence[Deltas], span: Span, bin_s: int = 60) -> Increments:
    """The events of all counters together in each whole bin inside the span.

    Observed is what at least one of them observed: a bin without events is one that was
    watched, a bin without observed time is one that nobody saw.
    """
    first, last = -(-span.since // bin_s), span.until // bin_s
    at = np.arange(first, max(first, last), dtype=np.int64) * bin_s
    count = np.zeros(len(at))
    for grown in many:
        place = -(-grown.until_ms // (bin_s * _MS)) - 1 - first
        inside = (place >= 0) & (place < len(at))
        count += np.bincount(place[inside], grown.count[inside], minlength=len(at))
    return Increments(at, count, _observed_ms(many, at, bin_s))


def _observed_ms(many: Sequence[Deltas], at: Integers, bin_s: int) -> Integers:
    """The milliseconds of each bin that lie in at least one delta."""
    since_ms, until_ms = _union([_runs(grown) for grown in many if len(grown.since_ms)])
    if not len(at) or not len(since_ms):
        return np.zeros(len(at), dtype=np.int64)
    corners_ms = np.column_stack((since_ms, until_ms)).ravel()
    covered_ms = np.cumsum(np.column_stack((np.zeros_like(since_ms), until_ms - since_ms)).ravel())
    edges_ms = np.append(at, at[-1] + bin_s) * _MS
    seen_ms: Integers = np.rint(np.interp(edges_ms, corners_ms, covered_ms)).astype(np.int64)
    return np.diff(seen_ms)


def _runs(grown: Deltas) -> tuple[Integers, Integers]:
    """The deltas' time, adjoining ones joined."""
    apart = np.flatnonzero(grown.since_ms[1:] != grown.until_ms[:-1])
    starts = np.concatenate(([0], apart + 1))
    ends = np.concatenate((apart, [len(grown.since_ms) - 1]))
    return grown.since_ms[starts], grown.until_ms[ends]


def _union(runs: Sequence[tuple[Integers, Integers]]) -> tuple[Integers, Integers]:
    """Disjoint ascending stretches that cover what the runs cover."""
    if not runs:
        return _no_times(), _no_times()
    since_ms = np.concatenate([run[0] for run in runs])
    until_ms = np.concatenate([run[1] for run in runs])
    order = np.argsort(since_ms, kind="stable")
    since_ms, until_ms = since_ms[order], np.maximum.accumulate(until_ms[order])
    opens = np.concatenate(([True], since_ms[1:] > until_ms[:-1]))
    closes = np.concatenate((opens[1:], [True]))
    return since_ms[opens], until_ms[closes]

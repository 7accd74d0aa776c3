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
    watched, a bin without observed time is one that nobody saw. As the events of a delta belong
    to its later sample, so does the time in which they happened: a bin is observed from the last
    sample before it to its own last sample, so that what is known of it never waits for a sample
    of the next one. What is longer than the bin was observed of the bins before it in which no
    sample lies.
    """
    first, last = -(-span.since // bin_s), span.until // bin_s
    at = np.arange(first, max(first, last), dtype=np.int64) * bin_s
    count = np.zeros(len(at))
    for grown in many:
        place = _ends_in(grown, bin_s) - first
        inside = (place >= 0) & (place < len(at))
        count += np.bincount(place[inside], grown.count[inside], minlength=len(at))
    return Increments(at, count, _observed_ms(many, at, bin_s))


def _ends_in(grown: Deltas, bin_s: int) -> Integers:
    """The number of the bin in which each delta ends."""
    return -(-grown.until_ms // (bin_s * _MS)) - 1


def _observed_ms(many: Sequence[Deltas], at: Integers, bin_s: int) -> Integers:
    """The milliseconds that deltas which end in each bin observed, what is over going before."""
    observed_ms = np.zeros(len(at), dtype=np.int64)
    known = [grown for grown in many if len(grown.since_ms)]
    if not len(at) or not known:
        return observed_ms
    bins, place = np.unique(
        np.concatenate([_ends_in(grown, bin_s) for grown in known]), return_inverse=True
    )
    until_ms = np.concatenate([grown.until_ms for grown in known])
    last_ms = np.full(len(bins), np.iinfo(np.int64).min)
    np.maximum.at(last_ms, place, until_ms)
    before_ms = np.concatenate(([np.iinfo(np.int64).min], last_ms[:-1]))[place]
    since_ms = np.maximum(np.concatenate([grown.since_ms for grown in known]), before_ms)
    starts_ms, ends_ms = _union(since_ms, until_ms)
    corners_ms = np.column_stack((starts_ms, ends_ms)).ravel()
    covered_ms = np.cumsum(np.column_stack((np.zeros_like(starts_ms), ends_ms - starts_ms)).ravel())
    up_to_ms = np.rint(np.interp(last_ms, corners_ms, covered_ms)).astype(np.int64)
    _fill(observed_ms, bins - at[0] // bin_s, np.diff(up_to_ms, prepend=0), bin_s * _MS)
    return observed_ms


def _fill(observed_ms: Integers, places: Integers, seen_ms: Integers, most_ms: int) -> None:
    """Give each bin what was seen up to its last sample; what is over to empty bins before it."""
    inside = (places >= 0) & (places < len(observed_ms))
    observed_ms[places[inside]] = np.minimum(seen_ms, most_ms)[inside]
    has_sample = frozenset(places.tolist())
    for place in np.flatnonzero(seen_ms > most_ms):
        over_ms, earlier = int(seen_ms[place]) - most_ms, int(places[place]) - 1
        while over_ms > 0 and earlier not in has_sample and earlier >= 0:
            if earlier < len(observed_ms):
                observed_ms[earlier] = min(over_ms, most_ms)
            over_ms, earlier = over_ms - most_ms, earlier - 1


def _union(since_ms: Integers, until_ms: Integers) -> tuple[Integers, Integers]:
    """Disjoint ascending stretches that cover what these cover, at least one."""
    order = np.argsort(since_ms, kind="stable")
    since_ms, until_ms = since_ms[order], np.maximum.accumulate(until_ms[order])
    opens = np.concatenate(([True], since_ms[1:] > until_ms[:-1]))
    closes = np.concatenate((opens[1:], [True]))
    return since_ms[opens], until_ms[closes]

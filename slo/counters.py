"""How many events a counter counted, minute by minute, from the samples a monitor kept of it.

A delta is what a counter grew by between two samples, and belongs to the later one:

    both samples at most a look-back apart         later - earlier
    the later is smaller (the process restarted)   later: it counted from zero again
    absent at a successful scrape in between       later: it was born again, from zero
    first seen on a target already being scraped   later: it was born, from zero
    anything else                                  unknown: no delta, no observed time

What lies further back than a look-back says nothing of a delta, so that one and the same is
found whether a history is read whole or piece by piece. Failed scrapes prove nothing, and neither
do scrapes of a series whose samples were not taken at the moments of those scrapes (recording
rules, timestamps of their own).
Deltas telescope: their sum is exact wherever the samples were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Reals
from slo.lengths import MINUTE_S
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


def resets_ms(counter: Counter, lookback_s: int) -> Integers:
    """When the counter was seen smaller than before, a look-back earlier at most."""
    near = np.diff(counter.at_ms) <= lookback_s * _MS
    return counter.at_ms[1:][near & (counter.value[1:] < counter.value[:-1])]


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
    was_absent = np.concatenate(([True], (scrape_ms > earlier_ms)[1:] & on_scrape[:-1]))
    after_absence = was_absent | (at_ms - earlier_ms > lookback_s * _MS)
    born = recent & on_scrape & after_absence
    return born, np.where(born, scrape_ms, earlier_ms)


def per_bin(many: Sequence[Deltas], span: Span) -> Increments:
    """The events of all counters together in each whole bin inside the span: a minute each.

    Observed is what at least one of them observed: a bin without events is one that was
    watched, a bin without observed time is one that nobody saw. As the events of a delta belong
    to its later sample, so does the time in which they happened:

        deltas end in the bin        what they observed of the last minute before its last sample
        none does, one spans it      the whole bin: it lies between two samples, without events
        anything else                nothing

    So what is known of a bin that holds a sample never waits for a later one, however rarely
    samples come; a bin that lies between two samples is known with the later (`told_since`).
    """
    first, last = -(-span.since // MINUTE_S), span.until // MINUTE_S
    at = np.arange(first, max(first, last), dtype=np.int64) * MINUTE_S
    count, observed_ms = np.zeros(len(at)), np.zeros(len(at), dtype=np.int64)
    for grown in many:
        place = _place(grown.until_ms, MINUTE_S) - first
        inside = (place >= 0) & (place < len(at))
        count += np.bincount(place[inside], grown.count[inside], minlength=len(at))
    known = [grown for grown in many if len(grown.since_ms)]
    if len(at) and known:
        since_ms = np.concatenate([grown.since_ms for grown in known])
        until_ms = np.concatenate([grown.until_ms for grown in known])
        observed_ms[_spanned(since_ms, until_ms, at, MINUTE_S)] = MINUTE_S * _MS
        bins, seen_ms = _ended(since_ms, until_ms, MINUTE_S)
        inside = (bins >= first) & (bins < last)
        observed_ms[bins[inside] - first] = seen_ms[inside]
    return Increments(at, count, observed_ms)


def read_since(since: int, lookback_s: int) -> int:
    """From where on samples must be read so that the bins at `since` and later are exact.

    A bin may borrow from the time of the bin before it, whose deltas begin a look-back earlier.
    """
    return since - MINUTE_S - lookback_s


def told_since(many: Iterable[Deltas], since: int) -> int:
    """The first bin that samples after `since` tell of: it may lie between two samples before.

    Who read up to `since`, and reads on from there, gives the bins from here on anew; there
    are none before `since` where samples come at least once a bin. Never more than a look-back.

    >>> slow = deltas(Counter(np.array([30_000, 210_000]), np.array([4.0, 9.0])), 300)
    >>> told_since([slow], 180), told_since([slow], 60), told_since([slow], 240)
    (60, 60, 240)
    """
    first = since // MINUTE_S
    for grown in many:
        spans = _place(grown.since_ms[grown.until_ms > since * _MS], MINUTE_S) + 1
        first = min(first, int(spans.min(initial=first)))
    return min(since, first * MINUTE_S)


def _place(at_ms: Integers, bin_s: int) -> Integers:
    """The number of the bin to which a moment belongs: a bin does not hold its beginning."""
    return -(-at_ms // (bin_s * _MS)) - 1


def _spanned(since_ms: Integers, until_ms: Integers, at: Integers, bin_s: int) -> Flags:
    """Which bins lie whole between the two samples of a delta; nothing of those in which it ends."""
    first = int(at[0]) // bin_s
    opens, closes = (
        np.bincount(np.clip(place - first, 0, len(at)), minlength=len(at) + 1)
        for place in (_place(since_ms, bin_s) + 1, _place(until_ms, bin_s))
    )
    return np.cumsum(opens - closes)[:-1] > 0


def _ended(since_ms: Integers, until_ms: Integers, bin_s: int) -> tuple[Integers, Integers]:
    """The numbers of the bins in which deltas end, and how long these observed of each.

    Only deltas that ended by then are asked, those of the bin and of the one before it.
    """
    long_ms = bin_s * _MS
    bins, rank = np.unique(_place(until_ms, bin_s), return_inverse=True)
    last_ms = np.full(len(bins), np.iinfo(np.int64).min)
    np.maximum.at(last_ms, rank, until_ms)
    after = np.minimum(rank + 1, len(bins) - 1)
    borrows = (bins[after] == bins[rank] + 1) & (until_ms > last_ms[after] - long_ms)
    rank = np.concatenate((rank, after[borrows]))
    since_ms = np.concatenate((since_ms, since_ms[borrows]))
    until_ms = np.concatenate((until_ms, until_ms[borrows]))
    # The stretches before the last samples, one behind the other, so that one union does for all.
    moved_ms = rank * long_ms - (last_ms[rank] - long_ms)
    lows_ms, highs_ms = np.maximum(since_ms + moved_ms, rank * long_ms), until_ms + moved_ms
    starts_ms, ends_ms = _union(lows_ms, highs_ms)
    corners_ms = np.column_stack((starts_ms, ends_ms)).ravel()
    covered_ms = np.cumsum(np.column_stack((np.zeros_like(starts_ms), ends_ms - starts_ms)).ravel())
    edges_ms = np.arange(len(bins) + 1) * long_ms
    return bins, np.diff(np.rint(np.interp(edges_ms, corners_ms, covered_ms)).astype(np.int64))


def _union(since_ms: Integers, until_ms: Integers) -> tuple[Integers, Integers]:
    """Disjoint ascending stretches that cover what these cover, at least one."""
    order = np.argsort(since_ms, kind="stable")
    since_ms, until_ms = since_ms[order], np.maximum.accumulate(until_ms[order])
    opens = np.concatenate(([True], since_ms[1:] > until_ms[:-1]))
    closes = np.concatenate((opens[1:], [True]))
    return since_ms[opens], until_ms[closes]

"""Tallies of a ratio of two counters: good, or bad, out of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from collectors.contract import Batch
from collectors.prometheus.batching import batches
from collectors.prometheus.pages import Inquiry
from collectors.prometheus.tracks import Follower
from slo.counters import Increments, deltas, per_bin
from slo.facts import Integers, Reals, SeriesKey, SeriesKind, TallyRows
from slo.indicator import Absent, Ratio
from slo.rules import canonical, ratio_name
from slo.spans import Span

BIN_S = 60


def selectors(ratio: Ratio) -> tuple[str, str]:
    """The counters of all events, and of the good or the bad ones."""
    other = ratio.good if ratio.good is not None else ratio.bad
    assert other is not None, "checked when the source was built"
    return canonical(ratio.total), canonical(other)


def collect(inquiry: Inquiry, ratio: Ratio, span: Span, series: int) -> Iterator[Batch]:
    """The tallies of each whole minute of the span, from raw samples of the counters."""
    for seen in Follower(inquiry, selectors(ratio)).pages(span, series):
        counted = [
            [
                per_bin(
                    [deltas(counter, inquiry.lookback_s) for counter in each.values()], seen.told
                )
                for each in reading
            ]
            for reading in seen.readings
        ]
        facts = [
            fact
            for total, other in counted
            for fact in tallies(inquiry, ratio, total, other, partial=seen.is_partial)
        ]
        if seen.told.length_s:
            told = (*seen.warnings, *doubts(ratio, *counted[0]))
            yield from batches(facts, seen.claimed, BIN_S, seen.counts, told)


def tallies(
    inquiry: Inquiry,
    ratio: Ratio,
    total: Increments,
    other: Increments,
    *,
    partial: bool,
    estimated: bool = False,
) -> list[TallyRows]:
    """The minutes in which both were observed; a missing other counts as zero if so configured."""
    seen_ms = total.observed_ms
    if ratio.absent is Absent.NO_DATA:
        seen_ms = np.minimum(seen_ms, other.observed_ms)
    known = seen_ms > 0
    if not known.any():
        return []
    within = np.clip(other.count, 0, total.count)
    good: Reals = within if ratio.good is not None else total.count - within
    return [
        TallyRows(
            SeriesKey(inquiry.source, ratio_name(ratio), SeriesKind.TALLY),
            total.at[known],
            good[known],
            total.count[known],
            whole_seconds(seen_ms[known]),
            inquiry.now,
            partial=partial,
            estimated=estimated,
        )
    ]


def whole_seconds(seen_ms: Integers) -> Integers:
    """Observed seconds, rounded down, but never to nothing: something was seen."""
    return np.maximum(1, seen_ms // 1_000)


def doubts(ratio: Ratio, total: Increments, other: Increments) -> Sequence[str]:
    """What to tell when the part is missing although the whole is there, or larger than it."""
    every, part = selectors(ratio)
    if not total.observed_ms.any():
        return []
    if ratio.absent is Absent.NO_DATA and not other.observed_ms.any():
        return [f'not measured: {part} matches nothing; if that means 0, set absent = "zero"']
    if (other.count > total.count).any():
        return [f"{part} counted more than {every} in some minutes; cut to it"]
    return []

"""Tallies under a threshold, and quarter-hour histograms, from buckets page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from collectors.contract import Batch
from collectors.prometheus.batching import Rows, batches
from collectors.prometheus.buckets import Buckets, counted, grouped
from collectors.prometheus.pages import Inquiry
from collectors.prometheus.ratio import whole_seconds
from collectors.prometheus.tracks import Follower
from slo.facts import HistogramRows, Integers, Reals, SeriesKey, SeriesKind, TallyRows
from slo.indicator import Latency
from slo.rules import canonical, threshold_rule
from slo.spans import Span

HISTOGRAM_S = 900
_LOW, _HIGH = "|low", "|high"


def selector(latency: Latency) -> str:
    """The canonical selector of the buckets."""
    assert latency.histogram is not None, "checked when the source was built"
    return canonical(latency.histogram)


def collect(inquiry: Inquiry, latency: Latency, span: Span, series: int) -> Iterator[Batch]:
    """The tallies of each whole minute of the span, and the histograms that end in it."""
    name = selector(latency)
    quarters = Quarters(inquiry, name, span)
    for seen in Follower(inquiry, [name]).pages(span, series, quarters.since):
        read = [
            counted(grouped(inquiry, name, counters).values(), seen.counted, inquiry.lookback_s)
            for (counters,) in seen.readings
        ]
        quarters.add(read[0], seen.counted, partial=seen.is_partial)
        if seen.told.length_s:
            tallies = [
                fact
                for layouts in read
                for fact in tallied(inquiry, latency, layouts, seen.told, partial=seen.is_partial)
            ]
            facts: list[Rows] = [*quarters.ended(seen.counted.until), *tallies]
            yield from batches(facts, seen.claimed, HISTOGRAM_S, seen.counts, seen.warnings)


def tallied(
    inquiry: Inquiry,
    latency: Latency,
    layouts: Sequence[Buckets],
    span: Span,
    *,
    partial: bool,
    estimated: bool = False,
) -> list[TallyRows]:
    """Events at or under the threshold in each minute of the span that was observed.

    Where a layout has no edge at the threshold its minutes are estimated, and the rules
    `…|low` and `…|high` hold the counts at the edges around it.
    """
    if not layouts:
        return []
    at = layouts[0].at
    inside = (at >= span.since) & (at < span.until)
    seen_ms = np.max([each.observed_ms for each in layouts], axis=0)
    total = np.sum([each.total for each in layouts], axis=0)
    low, good, high = (
        np.sum(part, axis=0)
        for part in zip(*[each.bounds(latency.threshold_s) for each in layouts], strict=True)
    )
    between = np.full(len(at), estimated)
    for each in layouts:
        if not each.has_edge(latency.threshold_s):
            between |= each.observed_ms > 0

    def rows(rule: str, good: Reals, chosen: Integers, *, estimated: bool) -> TallyRows:
        key = SeriesKey(inquiry.source, selector(latency), SeriesKind.TALLY, rule=rule)
        seen_s = whole_seconds(seen_ms[chosen])
        return TallyRows(
            key, at[chosen], good[chosen], total[chosen], seen_s, inquiry.now, partial, estimated
        )

    rule = threshold_rule(latency.threshold_s)
    exact = np.flatnonzero(inside & (seen_ms > 0) & ~between)
    guessed = np.flatnonzero(inside & (seen_ms > 0) & between)
    found = [rows(rule, good, exact, estimated=False), rows(rule, good, guessed, estimated=True)]
    if any(not each.has_edge(latency.threshold_s) for each in layouts):
        found += [
            rows(rule + _LOW, low, guessed, estimated=True),
            rows(rule + _HIGH, high, guessed, estimated=True),
        ]
    return [fact for fact in found if len(fact.at)]


class Quarters:
    """Gathers minutes into quarter hours and gives those that are whole and end in the span."""

    def __init__(self, inquiry: Inquiry, name: str, span: Span) -> None:
        """Begin with the quarter hour in which the span begins."""
        self._key = SeriesKey(inquiry.source, name, SeriesKind.HISTOGRAM, bin_s=HISTOGRAM_S)
        self._now = inquiry.now
        self._held: dict[int, dict[tuple[float, float], float]] = {}
        self._partial: set[int] = set()
        self.since = span.since // HISTOGRAM_S * HISTOGRAM_S

    def add(self, layouts: Sequence[Buckets], span: Span, *, partial: bool) -> None:
        """Take in the minutes of a span; what is told in part is a part of its quarter hours."""
        if partial:
            first = span.since // HISTOGRAM_S * HISTOGRAM_S
            self._partial.update(range(first, span.until, HISTOGRAM_S))
        for each in layouts:
            quarter = each.at // HISTOGRAM_S * HISTOGRAM_S
            lower = (0.0 if each.edges[0] > 0 else -np.inf, *each.edges[:-1])
            counts = each.separate()
            for begins in np.unique(quarter[quarter >= self.since]).tolist():
                sums = counts[:, quarter == begins].sum(axis=1).tolist()
                held = self._held.setdefault(begins, {})
                for bucket, count in zip(zip(lower, each.edges, strict=True), sums, strict=True):
                    held[bucket] = held.get(bucket, 0.0) + count

    def ended(self, until: int) -> list[HistogramRows]:
        """The histograms of the quarter hours that ended by then and were not given yet."""
        whole = sorted(begins for begins in self._held if begins + HISTOGRAM_S <= until)
        rows = [
            (begins, gt, le, count)
            for begins in whole
            for (gt, le), count in sorted(self._held.pop(begins).items())
            if count
        ]
        return [
            self._fact([row for row in rows if (row[0] in self._partial) == partial], partial)
            for partial in sorted({row[0] in self._partial for row in rows})
        ]

    def _fact(
        self, rows: Sequence[tuple[int, float, float, float]], partial: bool
    ) -> HistogramRows:
        at, gt, le, count = (np.array(column) for column in zip(*rows, strict=True))
        return HistogramRows(self._key, at, gt, le, count, self._now, partial)

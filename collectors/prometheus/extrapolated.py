"""Tallies of counters too wide to fetch: the server sums their increase, and extrapolates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from collectors.contract import Batch
from collectors.prometheus import latency as by_latency
from collectors.prometheus import ratio as by_ratio
from collectors.prometheus.batching import Rows, batches
from collectors.prometheus.buckets import Buckets, edge_of
from collectors.prometheus.decode import Answer, Raw
from collectors.prometheus.pages import Inquiry, Page, pages
from slo.counters import Increments
from slo.facts import Integers, Reals
from slo.indicator import Latency, Ratio
from slo.lengths import HOUR_S
from slo.spans import Span

BIN_S = 300
_MINUTES = BIN_S // 60
_FIRST_S = 24 * HOUR_S
_MS = 1_000


def ratios(inquiry: Inquiry, ratio: Ratio, span: Span) -> Iterator[Batch]:
    """Five-minute increases of both counters, each spread evenly over its minutes."""
    names = by_ratio.selectors(ratio)
    for page in increases(inquiry, [f"sum(increase({name}[5m]))" for name in names], span):
        total, other = (increments(answer.series, page.span) for answer in page.answers)
        shown = _shown(page, span)
        facts = by_ratio.tallies(
            inquiry,
            ratio,
            _within(total, shown),
            _within(other, shown),
            partial=bool(page.warnings),
            estimated=True,
        )
        yield from batches(facts, shown, BIN_S, page.counts, page.warnings)


def latencies(inquiry: Inquiry, latency: Latency, span: Span) -> Iterator[Batch]:
    """Five-minute increases of each bucket, each spread evenly over its minutes."""
    name = by_latency.selector(latency)
    quarters = by_latency.Quarters(inquiry, name, span)
    around = Span(quarters.since, span.until)
    for page in increases(inquiry, [f"sum by (le) (increase({name}[5m]))"], around):
        found = layouts(inquiry, name, page.answers[0].series, page.span)
        shown = _shown(page, span)
        quarters.add(found, page.span, partial=bool(page.warnings))
        tallies = by_latency.tallied(
            inquiry, latency, found, shown, partial=bool(page.warnings), estimated=True
        )
        facts: list[Rows] = [*quarters.ended(page.span.until), *tallies]
        if shown.length_s:
            yield from batches(facts, shown, by_latency.HISTOGRAM_S, page.counts, page.warnings)


def increases(inquiry: Inquiry, expressions: Sequence[str], span: Span) -> Iterator[Page]:
    """The increases of each whole five minutes; those that end in the span."""
    whole = Span(span.since // BIN_S * BIN_S, max(span.until // BIN_S, span.since // BIN_S) * BIN_S)

    def ask(part: Span) -> list[Answer]:
        since, now = part.since + BIN_S, inquiry.now
        return [
            inquiry.client.query_range(expression, since, part.until, BIN_S, now)
            for expression in expressions
        ]

    yield from pages(ask, whole, _FIRST_S, shortest_s=BIN_S)


def _shown(page: Page, span: Span) -> Span:
    """The part of the page that was asked for: it may begin within five minutes."""
    return Span(max(page.span.since, span.since), max(page.span.until, span.since))


def increments(series: Iterable[Raw], span: Span) -> Increments:
    """The increases of all of them in each minute; observed is what any of them observed."""
    at = np.arange(span.since, span.until, 60, dtype=np.int64)
    count, observed_ms = np.zeros(len(at)), np.zeros(len(at), dtype=np.int64)
    for more, seen_ms in (_spread(raw.least(), span) for raw in series):
        count, observed_ms = count + more, np.maximum(observed_ms, seen_ms)
    return Increments(at, count, observed_ms)


def _spread(raw: Raw, span: Span) -> tuple[Reals, Integers]:
    """A fifth of each five minutes' increase for each of its minutes, and what was observed."""
    bins = span.length_s // BIN_S
    count, observed_ms = np.zeros(bins), np.zeros(bins, dtype=np.int64)
    place = (raw.at_ms // _MS - span.since) // BIN_S - 1
    inside = (place >= 0) & (place < bins)
    count[place[inside]] = np.maximum(raw.value[inside], 0) / _MINUTES
    observed_ms[place[inside]] = 60 * _MS
    return np.repeat(count, _MINUTES), np.repeat(observed_ms, _MINUTES)


def _within(increments: Increments, span: Span) -> Increments:
    inside = (increments.at >= span.since) & (increments.at < span.until)
    return Increments(
        increments.at[inside], increments.count[inside], increments.observed_ms[inside]
    )


def layouts(inquiry: Inquiry, name: str, series: Iterable[Raw], span: Span) -> list[Buckets]:
    """The summed buckets of the span as one layout; none when there is nothing."""
    rows: dict[float, tuple[Reals, Integers]] = {}
    for raw in map(Raw.least, series):
        edge = edge_of(inquiry, name, raw.labels.get("le"))
        count, seen_ms = _spread(raw, span)
        if edge in rows:  # written as `1` before an upgrade and as `1.0` after it
            count, seen_ms = count + rows[edge][0], np.maximum(seen_ms, rows[edge][1])
        rows[edge] = count, seen_ms
    if np.inf not in rows:
        return []
    edges = tuple(sorted(rows))
    at = np.arange(span.since, span.until, 60, dtype=np.int64)
    summed = np.stack([rows[edge][0] for edge in edges])
    cumulative = np.maximum.accumulate(summed, axis=0)
    return [Buckets(edges, at, cumulative, rows[np.inf][1])]

"""Tallies and histograms of the cumulative buckets of a classic histogram."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from collectors.fetch.failures import FetchError
from collectors.prometheus.pages import Inquiry
from collectors.prometheus.tracks import Labels
from slo.counters import Counter, deltas, per_bin, resets_ms
from slo.facts import Integers, Reals
from slo.spans import Span

Edges = tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Events of one bucket layout: cumulative[edge, minute] and how long each was observed."""

    edges: Edges
    at: Integers
    cumulative: Reals
    observed_ms: Integers

    @property
    def total(self) -> Reals:
        """All events of each minute."""
        total: Reals = self.cumulative[-1]
        return total

    def bounds(self, threshold: float) -> tuple[Reals, Reals, Reals]:
        """Events at or under the threshold: at least, estimated, at most; equal on an edge.

        Between two edges the estimate is linear, as Prometheus' is; above the last finite
        edge nothing is known of where the events lie, so the least is the estimate.
        """
        place = next(
            (i for i, edge in enumerate(self.edges) if math.isclose(edge, threshold, rel_tol=1e-9)),
            None,
        )
        if place is not None:
            exact: Reals = self.cumulative[place]
            return exact, exact, exact
        above = int(np.searchsorted(self.edges, threshold))
        below = self.edges[above - 1] if above else 0.0
        low: Reals = self.cumulative[above - 1] if above else np.zeros(len(self.at))
        high: Reals = self.cumulative[above]
        share = (threshold - below) / (self.edges[above] - below)
        return low, low + (high - low) * max(0.0, share), high

    def has_edge(self, threshold: float) -> bool:
        """Whether events at or under the threshold are counted as such."""
        return any(math.isclose(edge, threshold, rel_tol=1e-9) for edge in self.edges)

    def separate(self) -> Reals:
        """Events of each bucket alone; never less than none."""
        return np.maximum(np.diff(self.cumulative, axis=0, prepend=0), 0)


def grouped(
    inquiry: Inquiry, selector: str, counters: Mapping[Labels, Counter]
) -> dict[Labels, dict[float, Counter]]:
    """The buckets of each histogram, by their edge as a number (`1` and `1.0` are one edge).

    Raises:
        SourceError: the series are no buckets.
    """
    found: dict[Labels, dict[float, Counter]] = {}
    for labels, counter in counters.items():
        edge = edge_of(inquiry, selector, dict(labels).get("le"))
        rest = tuple(pair for pair in labels if pair[0] not in {"le", "__name__"})
        buckets = found.setdefault(rest, {})
        buckets[edge] = _merged(buckets[edge], counter) if edge in buckets else counter
    for buckets in found.values():
        if math.inf not in buckets:
            raise FetchError(
                f'a histogram of {selector} has no bucket le="+Inf"',
                where=inquiry.client.terms.where,
                mend="name all buckets of the histogram: no matcher on le",
            )
    return found


def _merged(one: Counter, other: Counter) -> Counter:
    """One bucket that was written as `1` before an upgrade and as `1.0` after it."""
    at_ms, first = np.unique(np.concatenate((one.at_ms, other.at_ms)), return_index=True)
    value = np.concatenate((one.value, other.value))[first]
    return Counter(at_ms, value, np.union1d(one.scraped_ms, other.scraped_ms))


def edge_of(inquiry: Inquiry, selector: str, text: str | None) -> float:
    """The upper edge of a bucket.

    Raises:
        SourceError: the series has no numeric `le`.
    """
    try:
        edge = float(text or "")
    except ValueError:
        edge = math.nan
    if math.isnan(edge):
        raise FetchError(
            f"metric {selector} is no classic histogram: a series has le={text!r}",
            where=inquiry.client.terms.where,
            mend="name its buckets, for example http_request_duration_seconds_bucket",
        )
    return edge


def counted(
    histograms: Iterable[Mapping[float, Counter]], span: Span, lookback_s: int
) -> list[Buckets]:
    """The events of all histograms in each whole minute, one for each layout of edges."""
    layouts: dict[Edges, list[Mapping[float, Counter]]] = {}
    for buckets in histograms:
        layouts.setdefault(tuple(sorted(buckets)), []).append(buckets)
    return [_layout(edges, alike, span, lookback_s) for edges, alike in sorted(layouts.items())]


def _layout(
    edges: Edges, histograms: Sequence[Mapping[float, Counter]], span: Span, lookback_s: int
) -> Buckets:
    restarts = [_restarts_ms(buckets, lookback_s) for buckets in histograms]
    rows = [
        per_bin(
            [
                deltas(buckets[edge], lookback_s, restart_ms)
                for buckets, restart_ms in zip(histograms, restarts, strict=True)
            ],
            span,
        )
        for edge in edges
    ]
    return Buckets(edges, rows[-1].at, np.stack([row.count for row in rows]), rows[-1].observed_ms)


def _restarts_ms(buckets: Mapping[float, Counter], lookback_s: int) -> Integers:
    """When any bucket shows a restart: all buckets of one histogram restart together."""
    each = [resets_ms(counter, lookback_s) for counter in buckets.values()]
    return np.unique(np.concatenate(each))

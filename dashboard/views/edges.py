"""Between which bucket edges a threshold lies that is none of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from collectors.store.ids import StoredSeries
from slo.facts import SeriesKind
from slo.histogram import Histogram
from slo.indicator import Latency
from slo.objective import Slo
from slo.rules import tally_pick
from slo.spans import Span

Edges = tuple[float, float]


class Spreads(Protocol):
    """The part of the store's reader that knows how values spread."""

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        """The series that are stored."""

    def histogram(self, series_ids: Sequence[int], span: Span) -> Histogram | None:
        """All events of the series in the span."""


def edges_around(reader: Spreads, slo: Slo, span: Span) -> Edges | None:
    """The edges of the bucket that holds the threshold inside; None where none or several do.

    Several layouts of buckets in one window have no edges that hold for all of it.
    """
    if not isinstance(slo.indicator, Latency):
        return None
    name, threshold = tally_pick(slo.indicator).name, slo.indicator.threshold_s
    stored = reader.series(slo.source, SeriesKind.HISTOGRAM)
    spread = reader.histogram([one.id for one in stored if one.key.name == name], span)
    if spread is None or spread.coarsened:
        return None
    astride = (spread.gt < threshold) & (threshold < spread.le)
    if not astride.any():
        return None
    return float(spread.gt[astride][0]), float(spread.le[astride][0])

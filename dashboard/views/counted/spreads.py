"""Which histograms hold the values that a latency objective counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from collectors.store.stored import StoredSeries
from dashboard.views.counted.series_index import Index
from slo.facts import SeriesKind
from slo.objective import Slo
from slo.spans import Span

if TYPE_CHECKING:
    from slo.histogram import Histogram


class Spreads(Protocol):
    """The part of the store's reader that knows how values spread."""

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        """The series that are stored."""

    def histogram(self, series_ids: Sequence[int], span: Span) -> Histogram | None:
        """All events of the series in the span."""


def spread_ids(reader: Spreads, slo: Slo) -> tuple[int, ...]:
    """The histograms of what the SLO counts, and of nothing that only has its name."""
    stored = reader.series(slo.source, SeriesKind.HISTOGRAM)
    return Index(stored).spread(slo.source, slo.indicator)

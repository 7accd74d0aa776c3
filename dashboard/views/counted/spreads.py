"""Which histograms hold the values that a latency objective counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from collectors.store.stored import HasSeries
from dashboard.views.counted.series_index import Index
from slo.facts import SeriesKind
from slo.objective import Slo

if TYPE_CHECKING:
    from collectors.store.measured import Measured


class Spreads(HasSeries, Protocol):
    """The part of the store's reader that knows how values spread."""

    @property
    def measured(self) -> Measured:
        """What was measured of them."""


def spread_ids(reader: Spreads, slo: Slo) -> tuple[int, ...]:
    """The histograms of what the SLO counts, and of nothing that only has its name."""
    stored = reader.series(slo.source, SeriesKind.HISTOGRAM)
    return Index(stored).spread(slo.source, slo.indicator)

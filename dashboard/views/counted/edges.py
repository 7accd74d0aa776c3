"""Between which bucket edges a threshold lies that is none of them."""

from __future__ import annotations

from dashboard.views.counted.spreads import Spreads, spread_ids
from slo.indicator import Latency
from slo.objective import Slo
from slo.spans import Span

Edges = tuple[float, float]


def edges_around(reader: Spreads, slo: Slo, span: Span) -> Edges | None:
    """The edges of the bucket that holds the threshold inside; None where none or several do.

    Several layouts of buckets in one window have no edges that hold for all of it.
    """
    if not isinstance(slo.indicator, Latency):
        return None
    threshold = slo.indicator.threshold_s
    spread = reader.measured.histogram(spread_ids(reader, slo), span)
    if spread is None or spread.coarsened:
        return None
    astride = (spread.gt < threshold) & (threshold < spread.le)
    if not astride.any():
        return None
    return float(spread.gt[astride][0]), float(spread.le[astride][0])

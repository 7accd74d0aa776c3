"""What was measured, finer than tallies: values, what probes saw, and how durations spread."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table

from collectors.store.columns import BucketColumns, ObservationColumns, SampleColumns, ValueColumns
from collectors.store.derived.uptime import stretches
from collectors.store.histograms import read_histogram
from collectors.store.opening.asking import Readable
from collectors.store.points import Points, points_around
from collectors.store.tables import observations, samples
from collectors.store.values import read_buckets, read_values
from slo.histogram import Histogram
from slo.spans import Span
from slo.status import Intervals, states


class Measured:
    """Reads what was measured."""

    def __init__(self, database: Readable) -> None:
        """Read through an open database."""
        self._database = database

    def histogram(self, series_ids: Sequence[int], span: Span) -> Histogram | None:
        """All events of the series in the span, moved down to quarter hours; None if none."""
        with self._database.reading() as connection:
            return read_histogram(connection, series_ids, span)

    def buckets(self, series_ids: Sequence[int], span: Span, edges: Sequence[int]) -> BucketColumns:
        """The buckets of the series in bins that none of the edges, whole quarter hours, cuts."""
        with self._database.reading() as connection:
            return read_buckets(connection, series_ids, span, edges)

    def values(self, series_ids: Sequence[int], span: Span) -> ValueColumns:
        """The values measured in the span, of all the series, without how long each holds."""
        with self._database.reading() as connection:
            return read_values(connection, series_ids, span)

    def samples(self, series_id: int, span: Span) -> SampleColumns:
        """The values measured in the span."""
        inside = self._points(samples, [series_id], span)[0].inside(span.since, span.until)
        return SampleColumns(inside.at, inside.said, inside.valid_s)

    def observations(self, series_id: int, span: Span) -> ObservationColumns:
        """What a probe saw in the span, by time."""
        inside = self._points(observations, [series_id], span)[0].inside(span.since, span.until)
        return ObservationColumns(inside.at, states(map(int, inside.said)), inside.valid_s)

    def status_intervals(
        self, series_ids: Sequence[int], span: Span, *, known_by: int | None = None
    ) -> list[Intervals]:
        """The known stretches of each probe, from its observations in and around the span.

        Observations from `known_by` on are left out, where it is given.
        """
        around = self._points(observations, series_ids, span)
        if known_by is not None:
            first = min((int(one.at[0]) for one in around if len(one.at)), default=0)
            around = [one.inside(first, known_by) for one in around]
        return [stretches(points) for points in around]

    def _points(self, table: Table, series_ids: Sequence[int], span: Span) -> list[Points]:
        """The points of each series in the span and its neighbours, from that table."""
        with self._database.reading() as connection:
            return [
                points_around(connection, table, one, span.since, span.until) for one in series_ids
            ]

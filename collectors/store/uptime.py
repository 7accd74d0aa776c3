"""How many seconds of each bin a service was up, from the observations of its probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from collectors.store.ids import StoredSeries
from collectors.store.levels import floor
from collectors.store.points import points_around
from collectors.store.tables import DAY_S, QUARTER_S, observations
from collectors.store.tallies import replace_tallies
from slo.indicator import Combine
from slo.spans import Span
from slo.status import Intervals, combine, intervals, seconds_per_bin

_CHUNK_S = 60 * DAY_S


def derive(
    connection: Connection,
    target: StoredSeries,
    members: Sequence[StoredSeries],
    rule: Combine,
    span: tuple[int, int],
) -> None:
    """Make the target's tallies in the span what its members' observations say."""
    for since, until in chunks(*span):
        known = combine([read(connection, m.id, since, until) for m in members], rule)
        seconds = seconds_per_bin(known, target.key.bin_s, Span(since, until))
        total = seconds.up_s + seconds.down_s
        columns = {
            "series_id": np.full(len(total), target.id, np.int64),
            "at": seconds.at,
            "good": seconds.up_s.astype(np.float64),
            "total": total.astype(np.float64),
            "observed_s": total,
        }
        replace_tallies(connection, target.id, target.key.bin_s, (since, until), columns)


def read(connection: Connection, series_id: int, since: int, until: int) -> Intervals:
    """The known stretches of one probe, from its points in and around the span."""
    points = points_around(connection, observations, series_id, since, until)
    return intervals(points.at, points.said.astype(np.int8), points.valid_s)


def chunks(since: int, until: int) -> Iterator[tuple[int, int]]:
    """The span widened to quarter hours, cut so that memory stays bounded."""
    begin, end = floor(since, QUARTER_S), -floor(-until, QUARTER_S)
    for start in range(begin, end, _CHUNK_S):
        yield start, min(start + _CHUNK_S, end)

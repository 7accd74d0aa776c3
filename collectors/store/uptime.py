"""How many seconds of each bin a service was up, from the observations of its probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from collectors.store.disputes import disputed_times
from collectors.store.ids import StoredSeries
from collectors.store.levels import floor
from collectors.store.points import Points, points_around
from collectors.store.tables import DAY_S, QUARTER_S, observations
from collectors.store.tallies import replace_tallies
from slo.facts import Integers
from slo.indicator import Combine
from slo.spans import Span
from slo.status import UNKNOWN, UP, Intervals, combine, intervals, seconds_per_bin

_CHUNK_S = 60 * DAY_S


def derive(
    connection: Connection,
    target: StoredSeries,
    members: Sequence[StoredSeries],
    rule: Combine,
    span: tuple[int, int],
) -> bool:
    """Make the target's tallies in the span what its members' observations say.

    Returns whether claims about some of it disagree.
    """
    disputed = False
    for since, until in chunks(*span):
        points = [points_around(connection, observations, m.id, since, until) for m in members]
        known = combine([stretches(one) for one in points], rule)
        seconds = seconds_per_bin(known, target.key.bin_s, Span(since, until))
        total = seconds.up_s + seconds.down_s
        columns = {
            "series_id": np.full(len(total), target.id, np.int64),
            "at": seconds.at,
            "good": seconds.up_s.astype(np.float64),
            "total": total.astype(np.float64),
            "observed_s": total,
        }
        in_doubt = [
            _in_doubt(connection, member, one, seconds.at, target.key.bin_s)
            for member, one in zip(members, points, strict=True)
        ]
        if any(one.any() for one in in_doubt):
            disputed = True
            columns["conflict_s"] = np.minimum(total, np.max(in_doubt, axis=0))
        replace_tallies(connection, target.id, target.key.bin_s, (since, until), columns)
    return disputed


def stretches(points: Points) -> Intervals:
    """The known stretches of one probe."""
    return intervals(points.at, points.said.astype(np.int8), points.valid_s)


def _in_doubt(
    connection: Connection, member: StoredSeries, points: Points, bins: Integers, bin_s: int
) -> Integers:
    """How many seconds of each bin rest on an observation of the member that is disputed."""
    none = np.zeros(len(bins), np.int64)
    if not len(points.at) or not len(bins):
        return none
    last = int(points.at[-1]) + 1
    times = disputed_times(connection, member.key, int(points.at[0]), last)
    if not len(times):
        return none
    states = np.where(np.isin(points.at, times), UP, UNKNOWN).astype(np.int8)
    span = Span(int(bins[0]), int(bins[-1]) + bin_s)
    found = seconds_per_bin(intervals(points.at, states, points.valid_s), bin_s, span)
    held = np.isin(found.at, bins)
    none[np.searchsorted(bins, found.at[held])] = found.up_s[held]
    return none


def chunks(since: int, until: int) -> Iterator[tuple[int, int]]:
    """The span widened to quarter hours, cut so that memory stays bounded."""
    begin, end = floor(since, QUARTER_S), -floor(-until, QUARTER_S)
    for start in range(begin, end, _CHUNK_S):
        yield start, min(start + _CHUNK_S, end)

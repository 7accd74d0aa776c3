"""How many seconds of each bin a service was up, from the observations of its probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from collectors.store.disputes import disputed_times
from collectors.store.points import Points, points_around
from collectors.store.stored import StoredSeries
from collectors.store.tables import observations
from collectors.store.tallies import replace_tallies
from collectors.store.widths import DAY_S, QUARTER_S, floor
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

    Returns whether some of it is partly measured or disputed.
    """
    lesser = False
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
        disputed = [
            _disputed(connection, member, one) for member, one in zip(members, points, strict=True)
        ]
        marks = {"partial_s": [unsure(one) for one in points], "conflict_s": disputed}
        for name, marked in marks.items():
            rests = [
                resting(one, of, seconds.at, target.key.bin_s)
                for one, of in zip(points, marked, strict=True)
            ]
            if any(one.any() for one in rests):
                lesser = True
                columns[name] = np.minimum(total, np.max(rests, axis=0))
        replace_tallies(connection, target.id, target.key.bin_s, (since, until), columns)
    return lesser


def stretches(points: Points) -> Intervals:
    """The known stretches of one probe."""
    return intervals(points.at, points.said.astype(np.int8), points.valid_s)


def unsure(points: Points) -> NDArray[np.bool_]:
    """The points after which something may be missing: before or after it was partly measured."""
    marked = points.partial.copy()
    marked[:-1] |= points.partial[1:]
    return marked


def resting(points: Points, marked: NDArray[np.bool_], bins: Integers, bin_s: int) -> Integers:
    """How many seconds of each bin rest on the marked points."""
    rests = np.zeros(len(bins), np.int64)
    if not marked.any() or not len(bins):
        return rests
    states = np.where(marked, UP, UNKNOWN).astype(np.int8)
    span = Span(int(bins[0]), int(bins[-1]) + bin_s)
    found = seconds_per_bin(intervals(points.at, states, points.valid_s), bin_s, span)
    held = np.isin(found.at, bins)
    rests[np.searchsorted(bins, found.at[held])] = found.up_s[held]
    return rests


def _disputed(connection: Connection, member: StoredSeries, points: Points) -> NDArray[np.bool_]:
    """The observations of the member about which claims disagree."""
    if not len(points.at):
        return np.zeros(0, np.bool_)
    first, last = int(points.at[0]), int(points.at[-1])
    return np.isin(points.at, disputed_times(connection, member.key, first, last + 1))


def chunks(since: int, until: int) -> Iterator[tuple[int, int]]:
    """The span widened to quarter hours, cut so that memory stays bounded."""
    begin, end = floor(since, QUARTER_S), -floor(-until, QUARTER_S)
    for start in range(begin, end, _CHUNK_S):
        yield start, min(start + _CHUNK_S, end)

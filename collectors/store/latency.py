"""How many samples of each bin lie at or under a threshold, and into which buckets they fall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from collectors.store.disputes import disputed_times
from collectors.store.histograms import replace_histogram
from collectors.store.ids import SeriesBook, StoredSeries
from collectors.store.points import Points, points_around
from collectors.store.tables import QUARTER_S, samples
from collectors.store.tallies import replace_tallies
from collectors.store.uptime import chunks
from slo.facts import Integers, SeriesKey, SeriesKind
from slo.histogram import grid_bucket
from slo.rules import threshold_rule
from slo.spans import Span
from slo.status import UP, intervals, seconds_per_bin


@dataclass(frozen=True, slots=True)
class Targets:
    """The series derived from one series of samples: a tally per threshold, and the buckets."""

    tallies: Mapping[float, StoredSeries]
    buckets: StoredSeries

    @property
    def keys(self) -> list[SeriesKey]:
        """All of them."""
        return [*(one.key for one in self.tallies.values()), self.buckets.key]


def targets(book: SeriesBook, base: SeriesKey, thresholds: Sequence[float]) -> Targets:
    """The series to derive into; made where they are new."""
    tallies = {
        threshold: book.of(replace(base, kind=SeriesKind.TALLY, rule=threshold_rule(threshold)))
        for threshold in thresholds
    }
    return Targets(tallies, book.of(replace(base, kind=SeriesKind.HISTOGRAM)))


def derive(
    connection: Connection, base: StoredSeries, into: Targets, span: tuple[int, int]
) -> bool:
    """Make the targets in the span what the samples of `base` say.

    Returns whether claims about some of it disagree.
    """
    disputed = False
    for since, until in chunks(*span):
        points = points_around(connection, samples, base.id, since, until)
        inside = points.inside(since, until)
        times = disputed_times(connection, base.key, since, until)
        disputed = disputed or bool(len(times))
        for threshold, target in into.tallies.items():
            bin_s = target.key.bin_s
            observed = _observed(points, bin_s, Span(since, until))
            counted = _counted(inside.at, inside.said <= threshold, bin_s)
            columns = _tally_columns(target.id, bin_s, observed, counted)
            if len(times):
                in_doubt = np.isin(columns["at"], times - times % bin_s)
                columns["conflict_s"] = columns["observed_s"] * in_doubt
            replace_tallies(connection, target.id, bin_s, (since, until), columns)
        buckets = _bucket_columns(into, inside)
        replace_histogram(connection, into.buckets.id, (since, until), buckets)
    return disputed


def _observed(points: Points, bin_s: int, span: Span) -> dict[int, int]:
    """The seconds of each bin in which the samples say something: each holds for its validity."""
    moments, first = np.unique(points.at, return_index=True)
    states = np.full(len(moments), UP, np.int8)
    known = intervals(moments, states, points.valid_s[first])
    seconds = seconds_per_bin(known, bin_s, span)
    return dict(zip(seconds.at.tolist(), seconds.up_s.tolist(), strict=True))


def _counted(at: Integers, good: NDArray[np.bool_], bin_s: int) -> dict[int, tuple[int, int]]:
    bins, place = np.unique(at - at % bin_s, return_inverse=True)
    total = np.bincount(place, minlength=len(bins))
    under = np.bincount(place, weights=good, minlength=len(bins)).astype(int)
    return {
        at: (some, all_)
        for at, some, all_ in zip(bins.tolist(), under.tolist(), total.tolist(), strict=True)
    }


def _tally_columns(
    series_id: int,
    bin_s: int,
    observed: Mapping[int, int],
    counted: Mapping[int, tuple[int, int]],
) -> dict[str, NDArray[Any]]:
    """A bin with samples counts as observed even where none of them claims any time."""
    bins = sorted(observed.keys() | counted.keys())
    return {
        "series_id": np.full(len(bins), series_id, np.int64),
        "at": np.array(bins, np.int64),
        "good": np.array([counted.get(at, (0, 0))[0] for at in bins], np.float64),
        "total": np.array([counted.get(at, (0, 0))[1] for at in bins], np.float64),
        "observed_s": np.array([observed.get(at, bin_s) for at in bins], np.int64),
    }


def _bucket_columns(into: Targets, points: Points) -> dict[str, NDArray[Any]]:
    gt, le = grid_bucket(points.said, into.tallies)
    keys = np.empty(len(points.at), [("at", np.int64), ("gt", np.float64), ("le", np.float64)])
    keys["at"], keys["gt"], keys["le"] = points.at - points.at % QUARTER_S, gt, le
    buckets, count = np.unique(keys, return_counts=True)
    return {
        "series_id": np.full(len(buckets), into.buckets.id, np.int64),
        "at": buckets["at"],
        "gt": buckets["gt"],
        "le": buckets["le"],
        "count": count.astype(np.float64),
        "observed_at": np.zeros(len(buckets), np.int64),
    }

"""How many samples of each bin lie at or under a threshold, and into which buckets they fall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from collectors.store.derived.counting import count_samples, sampled
from collectors.store.derived.uptime import chunks
from collectors.store.histograms import replace_histogram
from collectors.store.ids import SeriesBook
from collectors.store.points import Points
from collectors.store.stored import StoredSeries
from collectors.store.widths import QUARTER_S
from slo.facts import SeriesKey, SeriesKind
from slo.histogram import grid_bucket
from slo.rules import threshold_rule


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

    Returns whether some of it is partly measured or disputed.
    """
    lesser = False
    for since, until in chunks(*span):
        found = sampled(connection, base, since, until)
        lesser = lesser or found.is_lesser
        for threshold, target in into.tallies.items():
            count_samples(connection, target, found, found.inside.said <= threshold)
        buckets = _bucket_columns(into, found.inside)
        replace_histogram(connection, into.buckets.id, (since, until), buckets)
    return lesser


def _bucket_columns(into: Targets, points: Points) -> dict[str, NDArray[Any]]:
    gt, le = grid_bucket(points.said, into.tallies)
    keys = np.empty(len(points.at), [("at", np.int64), ("gt", np.float64), ("le", np.float64)])
    keys["at"], keys["gt"], keys["le"] = points.at - points.at % QUARTER_S, gt, le
    buckets, count = np.unique(keys, return_counts=True)
    partial = np.isin(buckets["at"], keys["at"][points.partial])
    return {
        "series_id": np.full(len(buckets), into.buckets.id, np.int64),
        "at": buckets["at"],
        "gt": buckets["gt"],
        "le": buckets["le"],
        "count": count.astype(np.float64),
        "observed_at": np.zeros(len(buckets), np.int64),
        "partial_s": QUARTER_S * partial.astype(np.int64),
    }

"""How many samples of each bin are good, out of how many, over how much observed time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from collectors.store.derived.uptime import resting, unsure
from collectors.store.disputes import disputed_times
from collectors.store.points import Points, points_around
from collectors.store.stored import StoredSeries
from collectors.store.tables import samples
from collectors.store.tallies import replace_tallies
from slo.facts import Integers
from slo.spans import Span
from slo.status import UP, intervals, seconds_per_bin


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """The samples of one series in a span of whole quarter hours, and what bears on them.

    `around` holds the last sample before the span and the first after it, too; `disputed` are
    the times about which claims disagree.
    """

    since: int
    until: int
    around: Points
    inside: Points
    disputed: Integers

    @property
    def is_lesser(self) -> bool:
        """Whether some of it is partly measured or disputed."""
        return bool(self.around.partial.any() or len(self.disputed))


def sampled(connection: Connection, base: StoredSeries, since: int, until: int) -> Sampled:
    """The samples of `base` in [since, until)."""
    around = points_around(connection, samples, base.id, since, until)
    disputed = disputed_times(connection, base.key, since, until)
    return Sampled(since, until, around, around.inside(since, until), disputed)


def count_samples(
    connection: Connection, target: StoredSeries, found: Sampled, good: NDArray[np.bool_]
) -> None:
    """Make the target's tallies in the span what is `good` of the samples inside it."""
    bin_s = target.key.bin_s
    observed = _observed(found.around, bin_s, Span(found.since, found.until))
    counted = _counted(found.inside.at, good, bin_s)
    columns = _tally_columns(target.id, bin_s, observed, counted)
    if len(found.disputed):
        in_doubt = np.isin(columns["at"], found.disputed - found.disputed % bin_s)
        columns["conflict_s"] = columns["observed_s"] * in_doubt
    if found.around.partial.any():
        columns["partial_s"] = columns["observed_s"] * _partial(found, columns["at"], bin_s)
    replace_tallies(connection, target.id, bin_s, (found.since, found.until), columns)


def _partial(found: Sampled, bins: Integers, bin_s: int) -> NDArray[np.bool_]:
    """The bins that hold, or rest on, samples of an answer of which something may be missing."""
    around, own = found.around, found.inside.at[found.inside.partial]
    moments, first = np.unique(around.at, return_index=True)
    marked = np.isin(moments, around.at[around.partial])
    once = Points(moments, around.said[first], around.valid_s[first], marked)
    return np.isin(bins, own - own % bin_s) | (resting(once, unsure(once), bins, bin_s) > 0)


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

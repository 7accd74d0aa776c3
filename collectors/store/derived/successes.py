"""How requests reported one by one become counts: each sample is 1 for a good one, else 0.

The tally has the name and the labels of the samples, so a ratio finds it as it finds counts that
a source reported; where a source reports both for one time, nobody could say which to believe.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection, select

from collectors.store.derived.counting import Sampled, count_samples, sampled
from collectors.store.derived.uptime import chunks
from collectors.store.disputes import denied_times
from collectors.store.ids import SeriesBook
from collectors.store.levels import within
from collectors.store.stored import StoredSeries
from collectors.store.tables import TALLIES
from collectors.store.tallies import mixed
from slo.errors import InputError
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Ratio, Wanted
from slo.selector import Selector


def tally_key(base: SeriesKey) -> SeriesKey:
    """The identity of the counts of a series of samples."""
    return replace(base, kind=SeriesKind.TALLY)


def is_asked(base: SeriesKey, indicators: Iterable[Wanted]) -> bool:
    """Whether a ratio of `total` alone means these samples."""
    return any(
        Selector.parse(one.total).matches(base.name, dict(base.labels))
        for one in indicators
        if isinstance(one, Ratio) and one.good is None and one.bad is None
    )


def is_held(connection: Connection, book: SeriesBook, base: SeriesKey) -> bool:
    """Whether the samples were counted before: reported counts know when they were observed.

    Where retention took every minute away nothing tells any more; then they are followed.
    """
    target = book.find(tally_key(base))
    if target is None:
        return False
    table = TALLIES[target.key.bin_s]
    mine = select(table.c.observed_at).where(table.c.series_id == target.id)
    return connection.execute(mine.order_by(table.c.at).limit(1)).scalar() is None


def derive(
    connection: Connection, base: StoredSeries, target: StoredSeries, span: tuple[int, int]
) -> bool:
    """Make the target's tallies in the span what the samples of `base` say.

    Returns whether some of it is partly measured or disputed.

    Raises:
        InputError: a sample is neither 0 nor 1, or counts of the same time were reported too.
    """
    lesser = False
    for since, until in chunks(*span):
        found = sampled(connection, base, since, until)
        _check_values(base, found)
        _check_unreported(connection, target, since, until)
        good = found.inside.said == 1
        lesser = lesser or found.is_lesser
        if len(found.disputed):
            for at in denied_times(connection, base.key, since, until):
                good[np.flatnonzero(good & (found.inside.at == at))[:1]] = False
        count_samples(connection, target, found, good)
    return lesser


def _check_values(base: StoredSeries, found: Sampled) -> None:
    odd = found.inside.said[~np.isin(found.inside.said, (0, 1))]
    if len(odd):
        raise InputError(
            f"a sample is {odd[0]:g}, but requests count as 1 where good and 0 where not",
            where=base.key.name,
            mend='for a limit write samples = "…" with latency; total = "…" needs 0 and 1',
        )


def _check_unreported(connection: Connection, target: StoredSeries, since: int, until: int) -> None:
    table = TALLIES[target.key.bin_s]
    reported = select(table.c.at).where(*within(table), table.c.observed_at.is_not(None)).limit(1)
    bounds = {"which": target.id, "since": since, "until": until}
    if connection.execute(reported, bounds).first() is not None:
        raise mixed(target.key.name)

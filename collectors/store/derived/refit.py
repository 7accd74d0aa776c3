"""How a threshold that was configured later is answered from histograms stored before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from collectors.store.exclusions import excluding
from collectors.store.ids import SeriesBook, stored
from collectors.store.levels import Stretch, roll_up_tallies, within
from collectors.store.rows import append
from collectors.store.stored import StoredSeries
from collectors.store.tables import HISTOGRAMS, TALLIES, series
from collectors.store.widths import QUARTER_S
from slo.facts import Integers, SeriesKey, SeriesKind
from slo.rules import canonical, threshold_rule

Columns = dict[str, "NDArray[Any]"]
_SIDES = ("", "|low", "|high")


def refit(
    connection: Connection, book: SeriesBook, source: str, histogram: str, threshold: float
) -> None:
    """Derive quarter hours of the tally from the source's histogram, unless the tally exists.

    On an edge the counts are exact. Between two edges they are linear in the bucket and
    estimated, and two more tallies hold the counts at the next lower and higher edge. How long
    each quarter hour was observed, and that nothing happened in it, is known from the tallies
    of other thresholds. Minutes that the source reports later take the place of these.
    """
    name, rule = canonical(histogram), threshold_rule(threshold)
    base = book.find(SeriesKey(source, name, SeriesKind.HISTOGRAM))
    main = SeriesKey(source, name, SeriesKind.TALLY, rule=rule)
    if base is None or base.since is None or base.until is None or book.find(main) is not None:
        return
    counted = _counted(connection, base, threshold, _watched(connection, base))
    since, until = int(counted["at"][0]), int(counted["at"][-1]) + QUARTER_S
    exact = bool((counted["low"] == counted["high"]).all())
    goods = {"": counted["estimate"], "|low": counted["low"], "|high": counted["high"]}
    for side in _SIDES[:1] if exact else _SIDES:
        made = book.of(replace(main, rule=rule + side, service=base.key.service))
        estimated = (counted["low"] != counted["high"]) & (side == "")
        columns = _columns(made.id, counted, goods[side], estimated)
        append(connection, TALLIES[QUARTER_S], excluding(connection, QUARTER_S, columns))
        roll_up_tallies(connection, [Stretch(made.id, since, until)], QUARTER_S)
        book.widen(made.key, since, until)
        book.keep_minutes_from(made.key, until)
        if columns["partial_s"].any() or estimated.any():
            book.mark_lesser(made.key)


@dataclass(frozen=True, slots=True, eq=False)
class _Watched:
    """How long each quarter hour was observed, for how much of it in part; `idle` ones ended."""

    at: Integers
    idle: NDArray[np.bool_]
    observed_s: Integers
    partial_s: Integers


def _watched(connection: Connection, base: StoredSeries) -> _Watched:
    """What the tallies of other thresholds of the histogram say of its quarter hours."""
    key, table = base.key, TALLIES[QUARTER_S]
    mine = (series.c.source == key.source, series.c.kind == SeriesKind.TALLY.value)
    of_name = select(series).where(*mine, series.c.name == key.name)
    rows = connection.execute(of_name.where(series.c.rule.startswith("<=")))
    siblings = [one for one in map(stored, rows) if one.key.labels == key.labels]
    ended = max((one.until or 0 for one in siblings), default=0)
    columns = (table.c.at, func.max(table.c.total))
    seconds = func.max(table.c.observed_s), func.min(table.c.partial_s)
    asked = select(*columns, *seconds).where(table.c.series_id.in_([one.id for one in siblings]))
    found = connection.execute(asked.group_by(table.c.at).order_by(table.c.at))
    at, total, *rest = np.array([tuple(row) for row in found], np.float64).reshape(-1, 4).T
    idle = (total == 0) & (at + QUARTER_S <= ended)
    return _Watched(at.astype(np.int64), idle, *(one.astype(np.int64) for one in rest))


def _counted(
    connection: Connection, base: StoredSeries, threshold: float, watched: _Watched
) -> Columns:
    """Per quarter hour all events, and those under the threshold: at least, at most, linear.

    Where others saw that nothing happened, there are no buckets: then all of them are none.
    """
    table = HISTOGRAMS[QUARTER_S]
    columns = (table.c.at, table.c.gt, table.c.le, table.c["count"], table.c.partial_s)
    bounds = {"which": base.id, "since": base.since, "until": base.until}
    found = connection.execute(select(*columns).where(*within(table)), bounds)
    rows = np.array([tuple(row) for row in found], np.float64).reshape(-1, 5)
    at, gt, le, count, told_in_part = rows.T
    bins = np.union1d(at.astype(np.int64), watched.at[watched.idle])
    place = np.searchsorted(bins, at)
    astride = (gt < threshold) & (threshold < le)
    finite = astride & np.isfinite(gt) & np.isfinite(le)
    width = np.where(finite, le - gt, 1.0)
    part = np.where(finite, (threshold - np.where(finite, gt, 0.0)) / width, 0.0)

    def summed(weights: NDArray[Any]) -> NDArray[Any]:
        return np.bincount(place, weights=weights, minlength=len(bins))

    low = summed(count * (le <= threshold))
    observed_s = np.full(len(bins), QUARTER_S, np.int64)
    partial_s = np.zeros(len(bins), np.int64)
    held, their = np.isin(bins, watched.at), np.isin(watched.at, bins)
    observed_s[held], partial_s[held] = watched.observed_s[their], watched.partial_s[their]
    with_buckets = np.isin(bins, at)
    partial_s[with_buckets] = (observed_s * (summed(told_in_part) > 0))[with_buckets]
    return {
        "at": bins,
        "total": summed(count),
        "low": low,
        "high": low + summed(count * astride),
        "estimate": low + summed(count * part),
        "observed_s": observed_s,
        "partial_s": partial_s,
    }


def _columns(
    series_id: int, counted: Columns, good: NDArray[Any], estimated: NDArray[Any]
) -> Columns:
    observed_s = counted["observed_s"]
    return {
        "series_id": np.full(len(good), series_id, np.int64),
        "at": counted["at"],
        "good": good,
        "total": counted["total"],
        "observed_s": observed_s,
        "observed_at": np.zeros(len(good), np.int64),
        "partial_s": counted["partial_s"],
        "estimated_s": observed_s * estimated,
    }

"""How a threshold that was configured later is answered from histograms stored before it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from collectors.store.ids import SeriesBook, StoredSeries
from collectors.store.levels import Stretch, roll_up_tallies, within
from collectors.store.rows import append
from collectors.store.tables import HISTOGRAMS, QUARTER_S, TALLIES
from slo.facts import SeriesKey, SeriesKind
from slo.rules import canonical, threshold_rule

Columns = dict[str, "NDArray[Any]"]
_SIDES = ("", "|low", "|high")


def refit(
    connection: Connection, book: SeriesBook, source: str, histogram: str, threshold: float
) -> None:
    """Derive quarter hours of the tally from the source's histogram, unless the tally exists.

    On an edge the counts are exact. Between two edges they are linear in the bucket and
    estimated, and two more tallies hold the counts at the next lower and higher edge.
    Minutes that the source reports later take the place of these quarter hours.
    """
    name, rule = canonical(histogram), threshold_rule(threshold)
    base = book.find(SeriesKey(source, name, SeriesKind.HISTOGRAM))
    main = SeriesKey(source, name, SeriesKind.TALLY, rule=rule)
    if base is None or base.since is None or base.until is None or book.find(main) is not None:
        return
    counted = _counted(connection, base, threshold)
    exact = bool((counted["low"] == counted["high"]).all())
    columns = {"": counted["estimate"], "|low": counted["low"], "|high": counted["high"]}
    for side in _SIDES[:1] if exact else _SIDES:
        key = SeriesKey(source, name, SeriesKind.TALLY, rule=rule + side, service=base.key.service)
        made = book.of(key)
        estimated = (counted["low"] != counted["high"]) & (side == "")
        rows = {
            "series_id": np.full(len(counted["at"]), made.id, np.int64),
            "at": counted["at"],
            "good": columns[side],
            "total": counted["total"],
            "observed_s": np.full(len(counted["at"]), QUARTER_S, np.int64),
            "observed_at": np.zeros(len(counted["at"]), np.int64),
            "partial_s": QUARTER_S * counted["partial"].astype(np.int64),
            "estimated_s": QUARTER_S * estimated.astype(np.int64),
        }
        append(connection, TALLIES[QUARTER_S], rows)
        roll_up_tallies(connection, [Stretch(made.id, base.since, base.until)], QUARTER_S)
        book.widen(key, base.since, base.until)
        book.keep_minutes_from(key, base.until)
        if (estimated | counted["partial"]).any():
            book.mark_lesser(key)


def _counted(connection: Connection, base: StoredSeries, threshold: float) -> Columns:
    """Per quarter hour all events, and those under the threshold: at least, at most, linear."""
    table = HISTOGRAMS[QUARTER_S]
    columns = (table.c.at, table.c.gt, table.c.le, table.c["count"], table.c.partial_s)
    bounds = {"which": base.id, "since": base.since, "until": base.until}
    found = connection.execute(select(*columns).where(*within(table)), bounds)
    rows = np.array([tuple(row) for row in found], np.float64).reshape(-1, 5)
    at, gt, le, count, partial_s = rows.T
    bins, place = np.unique(at.astype(np.int64), return_inverse=True)
    astride = (gt < threshold) & (threshold < le)
    finite = astride & np.isfinite(gt) & np.isfinite(le)
    width = np.where(finite, le - gt, 1.0)
    part = np.where(finite, (threshold - np.where(finite, gt, 0.0)) / width, 0.0)

    def summed(weights: NDArray[Any]) -> NDArray[Any]:
        return np.bincount(place, weights=weights, minlength=len(bins))

    low = summed(count * (le <= threshold))
    return {
        "at": bins,
        "total": summed(count),
        "partial": summed(partial_s) > 0,
        "low": low,
        "high": low + summed(count * astride),
        "estimate": low + summed(count * part),
    }

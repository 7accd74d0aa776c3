"""What corrections take off the counts, kept when the counts are written anew.

The invariant, here and nowhere else: a bin of the finest level is excluded whole or not at all,
and it is excluded when a correction that holds covers some of it. So what is excluded follows
from the counts and the corrections alone, whichever came first; coarser levels sum what their
children exclude. The finest level is minutes where they are kept, else quarter hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, Update, exists, select, update

from collectors.store.corrections import StoredCorrection, covered, live_in
from collectors.store.ids import mark_excluding, stored
from collectors.store.levels import Stretch, roll_up_tallies, within
from collectors.store.stored import StoredSeries
from collectors.store.tables import TALLIES, series
from collectors.store.widths import DAY_S, MINUTE_S, QUARTER_S
from slo.corrections import Correction
from slo.facts import Integers
from slo.spans import Span, shared, united

Columns = Mapping[str, "NDArray[Any]"]


def excluding(connection: Connection, bin_s: int, columns: Columns) -> dict[str, NDArray[Any]]:
    """The rows to write, of any series, with what they exclude."""
    at = columns["at"]
    if not len(at):
        return dict(columns)
    live = live_in(connection, Span(int(at.min()), int(at.max()) + bin_s))
    if not live:
        return dict(columns)
    is_off = np.zeros(len(at), np.bool_)
    for one in _series(connection, np.unique(columns["series_id"])):
        own = columns["series_id"] == one.id
        is_off[own] = _touched(at[own], bin_s, live, one)
        if is_off[own].any():
            mark_excluding(connection, one.id)
    return {
        **columns,
        "excluded_good": columns["good"] * is_off,
        "excluded_total": columns["total"] * is_off,
        "excluded_s": columns["observed_s"] * is_off,
    }


def mark_anew(connection: Connection, one: StoredSeries, changed: Iterable[Correction]) -> None:
    """Bring what a series excludes in line with the corrections, wherever some were changed."""
    if one.since is None or one.until is None:
        return
    reach = Span(one.since - one.since % DAY_S, one.until + DAY_S)
    spans = quarters(part for each in changed for part in each.spans_within(reach))
    if not spans:
        return
    live = live_in(connection, Span(spans[0].since, spans[-1].until))
    off = shared(spans, covered(live, one.key, Span(spans[0].since, spans[-1].until)))
    for bin_s in (MINUTE_S, QUARTER_S):
        table = TALLIES[bin_s]
        _set(connection, _nothing(table), one, spans)
        _set(connection, _everything(table), one, [_on_bins(part, bin_s) for part in off])
    roll_up_tallies(connection, [Stretch(one.id, s.since, s.until) for s in spans], MINUTE_S)
    if off:
        mark_excluding(connection, one.id)


def quarters(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans widened to whole quarter hours, each second once."""
    return united(_on_bins(span, QUARTER_S) for span in spans if span.length_s)


def _on_bins(span: Span, bin_s: int) -> Span:
    return Span(span.since - span.since % bin_s, -(-span.until // bin_s) * bin_s)


def _touched(
    at: Integers, bin_s: int, live: Iterable[StoredCorrection], one: StoredSeries
) -> NDArray[np.bool_]:
    """Which bins have a second that is covered."""
    spans = covered(live, one.key, Span(int(at.min()), int(at.max()) + bin_s))
    since = np.array([span.since for span in spans], np.int64)
    until = np.array([span.until for span in spans], np.int64)
    begun = np.searchsorted(since, at + bin_s, side="left")
    over = np.searchsorted(until, at, side="right")
    touched: NDArray[np.bool_] = begun > over
    return touched


def _series(connection: Connection, ids: Integers) -> Iterator[StoredSeries]:
    rows = connection.execute(select(series).where(series.c.id.in_(ids.tolist())))
    yield from map(stored, rows.all())


def _set(
    connection: Connection, statement: Update, one: StoredSeries, spans: Iterable[Span]
) -> None:
    rows = [{"which": one.id, "since": s.since, "until": s.until} for s in spans]
    if rows:
        connection.execute(statement, rows)


def _everything(table: Table) -> Update:
    columns = {"excluded_good": table.c.good, "excluded_total": table.c.total}
    return _finest(table).values(**columns, excluded_s=table.c.observed_s)


def _nothing(table: Table) -> Update:
    marked = (table.c.excluded_s > 0) | (table.c.excluded_total > 0)
    none = {"excluded_good": 0, "excluded_total": 0, "excluded_s": 0}
    return _finest(table).where(marked).values(none)


def _finest(table: Table) -> Update:
    """An update of the bins of a stretch that have no finer ones."""
    minutes = TALLIES[MINUTE_S]
    found = update(table).where(*within(table))
    if table is minutes:
        return found
    ends = table.c.at + QUARTER_S
    inside = (minutes.c.series_id == table.c.series_id, minutes.c.at >= table.c.at)
    return found.where(~exists().where(*inside, minutes.c.at < ends))

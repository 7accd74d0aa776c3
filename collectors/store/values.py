"""Long stretches of measured values, and of buckets, as plain columns and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from sqlalchemy import Connection, Select, Table, func, select

from collectors.store.columns import BucketColumns, ValueColumns
from collectors.store.tables import HISTOGRAMS, TALLIES, samples
from collectors.store.widths import DAY_S, HOUR_S, MINUTE_S, QUARTER_S, SUMMED, floor
from slo.facts import Integers, Reals
from slo.spans import Span

_ROWS_AT_ONCE = 20_000


def read_values(connection: Connection, series_ids: Sequence[int], span: Span) -> ValueColumns:
    """The values of all the series in the span, series after series."""
    found = [_rows(connection, _in(samples, ("at", "value"), one, span)) for one in series_ids]
    rows = np.concatenate([np.empty((0, 2)), *found])
    return ValueColumns(rows[:, 0].astype(np.int64), rows[:, 1].copy())


def read_buckets(
    connection: Connection, series_ids: Sequence[int], span: Span, edges: Sequence[int]
) -> BucketColumns:
    """The buckets of all the series in the span, in the widest bins that no edge cuts.

    The span and the edges are whole quarter hours; a bin never holds what lies on both sides of
    an edge, so days of any time zone can be summed from it.
    """
    cuts = (span.since, span.until, *edges)
    levels = (DAY_S, HOUR_S, QUARTER_S)
    table = HISTOGRAMS[next(one for one in levels if not any(cut % one for cut in cuts))]
    names = ("at", "gt", "le", "count")
    found = [_rows(connection, _in(table, names, one, span)) for one in series_ids]
    rows = np.concatenate([np.empty((0, len(names))), *found])
    return BucketColumns(rows[:, 0].astype(np.int64), *rows[:, 1:].T.copy())


def read_tally_rows(
    connection: Connection, series_ids: Sequence[int], level_s: int, span: Span
) -> tuple[Integers, Reals]:
    """The bins of one level in the span, summed over the series, by time.

    Their first seconds, and a table with a row for each and the columns of `SUMMED`.
    """
    table = TALLIES[level_s]
    names = ("at", *SUMMED)
    statement = select(*(table.c[name] for name in names)).where(
        table.c.series_id.in_(list(series_ids)),
        table.c.at >= span.since,
        table.c.at < span.until,
    )
    found = _rows(connection, statement)
    return joined([(found[:, 0].astype(np.int64), found[:, 1:])])


def joined(each: Iterable[tuple[Integers, Reals]]) -> tuple[Integers, Reals]:
    """The sum of the counts, bin by bin; the bins of each may lie in any order, and more than once."""
    tables = list(each)
    at = np.unique(np.concatenate([starts for starts, _ in tables]))
    sums = np.zeros((len(at), len(SUMMED)))
    for starts, table in tables:
        np.add.at(sums, np.searchsorted(at, starts), table)
    return at, sums


def read_excluded_s(connection: Connection, series_ids: Sequence[int], span: Span) -> int:
    """Seconds that corrections exclude, by the clock: in each bin as many as of any one series.

    Whole quarter hours of the span are read as such, what is left at both ends by the minute.
    """
    first, last = -floor(-span.since, QUARTER_S), floor(span.until, QUARTER_S)
    if first >= last:
        return _longest_s(connection, MINUTE_S, series_ids, span)
    ends = (Span(span.since, first), Span(last, span.until))
    return _longest_s(connection, QUARTER_S, series_ids, Span(first, last)) + sum(
        _longest_s(connection, MINUTE_S, series_ids, end) for end in ends if end.length_s
    )


def _longest_s(connection: Connection, level_s: int, series_ids: Sequence[int], span: Span) -> int:
    table = TALLIES[level_s]
    bins = (
        select(func.max(table.c.excluded_s).label("excluded_s"))
        .where(
            table.c.series_id.in_(list(series_ids)),
            table.c.at >= span.since,
            table.c.at < span.until,
            table.c.excluded_s > 0,
        )
        .group_by(table.c.at)
        .subquery()
    )
    return int(connection.execute(select(func.sum(bins.c.excluded_s))).scalar() or 0)


def _in(table: Table, names: Sequence[str], series_id: int, span: Span) -> Select[tuple[float]]:
    mine = (table.c.series_id == series_id, table.c.at >= span.since, table.c.at < span.until)
    return select(*(table.c[name] for name in names)).where(*mine).order_by(*table.primary_key)


def _rows(connection: Connection, statement: Select[tuple[float]]) -> Reals:
    """The rows as numbers; the driver's own, since wrapping them takes as long as reading."""
    width = len(statement.selected_columns)
    result = connection.execute(statement)
    parts = [np.empty((0, width)), *(_numbers(rows, width) for rows in _pieces(result.cursor))]
    result.close()
    return np.concatenate(parts)


def _pieces(cursor: object) -> Iterator[list[tuple[float, ...]]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):  # type: ignore[attr-defined]
        yield rows


def _numbers(rows: Sequence[tuple[float, ...]], width: int) -> Reals:
    flat = np.fromiter(chain.from_iterable(rows), np.float64, width * len(rows))
    return flat.reshape(-1, width)

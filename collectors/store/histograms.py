"""How buckets are stored: one quarter hour of a series is reported, and replaced, as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, delete, func, select, union_all

from collectors.store.ids import SeriesBook, digest_of
from collectors.store.levels import Stretch, roll_up_histograms, stretches, within
from collectors.store.merge import Claim, merge
from collectors.store.outcome import Ledger
from collectors.store.rows import append
from collectors.store.tables import HISTOGRAMS
from collectors.store.widths import DAY_S, HOUR_S, QUARTER_S, floor
from slo.errors import InputError
from slo.facts import HistogramRows
from slo.histogram import Histogram, histogram
from slo.spans import Span

Columns = dict[str, "NDArray[Any]"]


def ingest_histogram(
    connection: Connection, fact: HistogramRows, book: SeriesBook, ledger: Ledger
) -> None:
    """Store the bins of one series and bring hours and days in line."""
    if not len(fact.at):
        return
    if np.any(fact.at % QUARTER_S) or np.any(np.diff(fact.at) < 0):
        raise InputError(
            "buckets are not ascending whole quarter hours",
            where=fact.series.name,
            mend="sum what falls into one bin before handing it over",
        )
    kept = book.of(fact.series)
    first, last = int(fact.at[0]), int(fact.at[-1]) + QUARTER_S
    bounds = {"which": kept.id, "since": first, "until": last}
    merged = merge(_stored(connection, bounds), _claims(fact))
    book.widen(fact.series, first, last)
    ledger.enter(digest_of(fact.series), merged, _shown)
    table = HISTOGRAMS[QUARTER_S]
    if merged.replaced:
        condition = (table.c.series_id == kept.id, table.c.at == bindparam("which"))
        connection.execute(delete(table).where(*condition), [{"which": a} for a in merged.replaced])
    if merged.write:
        append(connection, table, _columns(kept.id, sorted(merged.write.items())))
        at = np.array(sorted(merged.write), np.int64)
        roll_up_histograms(connection, stretches(kept.id, at, QUARTER_S), QUARTER_S)


def _claims(fact: HistogramRows) -> Iterator[tuple[int, Claim]]:
    columns = (fact.at, fact.gt, fact.le, fact.count)
    bins: dict[int, list[tuple[float, float, float]]] = {}
    for at, gt, le, count in zip(*(column.tolist() for column in columns), strict=True):
        bins.setdefault(at, []).append((-le, -float(count), gt))
    for at, buckets in bins.items():
        yield at, Claim(tuple(sorted(buckets)), fact.observed_at, complete=not fact.partial)


def _stored(connection: Connection, bounds: dict[str, int]) -> dict[int, Claim]:
    table = HISTOGRAMS[QUARTER_S]
    bins: dict[int, list[tuple[float, float, float]]] = {}
    seen: dict[int, tuple[int, bool]] = {}
    names = ("at", "gt", "le", "count", "observed_at", "partial_s")
    statement = select(*(table.c[name] for name in names)).where(*within(table))
    for at, gt, le, count, observed_at, partial_s in connection.execute(statement, bounds):
        bins.setdefault(at, []).append((-le, -count, gt))
        seen[at] = observed_at or 0, partial_s == 0
    return {at: Claim(tuple(sorted(buckets)), *seen[at]) for at, buckets in bins.items()}


def _shown(value: tuple[Any, ...]) -> dict[str, Any]:
    return {"buckets": [[gt, -le, -count] for le, count, gt in value]}


def _columns(series_id: int, claims: Sequence[tuple[int, Claim]]) -> Columns:
    rows = [
        (at, gt, -le, -count, claim.observed_at, QUARTER_S * (not claim.complete))
        for at, claim in claims
        for le, count, gt in claim.value
    ]
    at, gt, le, count, observed_at, partial_s = zip(*rows, strict=True)
    return {
        "series_id": np.full(len(rows), series_id, np.int64),
        "at": np.array(at, np.int64),
        "gt": np.array(gt, np.float64),
        "le": np.array(le, np.float64),
        "count": np.array(count, np.float64),
        "observed_at": np.array(observed_at, np.int64),
        "partial_s": np.array(partial_s, np.int64),
    }


def replace_histogram(
    connection: Connection, series_id: int, span: tuple[int, int], columns: Columns
) -> None:
    """Make derived buckets all there is of the series in the span, at every level."""
    stretch = Stretch(series_id, *span).aligned(QUARTER_S)
    table = HISTOGRAMS[QUARTER_S]
    bounds = {"which": series_id, "since": stretch.since, "until": stretch.until}
    connection.execute(delete(table).where(*within(table)), bounds)
    append(connection, table, columns)
    roll_up_histograms(connection, [stretch], QUARTER_S)


def read_histogram(
    connection: Connection, series_ids: Sequence[int], span: Span
) -> Histogram | None:
    """All events of the series in the span, which is moved down to quarter hours; None if none."""
    branches = [
        select(table.c.gt, table.c.le, table.c["count"]).where(
            table.c.series_id.in_(series_ids), table.c.at >= since, table.c.at < until
        )
        for table, since, until in _cover(span)
    ]
    if not branches:
        return None
    every = union_all(*branches).subquery()
    total = func.sum(every.c["count"])
    rows = connection.execute(
        select(every.c.gt, every.c.le, total).group_by(every.c.gt, every.c.le)
    )
    found = np.array([tuple(row) for row in rows], np.float64)
    return histogram(found[:, 0], found[:, 1], found[:, 2]) if len(found) else None


def _cover(span: Span) -> Iterator[tuple[Any, int, int]]:
    since, until = floor(span.since, QUARTER_S), floor(span.until, QUARTER_S)
    for level_s, coarser in ((QUARTER_S, HOUR_S), (HOUR_S, DAY_S)):
        first, last = min(-floor(-since, coarser), until), max(floor(until, coarser), since)
        if first >= last:
            first = last = until
        if since < first:
            yield HISTOGRAMS[level_s], since, first
        if last < until:
            yield HISTOGRAMS[level_s], last, until
        since, until = first, last
    if since < until:
        yield HISTOGRAMS[DAY_S], since, until

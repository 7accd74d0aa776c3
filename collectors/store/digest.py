"""What "the same store" means: one digest over every fact and every figure derived from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, Table, select

from collectors.store.tables import (
    HISTOGRAMS,
    TALLIES,
    conflicts,
    events,
    observations,
    samples,
    series,
)

_UNSEEN = {"id", "series_id", "observed_at", "minutes_since", "lesser"}
_BY_SERIES = (*TALLIES.values(), *HISTOGRAMS.values(), observations, samples)


def figures_digest(connection: Connection) -> str:
    """The digest of all figures in canonical order, whatever the ids and the order of arrival."""
    digest = hashlib.sha256()
    for line in _lines(connection):
        digest.update(line)
    return digest.hexdigest()


def _lines(connection: Connection) -> Iterator[bytes]:
    columns = (series.c.id, *(series.c[name] for name in _shown(series)))
    for row in connection.execute(select(*columns).order_by(series.c.digest)).all():
        yield orjson.dumps(row[1:])
        for table in _BY_SERIES:
            yield from _rows(connection, table, row.id)
    for table in (events, conflicts):
        yield from _rows(connection, table, None)


def _rows(connection: Connection, table: Table, series_id: int | None) -> Iterator[bytes]:
    statement = select(*(table.c[name] for name in _shown(table))).order_by(*table.primary_key)
    if series_id is not None:
        statement = statement.where(table.c.series_id == series_id)
    for row in connection.execute(statement):
        yield orjson.dumps([table.name, *row])


def _shown(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name not in _UNSEEN]

"""From when to when each source can have told of things that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select

from collectors.store.tables import events, runs, series, watermarks
from slo.facts import EventKind


@dataclass(frozen=True, slots=True)
class Reach:
    """What a source knows of one kind of event: from its first fact of any kind to its last read.

    `first_at` is the first event of the kind. `until` is when the source was last read whole, or
    how far its streams are complete; without either the time of the last thing that it told.
    """

    source: str
    since: int
    first_at: int
    until: int


def read_reaches(connection: Connection, kind: EventKind) -> tuple[Reach, ...]:
    """The reach of every source that ever told of the kind, by name."""
    mine = events.c.kind == kind.value
    first = _by_source(connection, events.c.source, func.min(events.c.at), mine)
    last = _by_source(connection, events.c.source, func.max(events.c.at), mine)
    sinces = (
        _by_source(connection, events.c.source, func.min(events.c.at)),
        _by_source(connection, series.c.source, func.min(series.c.since)),
        _by_source(connection, watermarks.c.source, func.min(watermarks.c.since)),
    )
    whole = runs.c.error.is_(None)
    untils = (
        _by_source(connection, runs.c.source, func.max(runs.c.started_at), whole),
        _by_source(connection, watermarks.c.source, func.max(watermarks.c.until)),
    )
    return tuple(
        Reach(
            source,
            min(each[source] for each in sinces if source in each),
            first[source],
            max((each[source] for each in untils if source in each), default=last[source] + 1),
        )
        for source in sorted(first)
    )


def _by_source(
    connection: Connection,
    source: Column[Any],
    asked: ColumnElement[Any],
    *conditions: ColumnElement[bool],
) -> dict[str, int]:
    """The number asked for, of each source that has one."""
    statement = select(source, asked).where(*conditions).group_by(source)
    return {row[0]: row[1] for row in connection.execute(statement) if row[1] is not None}

"""How the values of a source from a moment on are taken back, with all that was derived of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select, update

from collectors.store.derived.deriver import Deriver
from collectors.store.derived.slices import end_of
from collectors.store.history import write_audit
from collectors.store.ids import SeriesBook, digest_of, stored
from collectors.store.points import touched_from
from collectors.store.stored import StoredSeries
from collectors.store.tables import conflicts, observations, samples, series
from slo.facts import SeriesKey, SeriesKind
from slo.rules import SliceRule
from slo.selector import Selector
from slo.splits import values_of

_TABLES = {SeriesKind.STATUS: observations, SeriesKind.SAMPLE: samples}
_UP = "up:"


def take_back(connection: Connection, source: str, since: int, *, now: int) -> int:
    """How many values at or after `since` there were; none are left, and the audit log says so."""
    reaching = _series(connection, source, since)
    bases = [one for one in reaching if one.key.kind in _TABLES]
    touched = [
        each
        for one in bases
        for each in touched_from(connection, _TABLES[one.key.kind], one, since)
    ]
    values = sum(_removed(connection, one, since) for one in bases)
    book = SeriesBook(connection)
    Deriver(connection, source, book).follow(touched, ())
    book.flush()
    for one in bases:
        _end(connection, one, _last(connection, one))
    left = [one for one in _series(connection, source) if one.key.kind in _TABLES]
    for one in (one for one in reaching if one.key.kind not in _TABLES):
        _end(connection, one, _last_of(one.key, left))
    tallies = _series(connection, source)
    for one in (one for one in reaching if SliceRule.read(one.key.rule) is not None):
        _end(connection, one, end_of(one.key, tallies))
    detail = {"since": since, "values": values}
    write_audit(
        connection, at=now, actor="collector", action="take back", subject=source, detail=detail
    )
    return values


def _series(connection: Connection, source: str, since: int | None = None) -> list[StoredSeries]:
    """The series of the source, or those of them that reach to a moment."""
    asked = select(series).where(series.c.source == source)
    asked = asked if since is None else asked.where(series.c.until >= since)
    return [stored(row) for row in connection.execute(asked)]


def _removed(connection: Connection, one: StoredSeries, since: int) -> int:
    table, mine = _TABLES[one.key.kind], conflicts.c.subject == digest_of(one.key)
    connection.execute(delete(conflicts).where(mine, conflicts.c.at >= since))
    later = (table.c.series_id == one.id, table.c.at >= since)
    return connection.execute(delete(table).where(*later)).rowcount


def _last(connection: Connection, one: StoredSeries) -> int | None:
    table = _TABLES[one.key.kind]
    return connection.execute(
        select(func.max(table.c.at)).where(table.c.series_id == one.id)
    ).scalar()


def _last_of(derived: SeriesKey, bases: Iterable[StoredSeries]) -> int | None:
    """The newest value that bears on a derived series; None when none is left."""
    if derived.rule.startswith(_UP):
        asked, by = Selector.parse(derived.name), [label for label, _ in derived.labels]
        matching = [one for one in bases if asked.matches(one.key.name, dict(one.key.labels))]
        ends = [
            one.until for one in matching if values_of(dict(one.key.labels), by) == derived.labels
        ]
    else:
        same = (derived.name, derived.labels)
        ends = [one.until for one in bases if (one.key.name, one.key.labels) == same]
    return max((end for end in ends if end is not None), default=None)


def _end(connection: Connection, one: StoredSeries, until: int | None) -> None:
    """Let the series end there; without any value it has neither beginning nor end."""
    since = None if until is None else one.since
    mine = update(series).where(series.c.id == one.id)
    connection.execute(mine.values(since=since, until=until))

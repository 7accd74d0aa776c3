"""How observations and samples are stored: single points of a series, merged by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Table, and_, bindparam, delete, select

from collectors.store.disputes import disputed_times
from collectors.store.ids import SeriesBook, digest_of
from collectors.store.levels import Stretch, within
from collectors.store.merge import Claim, Merged, merge
from collectors.store.outcome import Ledger, Show
from collectors.store.rows import append
from collectors.store.stored import StoredSeries
from collectors.store.tables import observations, samples
from collectors.store.widths import DAY_S
from slo.errors import InputError
from slo.facts import Integers, Reals, SampleRows, SeriesKey, StatusRows
from slo.status import codes, states

Columns = dict[str, NDArray[Any]]
Point = tuple[int, str]
_COMMON = ("at", "valid_s", "observed_at")
# Codes of slo.status in the order down, unknown, degraded, up: the smaller is the worse.
_WORSE_FIRST = {0: 0, 3: 1, 2: 2, 1: 3}
_CODE_OF = {place: code for code, place in _WORSE_FIRST.items()}


@dataclass(frozen=True, slots=True)
class Touched:
    """Where the points of one series changed; `valid_s` is how long the last may hold."""

    key: SeriesKey
    stretch: Stretch
    valid_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of one series, ascending; `said` is the measured value, or the code of the state.

    `partial` are those from an answer of which something may be missing.
    """

    at: Integers
    said: Reals
    valid_s: Integers
    partial: NDArray[np.bool_]

    def inside(self, since: int, until: int) -> Points:
        """Those in [since, until)."""
        mine = (self.at >= since) & (self.at < until)
        return Points(self.at[mine], self.said[mine], self.valid_s[mine], self.partial[mine])


def ingest_points(
    connection: Connection, fact: StatusRows | SampleRows, book: SeriesBook, ledger: Ledger
) -> list[Touched]:
    """Store the points and return where they changed what was known."""
    if not len(fact.at):
        return []
    table = observations if isinstance(fact, StatusRows) else samples
    kept = book.of(fact.series)
    first, last = int(fact.at.min()), int(fact.at.max())
    apart = kept.since is None or kept.until is None or first > kept.until or last < kept.since
    book.widen(fact.series, first, last)
    columns = _columns(kept.id, fact)
    if apart and np.all(np.diff(fact.at) > 0):
        append(connection, table, columns)
        ledger.add(new=len(fact.at))
        return _touched(kept, columns["at"], columns["valid_s"])
    bounds = {"which": kept.id, "since": first, "until": last + 1}
    stored = {} if apart else _stored(connection, table, bounds)
    merged = merge(stored, _claims(columns))
    ledger.enter(digest_of(fact.series), merged, _SHOWN[table.name])
    _write(connection, table, kept.id, merged)
    disputed: set[int] = set()
    if merged.settled:
        disputed.update(disputed_times(connection, fact.series, first, last + 1).tolist())
    return _touched(kept, *_changed(merged, stored, disputed))


def _columns(series_id: int, fact: StatusRows | SampleRows) -> Columns:
    columns: Columns = {
        "series_id": np.full(len(fact.at), series_id, np.int64),
        "at": np.asarray(fact.at, np.int64),
        "valid_s": np.asarray(fact.valid_s, np.int64),
        "observed_at": np.asarray(fact.observed_at, np.int64),
    }
    if fact.partial:
        columns["partial"] = np.ones(len(fact.at), np.int16)
    if isinstance(fact, StatusRows):
        return columns | {"state": codes(fact.state).astype(np.int16)}
    if not np.isfinite(fact.value).all():
        raise InputError("a value is not a number", where=fact.series.name, mend="leave it out")
    keys = fact.key if fact.key is not None else [""] * len(fact.at)
    value = np.asarray(fact.value, np.float64)
    return columns | {"key": np.array(keys, object), "value": value}


def _claims(columns: Columns) -> Iterator[tuple[Point, Claim]]:
    at, valid_s, observed_at = (columns[name].tolist() for name in _COMMON)
    if "state" in columns:
        places: Iterable[Any] = (_WORSE_FIRST[code] for code in columns["state"].tolist())
        keys = [""] * len(at)
    else:
        places, keys = (-columns["value"]).tolist(), columns["key"].tolist()
    for t, key, place, valid, seen in zip(at, keys, places, valid_s, observed_at, strict=True):
        yield (t, key), Claim((place, valid), seen, complete="partial" not in columns)


def _stored(connection: Connection, table: Table, bounds: dict[str, int]) -> dict[Point, Claim]:
    rows = connection.execute(select(table).where(*within(table)), bounds)
    if table is observations:
        return {(row.at, ""): _claim(_WORSE_FIRST[row.state], row) for row in rows}
    return {(row.at, row.key): _claim(-row.value, row) for row in rows}


def _claim(place: float, row: Row[Any]) -> Claim:
    return Claim((place, row.valid_s), row.observed_at, complete=not row.partial)


def _write(connection: Connection, table: Table, series_id: int, merged: Merged[Point]) -> None:
    if merged.replaced:
        connection.execute(
            _delete(table),
            [{"which": series_id, "at_": at, "key_": key} for at, key in merged.replaced],
        )
    rows = sorted(merged.write.items())
    columns: Columns = {
        "series_id": np.full(len(rows), series_id, np.int64),
        "at": np.array([at for (at, _), _ in rows], np.int64),
        "valid_s": np.array([claim.value[1] for _, claim in rows], np.int64),
        "observed_at": np.array([claim.observed_at for _, claim in rows], np.int64),
        "partial": np.array([not claim.complete for _, claim in rows], np.int16),
    }
    if table is observations:
        states = [_CODE_OF[claim.value[0]] for _, claim in rows]
        columns["state"] = np.array(states, np.int16)
    else:
        columns["key"] = np.array([key for (_, key), _ in rows], object)
        columns["value"] = np.array([-claim.value[0] for _, claim in rows], np.float64)
    append(connection, table, columns)


def _shown_state(value: tuple[Any, ...]) -> dict[str, Any]:
    (state,) = states([_CODE_OF[value[0]]])
    return {"state": state.value, "valid_s": value[1]}


def _shown_value(value: tuple[Any, ...]) -> dict[str, Any]:
    return {"value": -value[0], "valid_s": value[1]}


_SHOWN: dict[str, Show] = {observations.name: _shown_state, samples.name: _shown_value}


def _delete(table: Table) -> Any:
    condition = and_(table.c.series_id == bindparam("which"), table.c.at == bindparam("at_"))
    if table is samples:
        return delete(table).where(condition, table.c.key == bindparam("key_"))
    return delete(table).where(condition)


def _changed(
    merged: Merged[Point], stored: Mapping[Point, Claim], disputed: set[int]
) -> tuple[Integers, Integers]:
    """Where values or their standing changed, and how long what is or was there holds."""
    holds: dict[int, int] = {}
    for key, claim in sorted(merged.write.items()):
        before = stored.get(key)
        contested = key in merged.disputes or key[0] in disputed
        said_anew = before is None or _said(before) != _said(claim)
        if said_anew or contested:
            longest = max(claim.value[1], before.value[1] if before else 0)
            holds[key[0]] = max(longest, holds.get(key[0], 0))
    return np.array(list(holds), np.int64), np.array(list(holds.values()), np.int64)


def _said(claim: Claim) -> tuple[Any, ...]:
    return (*claim.value, claim.complete)


def _touched(kept: StoredSeries, at: Integers, valid_s: Integers) -> list[Touched]:
    """The changes as stretches, cut at gaps of more than a day."""
    if not len(at):
        return []
    edges = [0, *(np.flatnonzero(np.diff(at) > DAY_S) + 1).tolist(), len(at)]
    return [
        Touched(
            kept.key,
            Stretch(kept.id, int(at[first]), int(at[after - 1]) + 1),
            int(valid_s[first:after].max()),
        )
        for first, after in pairwise(edges)
    ]


def touched_from(
    connection: Connection, table: Table, kept: StoredSeries, since: int
) -> list[Touched]:
    """Where the series would change if its points from that moment on were gone."""
    later = (table.c.series_id == kept.id, table.c.at >= since)
    asked = select(table.c.at, table.c.valid_s).where(*later).order_by(table.c.at)
    rows = np.array([tuple(row) for row in connection.execute(asked)], np.int64).reshape(-1, 2)
    return _touched(kept, rows[:, 0], rows[:, 1])


def points_around(
    connection: Connection, table: Table, series_id: int, since: int, until: int
) -> Points:
    """The points in [since, until), the last before it and the first after it, ascending."""
    before, after = neighbours(connection, table, series_id, since, until)
    said = table.c.state if table is observations else table.c.value
    columns = (table.c.at, said, table.c.valid_s, table.c.partial)
    statement = select(*columns).where(*within(table))
    bounds = {
        "which": series_id,
        "since": since if before is None else before,
        "until": until if after is None else after + 1,
    }
    result = connection.execute(statement.order_by(*table.primary_key), bounds)
    rows = result.cursor.fetchall()
    result.close()
    found = np.fromiter(chain.from_iterable(rows), np.float64, 4 * len(rows)).reshape(-1, 4)
    at, valid_s = found[:, 0].astype(np.int64), found[:, 2].astype(np.int64)
    return Points(at, found[:, 1], valid_s, found[:, 3] > 0)


def neighbours(
    connection: Connection, table: Table, series_id: int, since: int, until: int
) -> tuple[int | None, int | None]:
    """The last time before `since` and the first at or after `until` that have a point."""
    mine = table.c.series_id == series_id
    before = select(table.c.at).where(mine, table.c.at < since).order_by(table.c.at.desc()).limit(1)
    after = select(table.c.at).where(mine, table.c.at >= until).order_by(table.c.at).limit(1)
    return connection.execute(before).scalar(), connection.execute(after).scalar()

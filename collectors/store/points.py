"""How observations and samples are stored: single points of a series, merged by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, and_, bindparam, delete, select

from collectors.store.ids import SeriesBook, StoredSeries, digest_of
from collectors.store.levels import Stretch, within
from collectors.store.merge import Claim, Merged, merge
from collectors.store.outcome import Ledger, Show
from collectors.store.rows import append
from collectors.store.tables import DAY_S, observations, samples
from slo.errors import InputError
from slo.facts import SampleRows, SeriesKey, StatusRows
from slo.status import codes, states

Point = tuple[int, str]
# Codes of slo.status in the order down, unknown, degraded, up: the smaller is the worse.
_WORSE_FIRST = {0: 0, 3: 1, 2: 2, 1: 3}
_CODE_OF = {place: code for code, place in _WORSE_FIRST.items()}


@dataclass(frozen=True, slots=True)
class Touched:
    """Where the points of one series changed; `valid_s` is how long the last may hold."""

    key: SeriesKey
    stretch: Stretch
    valid_s: int


def ingest_points(
    connection: Connection, fact: StatusRows | SampleRows, book: SeriesBook, ledger: Ledger
) -> list[Touched]:
    """Store the points and return where they changed what was known."""
    if not len(fact.at):
        return []
    table = observations if isinstance(fact, StatusRows) else samples
    kept = book.of(fact.series)
    first, last = int(fact.at.min()), int(fact.at.max())
    stored = {}
    if (
        kept.since is not None
        and kept.until is not None
        and not (first > kept.until or last < kept.since)
    ):
        bounds = {"which": kept.id, "since": first, "until": last + 1}
        stored = _stored(connection, table, bounds)
    merged = merge(stored, _claims(fact))
    book.widen(fact.series, first, last)
    ledger.enter(digest_of(fact.series), merged, _SHOWN[table.name])
    _write(connection, table, kept.id, merged)
    return _touched(kept, merged, stored)


def _claims(fact: StatusRows | SampleRows) -> Iterator[tuple[Point, Claim]]:
    at, valid_s = fact.at.tolist(), fact.valid_s.tolist()
    observed_at = fact.observed_at.tolist()
    if isinstance(fact, StatusRows):
        places: Iterable[Any] = (_WORSE_FIRST[code] for code in codes(fact.state).tolist())
        keys: Sequence[str] = [""] * len(at)
    else:
        if not np.isfinite(fact.value).all():
            raise InputError("a value is not a number", where=fact.series.name, mend="leave it out")
        places = (-value for value in np.asarray(fact.value, np.float64).tolist())
        keys = fact.key if fact.key is not None else [""] * len(at)
    for t, key, place, valid, seen in zip(at, keys, places, valid_s, observed_at, strict=True):
        yield (t, key), Claim((place, valid), seen)


def _stored(connection: Connection, table: Table, bounds: dict[str, int]) -> dict[Point, Claim]:
    rows = connection.execute(select(table).where(*within(table)), bounds)
    if table is observations:
        return {
            (row.at, ""): Claim((_WORSE_FIRST[row.state], row.valid_s), row.observed_at)
            for row in rows
        }
    return {(row.at, row.key): Claim((-row.value, row.valid_s), row.observed_at) for row in rows}


def _write(connection: Connection, table: Table, series_id: int, merged: Merged[Point]) -> None:
    if merged.replaced:
        connection.execute(
            _delete(table),
            [{"which": series_id, "at_": at, "key_": key} for at, key in merged.replaced],
        )
    rows = sorted(merged.write.items())
    columns: dict[str, NDArray[Any]] = {
        "series_id": np.full(len(rows), series_id, np.int64),
        "at": np.array([at for (at, _), _ in rows], np.int64),
        "valid_s": np.array([claim.value[1] for _, claim in rows], np.int64),
        "observed_at": np.array([claim.observed_at for _, claim in rows], np.int64),
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


def _touched(
    kept: StoredSeries, merged: Merged[Point], stored: dict[Point, Claim]
) -> list[Touched]:
    """Where values changed, cut at gaps of more than a day."""
    holds: dict[int, int] = {}
    for key, claim in sorted(merged.write.items()):
        before = stored.get(key)
        if before is None or before.value != claim.value:
            longest = max(claim.value[1], before.value[1] if before else 0)
            holds[key[0]] = max(longest, holds.get(key[0], 0))
    touched: list[Touched] = []
    for at, valid_s in holds.items():
        if touched and at - touched[-1].stretch.until <= DAY_S:
            begin, held = touched[-1].stretch.since, max(valid_s, touched[-1].valid_s)
            touched[-1] = Touched(kept.key, Stretch(kept.id, begin, at + 1), held)
        else:
            touched.append(Touched(kept.key, Stretch(kept.id, at, at + 1), valid_s))
    return touched


def points_around(
    connection: Connection, table: Table, series_id: int, since: int, until: int
) -> list[Any]:
    """The points in [since, until), the last before it and the first after it, ascending."""
    before, after = neighbours(connection, table, series_id, since, until)
    statement = select(table).where(*within(table)).order_by(*table.primary_key)
    bounds = {
        "which": series_id,
        "since": since if before is None else before,
        "until": until if after is None else after + 1,
    }
    return list(connection.execute(statement, bounds))


def neighbours(
    connection: Connection, table: Table, series_id: int, since: int, until: int
) -> tuple[int | None, int | None]:
    """The last time before `since` and the first at or after `until` that have a point."""
    mine = table.c.series_id == series_id
    before = select(table.c.at).where(mine, table.c.at < since).order_by(table.c.at.desc()).limit(1)
    after = select(table.c.at).where(mine, table.c.at >= until).order_by(table.c.at).limit(1)
    return connection.execute(before).scalar(), connection.execute(after).scalar()

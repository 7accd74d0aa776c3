"""What changed after it was reported, and where two claims of equal rank disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, select

from collectors.store.ids import digest_of, stored
from collectors.store.tables import conflicts, revisions, series
from slo.facts import Integers, SeriesKey

Subject = SeriesKey | str


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored value that a better claim replaced; `subject` is a series, or source/kind."""

    subject: Subject
    at: int
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    observed_at: int
    recorded_at: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """All that was claimed with equal right about one key; the worst of it is kept."""

    subject: Subject
    at: int
    key: str
    values: tuple[Mapping[str, Any], ...]


def read_revisions(connection: Connection) -> tuple[Revision, ...]:
    """Every revision, in the order in which they were recorded."""
    names = _subjects(connection)
    return tuple(
        Revision(
            names.get(row.subject, row.subject),
            row.at,
            row.key,
            orjson.loads(row.before),
            orjson.loads(row.after),
            row.observed_at,
            row.recorded_at,
        )
        for row in connection.execute(select(revisions).order_by(revisions.c.id))
    )


def read_conflicts(connection: Connection) -> tuple[Conflict, ...]:
    """Every standing conflict, by subject and time."""
    names = _subjects(connection)
    found: dict[tuple[str, int, str], list[Mapping[str, Any]]] = {}
    for row in connection.execute(select(conflicts).order_by(*conflicts.primary_key)):
        found.setdefault((row.subject, row.at, row.key), []).append(orjson.loads(row.value))
    return tuple(
        Conflict(names.get(subject, subject), at, key, tuple(values))
        for (subject, at, key), values in found.items()
    )


def disputed_times(connection: Connection, key: SeriesKey, since: int, until: int) -> Integers:
    """The times in [since, until) about which claims on that series disagree, ascending."""
    mine = conflicts.c.subject == digest_of(key)
    times = select(conflicts.c.at).where(mine, conflicts.c.at >= since, conflicts.c.at < until)
    return np.unique(np.fromiter(connection.execute(times).scalars(), np.int64))


def denied_times(connection: Connection, key: SeriesKey, since: int, until: int) -> list[int]:
    """The time of each sample in [since, until) that is 1 by one claim and 0 by another.

    Of two values the store keeps the larger, which is the worse of all but of these.
    """
    said = claimed_values(connection, key, since, until)
    return [at for at, values in said if {0, 1} <= set(values)]


def claimed_values(
    connection: Connection, key: SeriesKey, since: int, until: int
) -> list[tuple[int, list[float]]]:
    """All that was claimed about each disputed sample in [since, until), with its time."""
    mine = (conflicts.c.subject == digest_of(key), conflicts.c.at >= since, conflicts.c.at < until)
    said: dict[tuple[int, str], list[float]] = {}
    for row in connection.execute(select(conflicts).where(*mine)):
        said.setdefault((row.at, row.key), []).append(orjson.loads(row.value)["value"])
    return [(at, values) for (at, _), values in said.items()]


def _subjects(connection: Connection) -> dict[str, Subject]:
    return {row.digest: stored(row).key for row in connection.execute(select(series))}

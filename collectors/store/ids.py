"""Which number a series has in this store, and from when to when it has rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from collectors.store.canonical import canonical_json
from collectors.store.stored import StoredSeries, stored_of
from collectors.store.tables import series
from slo.facts import SeriesKey

_EXCLUDED, _QUALITY = 1, 2
_IDS_A_QUERY = 500


@dataclass(slots=True)
class _Entry:
    id: int
    key: SeriesKey
    since: int | None
    until: int | None
    minutes_since: int | None
    lesser: int
    changed: bool = False


@lru_cache(maxsize=65_536)
def digest_of(key: SeriesKey) -> str:
    """The identity of a series as text; service and bin width are no part of it."""
    parts = (key.source, key.name, key.kind.value, key.labels, key.rule)
    return hashlib.sha256(canonical_json(parts, key.source).encode()).hexdigest()[:32]


@dataclass(slots=True)
class SeriesBook:
    """The series that one transaction touches: found or made, and their bounds widened."""

    connection: Connection
    _entries: dict[str, _Entry] = field(default_factory=dict)

    def enter(self, keys: Iterable[SeriesKey]) -> None:
        """Find all of them, and make those that are new."""
        wanted = {digest_of(key): key for key in keys}
        absent = [digest for digest in wanted if digest not in self._entries]
        for start in range(0, len(absent), _IDS_A_QUERY):
            self._read(absent[start : start + _IDS_A_QUERY])
        for digest in absent:
            if digest not in self._entries:
                self._make(digest, wanted[digest])

    def find(self, key: SeriesKey) -> StoredSeries | None:
        """The series, or None when nothing made it yet."""
        digest = digest_of(key)
        if digest not in self._entries:
            self._read([digest])
        return self._shown(self._entries[digest]) if digest in self._entries else None

    def of(self, key: SeriesKey) -> StoredSeries:
        """The series as it stands in this transaction; made when it is new."""
        self.enter([key])
        return self._shown(self._entries[digest_of(key)])

    def widen(self, key: SeriesKey, since: int, until: int) -> None:
        """Move the bounds of its rows apart, where they do not hold [since, until) yet."""
        entry = self._entries[digest_of(key)]
        first = since if entry.since is None else min(entry.since, since)
        last = until if entry.until is None else max(entry.until, until)
        if (first, last) != (entry.since, entry.until):
            entry.since, entry.until, entry.changed = first, last, True

    def mark_lesser(self, key: SeriesKey) -> None:
        """Note that some of its seconds are partial, estimated or in conflict."""
        entry = self._entries[digest_of(key)]
        if not entry.lesser & _QUALITY:
            entry.lesser, entry.changed = entry.lesser | _QUALITY, True

    def keep_minutes_from(self, key: SeriesKey, at: int) -> None:
        """Note that bins before `at` may have no minutes of their own."""
        entry = self._entries[digest_of(key)]
        entry.minutes_since, entry.changed = max(entry.minutes_since or at, at), True

    def flush(self) -> None:
        """Write what changed."""
        rows = [
            {
                "which": entry.id,
                "since": entry.since,
                "until": entry.until,
                "minutes_since": entry.minutes_since,
                "marks": entry.lesser,
            }
            for entry in self._entries.values()
            if entry.changed
        ]
        if rows:
            self.connection.execute(_UPDATE, rows)

    def _read(self, digests: Sequence[str]) -> None:
        found = self.connection.execute(select(series).where(series.c.digest.in_(digests)))
        for row in found:
            self._entries[row.digest] = _entry(row)

    def _make(self, digest: str, key: SeriesKey) -> None:
        values = {
            "digest": digest,
            "source": key.source,
            "name": key.name,
            "kind": key.kind.value,
            "labels": canonical_json(key.labels, key.source),
            "rule": key.rule,
            "service": key.service,
            "bin_s": key.bin_s,
        }
        made = self.connection.execute(insert(series).values(values).returning(series.c.id))
        self._entries[digest] = _Entry(made.scalar_one(), key, None, None, None, 0)

    @staticmethod
    def _shown(entry: _Entry) -> StoredSeries:
        return StoredSeries(entry.id, entry.key, entry.since, entry.until, entry.minutes_since)


_UPDATE = (
    update(series)
    .where(series.c.id == bindparam("which"))
    .values({name: bindparam(name) for name in ("since", "until", "minutes_since")})
    .values(lesser=series.c.lesser.bitwise_or(bindparam("marks")))
)


def mark_excluding(connection: Connection, series_id: int) -> None:
    """Note that corrections exclude some of a series; who reads it asks for that, too."""
    mine = update(series).where(series.c.id == series_id)
    connection.execute(mine.values(lesser=series.c.lesser.bitwise_or(_EXCLUDED)))


def stored(row: Row[Any]) -> StoredSeries:
    """A row of the series table as a value."""
    identity = (row.source, row.name, row.kind, row.labels, row.rule, row.service, row.bin_s)
    return stored_of((row.id, *identity, row.since, row.until, row.minutes_since))


def _entry(row: Row[Any]) -> _Entry:
    one = stored(row)
    return _Entry(one.id, one.key, one.since, one.until, one.minutes_since, row.lesser)

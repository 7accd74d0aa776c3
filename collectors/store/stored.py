"""A series as the store knows it: its number, and from when to when it has rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from collectors.store.opening.sql_text import Ask
from slo.facts import SeriesKey, SeriesKind

_STORED = (
    "SELECT id, source, name, kind, labels, rule, service, bin_s, since, until, minutes_since"
    " FROM series"
)


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series in the store; `since` and `until` bound its rows in data time.

    Minutes before `minutes_since` may have been thinned to 15 minutes.
    """

    id: int
    key: SeriesKey
    since: int | None = None
    until: int | None = None
    minutes_since: int | None = None


class HasSeries(Protocol):
    """Whoever knows the series that are stored, as the store's reader does."""

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        """The series of a source and kind, or all, in canonical order."""


def read_series(
    ask: Ask, source: str | None = None, kind: SeriesKind | None = None
) -> tuple[StoredSeries, ...]:
    """The series of a source and kind, or all, in canonical order."""
    named = {"source": source, "kind": None if kind is None else kind.value}
    given = {name: value for name, value in named.items() if value is not None}
    where = " AND ".join(f"{name} = :{name}" for name in given)
    rows = ask(f"{_STORED} WHERE {where}" if where else _STORED, given)
    found = (
        StoredSeries(row[0], key_of(row[1:8]), since=row[8], until=row[9], minutes_since=row[10])
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: one.key))


def key_of(columns: Sequence[Any]) -> SeriesKey:
    """What makes a series the same series: its row from `source` to `bin_s`."""
    source, name, kind, labels, rule, service, bin_s = columns
    return SeriesKey(
        source=source,
        name=name,
        kind=SeriesKind(kind),
        labels=tuple((label, value) for label, value in orjson.loads(labels)),
        rule=rule,
        service=service,
        bin_s=bin_s,
    )

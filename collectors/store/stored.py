"""A series as the store knows it: its number, and from when to when it has rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from collectors.store.opening import refusals
from collectors.store.opening.sql_text import Ask
from collectors.store.widths import MINUTE_S, QUARTER_S
from slo.facts import SeriesKey, SeriesKind

_STORED = (
    "SELECT id, source, name, kind, labels, rule, service, bin_s, since, until, minutes_since"
    " FROM series"
)
_LATEST = 2**53


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
    return tuple(sorted(map(stored_of, rows), key=lambda one: one.key))


def stored_of(row: Sequence[Any]) -> StoredSeries:
    """The series of a row from `id` to `minutes_since`.

    Raises:
        OddRowError: burnline wrote no such row: the file was damaged, or changed by others.
    """
    which, source, name, kind, labels, rule, service, bin_s, *moments = row
    texts = all(isinstance(one, str) for one in (source, name, rule, service))
    if not texts or bin_s not in (MINUTE_S, QUARTER_S) or not all(map(_is_moment, moments)):
        raise refusals.OddRowError(f"series {which}")
    try:
        key = SeriesKey(
            source=source,
            name=name,
            kind=SeriesKind(kind),
            labels=tuple((label, value) for label, value in orjson.loads(labels)),
            rule=rule,
            service=service,
            bin_s=bin_s,
        )
    except (TypeError, ValueError) as error:
        raise refusals.OddRowError(f"series {which}") from error
    return StoredSeries(which, key, *moments)


def _is_moment(value: object) -> bool:
    return value is None or (isinstance(value, int) and abs(value) <= _LATEST)

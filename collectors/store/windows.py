"""How tallies of many series over many spans are read in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Double,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
    union_all,
)

from collectors.store.cover import Plan, plan_of
from collectors.store.levels import floor
from collectors.store.tables import MINUTE_S, QUARTER_S, SUMMED, TALLIES, series
from slo.facts import Reals
from slo.spans import Span
from slo.tally import Tally

_PLAIN = ("good", "total", "observed_s")
_BRANCHES_A_STATEMENT = 300
# Stands for the numbers of the series in a statement that is compiled once a shape.
_MEMBERS = "series.id <members>"
_FACTS = "SELECT id, bin_s, minutes_since, lesser FROM series WHERE series.id <members>"


@dataclass(frozen=True, slots=True)
class WindowAsk:
    """The wish for the tally of all these series together, over each of the spans."""

    series_ids: tuple[int, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Fact:
    """What decides how a series is read."""

    is_coarse: bool
    minutes_since: int
    is_lesser: bool


def read_windows(connection: Connection, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
    """One tally per ask and span; None where no row of any of its series lies in the span."""
    answers: list[list[Tally | None]] = [[None] * len(ask.spans) for ask in asks]
    facts = _facts(connection, {number for ask in asks for number in ask.series_ids})
    for spans, numbers in _groups(asks, facts).items():
        ids = sorted({one for n in numbers for one in asks[n].series_ids if one in facts})
        sums = _sums(connection, ids, spans, lesser=any(facts[one].is_lesser for one in ids))
        for number in numbers:
            answers[number] = sums.of([one for one in asks[number].series_ids if one in facts])
    return answers


def _facts(connection: Connection, ids: Collection[int]) -> dict[int, _Fact]:
    return {
        which: _Fact(bin_s == QUARTER_S, minutes_since or 0, bool(lesser))
        for which, bin_s, minutes_since, lesser in _rows(connection, _FACTS, sorted(ids))
    }


def _groups(
    asks: Sequence[WindowAsk], facts: Mapping[int, _Fact]
) -> dict[tuple[Span, ...], list[int]]:
    """The places of the asks by the spans that are read for them."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    last: tuple[tuple[Span, ...], bool, int] | None = None
    numbers: list[int] = []
    for number, ask in enumerate(asks):
        members = [facts[one] for one in ask.series_ids if one in facts]
        if not members or not ask.spans:
            continue
        is_coarse = any(member.is_coarse for member in members)
        minutes_since = max(member.minutes_since for member in members)
        # Mostly all spans are alike, and to compare them with the last is faster than to hash.
        if (ask.spans, is_coarse, minutes_since) != last:
            last = (ask.spans, is_coarse, minutes_since)
            aligned = _aligned(ask.spans, minutes_since, is_coarse=is_coarse)
            numbers = groups.setdefault(aligned, [])
        numbers.append(number)
    return groups


def _rows(
    connection: Connection, statement: str, ids: Sequence[int], bounds: Any = None
) -> Sequence[Any]:
    """The driver's own rows: wrapping thousands of them takes as long as reading them."""
    if not ids:
        return []
    result = connection.exec_driver_sql(statement.replace("<members>", _members(ids)), bounds)
    rows = result.cursor.fetchall()
    result.close()
    return rows


def _members(ids: Sequence[int]) -> str:
    """The condition on ascending ids; a list is looked through once for every part."""
    if ids[-1] - ids[0] == len(ids) - 1:
        return f"BETWEEN {ids[0]} AND {ids[-1]}"
    return f"IN ({', '.join(map(str, ids))})"


def _aligned(spans: tuple[Span, ...], minutes_since: int, *, is_coarse: bool) -> tuple[Span, ...]:
    """The spans moved down to bins that the series have: whole minutes or quarter hours."""

    def down(at: int) -> int:
        return floor(at, QUARTER_S if is_coarse or at < minutes_since else MINUTE_S)

    return tuple(Span(down(span.since), down(span.until)) for span in spans)


def _sums(
    connection: Connection, ids: Sequence[int], spans: tuple[Span, ...], *, lesser: bool
) -> _Sums:
    names = SUMMED if lesser else _PLAIN
    plan = plan_of(spans)
    sums = _Sums(ids, plan, len(names))
    for start in range(0, len(plan.parts), _BRANCHES_A_STATEMENT):
        some = plan.parts[start : start + _BRANCHES_A_STATEMENT]
        levels = tuple(part.level_s for part in some)
        statement, order = _statement(connection.dialect, start, levels, names)
        bounds: dict[str, int] = {}
        for number, part in enumerate(some):
            bounds[f"since_{number}"], bounds[f"until_{number}"] = part.since, part.until
        given = bounds if order is None else tuple(bounds[name] for name in order)
        sums.add(_rows(connection, statement, ids, given))
    return sums


@lru_cache(maxsize=256)
def _statement(
    dialect: Dialect, first: int, levels: tuple[int, ...], names: tuple[str, ...]
) -> tuple[str, tuple[str, ...] | None]:
    """One UNION ALL over the parts, and the order of its bounds where they go by position."""
    branches = (
        _branch(first + number, level_s, names).where(
            TALLIES[level_s].c.at >= bindparam(f"since_{number}"),
            TALLIES[level_s].c.at < bindparam(f"until_{number}"),
        )
        for number, level_s in enumerate(levels)
    )
    compiled: Any = union_all(*branches).compile(dialect=dialect)
    order = compiled.positiontup
    return str(compiled), None if order is None else tuple(order)


def _branch(part: int, level_s: int, names: tuple[str, ...]) -> Select[Any]:
    table = TALLIES[level_s]
    sums = (_summed(table.c[name]) for name in names)
    return (
        select(literal_column(str(part)), series.c.id, *sums)
        .select_from(series.join(table, table.c.series_id == series.c.id))
        .where(text(_MEMBERS))
        .group_by(series.c.id)
    )


def _summed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum as a double: PostgreSQL sums BIGINT into NUMERIC, which Python reads slowly."""
    total = func.sum(column)
    return cast(total, Double) if str(column).endswith("_s") else total


class _Sums:
    """The sums of each part and series, and of each span and set of series."""

    def __init__(self, ids: Sequence[int], plan: Plan, width: int) -> None:
        """Start with nothing measured anywhere; `ids` ascend."""
        self._ids = np.array(ids, np.int64)
        self._place = {one: number for number, one in enumerate(ids)}
        self._plan = plan
        # The last column counts rows: none is the difference between unmeasured and zero.
        self._sums = np.zeros((len(plan.parts), len(ids), width + 1))
        self._spans: tuple[Reals, list[list[list[float]]]] | None = None

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take in what the statement found: part, series, sums."""
        width = self._sums.shape[2] + 1
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
        found = flat.reshape(-1, width)
        columns = np.searchsorted(self._ids, found[:, 1])
        parts = found[:, 0].astype(np.int64)
        self._sums[parts, columns, :-1] = found[:, 2:]
        self._sums[parts, columns, -1] = 1

    def of(self, ids: Sequence[int]) -> list[Tally | None]:
        """The tally of these series over each span; None where none of them has a row."""
        if self._spans is None:
            self._spans = self._by_series()
        together, alone = self._spans
        places = [self._place[one] for one in ids]
        if len(places) == 1:
            return [_tally(sums) for sums in alone[places[0]]]
        return [_tally(sums) for sums in together[places].sum(axis=0).tolist()]

    def _by_series(self) -> tuple[Reals, list[list[list[float]]]]:
        """For each series the sums of each span, as one array and as lists of it."""
        parts, many, width = self._sums.shape
        summed = self._plan.shares @ self._sums.reshape(parts, many * width)
        together = summed.reshape(-1, many, width).transpose(1, 0, 2)
        return together, together.tolist()


def _tally(sums: Sequence[float]) -> Tally | None:
    if not sums[-1]:
        return None
    if len(sums) == len(_PLAIN) + 1:
        return Tally(sums[0], sums[1], int(sums[2]))
    good, total, observed_s, excluded_good, excluded_total, *rest, _ = sums
    excluded_s, partial_s, estimated_s, conflict_s = map(int, rest)
    counts = (good, total, int(observed_s), excluded_good, excluded_total, excluded_s)
    return Tally(*counts, partial_s, estimated_s, conflict_s)
